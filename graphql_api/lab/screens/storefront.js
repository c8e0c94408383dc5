// client_examples/comparison/screens/storefront.py, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.
import { Get } from "../loading/api.js";
import { inTurn } from "../loading/helpers.js";

const CUSTOMER = 1;
const BOOKS = 5;
const GENRES = ["Programming", "Travel"];
const QUERY = "query Storefront($books: Int!, $first: String!, $second: String!, $customer: Int!) { newest: books(sort: PUBLICATION_DATE_DESC, limit: $books) { title price } first: books(filter: {genre: $first}, sort: PRICE, limit: $books) { title price } second: books(filter: {genre: $second}, sort: PRICE, limit: $books) { title price } customer(id: $customer) { orders(sort: ORDER_DATE_DESC, limit: 1) { orderDate status totalAmount } } }";

/** The page, from three lists of books and an order as it is shown. */
function view(newest, first, second, latest_order) {
  return {
    newest: shown(newest),
    cheapest: { [GENRES[0]]: shown(first), [GENRES[1]]: shown(second) },
    latest_order,
  };
}

/** Title and price of each book. */
function shown(books) {
  return books.map((book) => ({ title: book.title, price: book.price }));
}

/** The latest order, from the first page of the customer's orders. */
function rest_order(orders) {
  const order = orders[0];
  return {
    date: order.order_date,
    status: order.status,
    total: order.total_amount,
  };
}

/** What the page needs, none of which waits for another. */
function requests(book_fields = null, order_fields = null) {
  const cut = { limit: BOOKS, fields: book_fields };
  return [
    new Get("/books", { sort: "-publication_date", ...cut }),
    ...GENRES.map((genre) => new Get("/books", { genre, sort: "price", ...cut })),
    new Get(`/customers/${CUSTOMER}/orders`, { sort: "-order_date", limit: 1, fields: order_fields }),
  ];
}

/** Each part of the page, one after the other. */
export async function textbook(api) {
  const [newest, first, second, orders] = await inTurn(requests(), async (one) => await api.get(one.path, one.params));
  return view(newest, first, second, rest_order(orders));
}

/** All parts of the page side by side. */
export async function parallel(api) {
  const [newest, first, second, orders] = await api.getAll(requests());
  return view(newest, first, second, rest_order(orders));
}

/** All parts side by side, each with the fields that the page shows. */
export async function fields(api) {
  const [newest, first, second, orders] = await api.getAll(requests("title,price", "order_date,status,total_amount"));
  return view(newest, first, second, rest_order(orders));
}

/** One query with all parts of the page. */
export async function graphql(api) {
  const genres = { first: GENRES[0], second: GENRES[1] };
  const page = await api.query(QUERY, { books: BOOKS, customer: CUSTOMER, ...genres });
  const order = page.customer.orders[0];
  const latest = {
    date: order.orderDate,
    status: order.status,
    total: order.totalAmount,
  };
  return view(page.newest, page.first, page.second, latest);
}
