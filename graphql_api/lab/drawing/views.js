// The screens as a reader sees them, drawn from the view: the same on both sides.

import { h } from "./dom.js";

const DRAWN = {
  "author-page": authorPage,
  "order-history": orderHistory,
  "book-list": bookList,
  "search-results": searchResults,
  storefront,
};

/** The screen of this name. */
export function drawn(screen, view) {
  return h("div", { className: "view" }, DRAWN[screen](view));
}

function authorPage({ name, email, books }) {
  return [
    h("h4", {}, name),
    h("p", { className: "quiet" }, email),
    table(["Title", "Genre", "Price"], books.map((one) => [one.title, one.genre, money(one.price)])),
  ];
}

function orderHistory(orders) {
  return orders.map(({ date, status, items }) => h("article", {},
    h("h4", {}, day(date), " ", badge(status)),
    table(
      ["Copies", "Title", "Price"],
      items.map((item) => [`${item.quantity} ×`, item.title, money(item.price)]),
    )));
}

function bookList(books) {
  return table(["Title", "Price"], books.map((book) => [book.title, money(book.price)]));
}

function searchResults(books) {
  return table(
    ["Title", "Author", "Price"], books.map((one) => [one.title, one.author, money(one.price)]),
  );
}

function storefront({ newest, cheapest, latest_order: order }) {
  const shelves = [
    ["New", newest],
    ...Object.entries(cheapest).map(([genre, books]) => [`${genre}, cheapest`, books]),
  ];
  return [
    h("article", {},
      h("h4", {}, "Your latest order ", badge(order.status)),
      h("p", {}, `${day(order.date)}, ${money(order.total)}`)),
    ...shelves.map(([name, books]) => h("article", {}, h("h4", {}, name), bookList(books))),
  ];
}

function table(headings, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, headings.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))));
}

const badge = (status) => h("span", { className: "badge" }, status);
const money = (amount) => amount.toFixed(2);
const day = (instant) => instant.slice(0, 10);
