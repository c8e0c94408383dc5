// The counters: what each side took, and how many times as much.

import { h } from "./dom.js";
import { ms, times, whole } from "./numbers.js";
import { NAMES } from "../names.js";

const COUNTERS = [
  ["requests", "Requests", (side) => side.counts?.requests ?? side.exchanges.length, whole],
  ["steps", "Sequential steps", (side) => side.counts?.steps, whole],
  ["bytes", "Bytes of bodies", (side) => side.counts?.bytes, whole],
  ["statements", "SQL statements", (side) => side.counts?.statements, whole],
  ["ms", "Milliseconds, once", (side) => side.ms ?? performance.now() - side.began, ms],
];

/** Draw the counters of two sides, each of them done, under way or still to come (null). */
export function drawCounters(table, arms, sides) {
  const headings = Object.entries(arms).map(([side, arm]) =>
    h("th", { scope: "col", className: side }, NAMES[side], " ",
      h("small", {}, arm.name.slice(side.length + 1))));
  table.replaceChildren(
    h("thead", {}, h("tr", {}, h("td"), headings, h("th", { scope: "col" }, "Takes more"))),
    h("tbody", {}, COUNTERS.map((counter) => row(counter, sides))),
  );
}

function row([name, title, valueOf, written], sides) {
  const values = Object.entries(sides).map(([side, one]) => [side, one ? valueOf(one) : null]);
  return h("tr", { dataset: { counter: name } },
    h("th", { scope: "row" }, title),
    values.map(([side, value]) => h("td", { className: side, dataset: { side } },
      value === undefined ? "…" : written(value))),
    ratio(values, Object.values(sides).every((side) => side?.counts)));
}

function ratio(values, areDone) {
  const [[more, most], [, least]] = values.toSorted(([, one], [, other]) => other - one);
  if (!areDone || !least) return h("td", { className: "ratio" }); // or it is not known
  const text = times(most / least);
  if (text === times(1)) return h("td", { className: "ratio quiet" }, "same");
  return h("td", { className: `ratio ${more}` }, h("small", {}, NAMES[more]), ` ${text}`);
}
