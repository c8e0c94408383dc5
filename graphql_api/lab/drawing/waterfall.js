// A bar for each request, as it happens: when it was sent and came back, and the server's part.

import { h, styled } from "./dom.js";
import { count, ms, whole } from "./numbers.js";

/**
 * Draw one side's requests.
 *
 * @param {HTMLElement} list where
 * @param {object[]} exchanges those that have been sent
 * @param {number} now milliseconds since the load began
 * @param {Function} chosen called with the exchange that somebody wants to see
 */
export function drawWaterfall(list, exchanges, now, chosen) {
  const sent = exchanges.filter((one) => one.start !== undefined);
  sent.forEach((exchange, index) => {
    const row = list.children[index] ?? list.appendChild(emptyRow());
    fill(row, exchange, now, chosen);
  });
  while (list.children.length > sent.length) list.lastChild.remove();
}

/** Both sides have the same scale: that of the longer one. */
export function setScale(scale, list, longest) {
  styled(list, { longest: Math.max(longest, 1) });
  scale.replaceChildren(h("span", {}, "0"), h("span", {}, `${ms(longest)} ms`));
}

/** Mark the exchange that is looked at. */
export function mark(list, exchange) {
  [...list.querySelectorAll("button")].forEach((button) => {
    button.setAttribute("aria-pressed", String(button.exchange === exchange));
  });
}

function emptyRow() {
  const bar = h("span", { className: "bar" }, h("span", { className: "server" }));
  return h("li", {}, h("button", { type: "button", disabled: true },
    h("span", { className: "label" }),
    h("span", { className: "track", ariaHidden: "true" }, bar),
    h("span", { className: "told" })));
}

function fill(row, exchange, now, chosen) {
  const button = row.firstChild;
  const end = exchange.end ?? now;
  const server = Math.min(exchange.serverMs ?? 0, end - exchange.start);
  styled(button, { start: exchange.start, span: end - exchange.start, server });
  button.classList.toggle("waiting", exchange.end === undefined);
  button.querySelector(".label").textContent = exchange.label;
  button.querySelector(".told").textContent = told(exchange);
  if (exchange.tree && button.exchange !== exchange) {
    button.exchange = exchange;
    button.disabled = false;
    button.title = exchange.label;
    button.setAttribute("aria-pressed", "false");
    button.onclick = () => chosen(exchange);
  }
}

function told(exchange) {
  return exchange.end === undefined ? "…" : `${ms(exchange.end - exchange.start)} ms`;
}

/** What stands above an answer. */
export function summary(exchange) {
  return [
    `${exchange.status}`,
    `${whole(exchange.bytes)} bytes`,
    count(exchange.statements, "SQL statement"),
    `${ms(exchange.serverMs)} ms in the server`,
    exchange.protocol === "h2" ? "HTTP/2" : exchange.protocol.toUpperCase(),
  ].filter(Boolean).join(" · ");
}
