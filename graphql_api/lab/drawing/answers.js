// An answer as a tree: bold is what the screen used, grey is what it did not need.

import { h, styled } from "./dom.js";
import { bytesOf, contentOf, Leaf, leavesIn, overFetch } from "../loading/leaves.js";
import { count, ms, percent } from "./numbers.js";
import { summary } from "./waterfall.js";

/** What one exchange sent and brought, and the statements that it took if they are told. */
export function drawnAnswer(exchange) {
  const sizes = bytesOf(leavesIn(contentOf(exchange)));
  return [
    h("h4", {}, h("code", {}, exchange.label)),
    h("p", { className: "quiet" }, summary(exchange)),
    exchange.document ? drawnQuery(exchange) : null,
    shareBar(overFetch(sizes)),
    drawnStatements(exchange),
    h("div", { className: "tree" }, node(null, exchange.tree)),
  ];
}

/** The share that was not needed, in words and as a bar. */
export function shareBar(share) {
  const text = share ? `${percent(share)} of the values’ bytes not needed` : "every value was needed";
  const bar = styled(h("span", { className: "share", ariaHidden: "true" }), { share });
  return h("p", { className: "needed" }, bar, text);
}

function drawnQuery({ document, variables }) {
  return h("details", {},
    h("summary", {}, "The query that was sent"),
    h("pre", {}, document, "\n\n", JSON.stringify(variables)));
}

function node(name, value) {
  const label = name === null ? [] : [h("span", { className: "name" }, name), ": "];
  if (value instanceof Leaf) {
    const className = value.used ? "leaf used" : "leaf";
    return h("div", { className }, label, h("span", { className: "value" }, value.text));
  }
  const isList = Array.isArray(value);
  const members = isList ? value.map((one) => [null, one]) : Object.entries(value);
  const used = leavesIn(value).some((leaf) => leaf.used);
  const head = h("summary", { className: used ? "used" : "" }, label, shape(value, isList));
  return h("details", { open: true }, head, members.map(([key, one]) => node(key, one)));
}

function shape(value, isList) {
  const inside = h("span", { className: "shape" });
  inside.textContent = isList ? `[${value.length}]` : `{${Object.keys(value).length}}`;
  return inside;
}

function drawnStatements({ trace, statements }) {
  if (!statements) return null;
  if (!trace) {
    return h("p", { className: "quiet" },
      "Start the servers with ", h("code", {}, "BOOKSTORE_TRACE=1"), " to see the SQL statements here.");
  }
  const rows = trace.statements.map(([text, time]) => h("li", {},
    h("code", {}, trace.texts[text]), h("span", { className: "quiet" }, ` ${ms(time)} ms`)));
  const more = trace.more ? h("p", {}, `and ${count(trace.more, "statement")} more`) : null;
  return h("details", { className: "statements" },
    h("summary", {}, count(statements, "SQL statement")), h("ol", {}, rows), more);
}
