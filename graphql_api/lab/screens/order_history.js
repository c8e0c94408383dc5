// client_examples/comparison/screens/order_history.py, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.
import { inTurn, zip } from "../loading/helpers.js";

const CUSTOMER = 1;
const QUERY = "query OrderHistory($id: Int!) { customer(id: $id) { orders { orderDate status items { quantity price book { title } } } } }";
const FIELDS = "orders.order_date,orders.status,orders.items.quantity,orders.items.price,orders.items.book.title";

/** The page, from full orders and the books by id. */
function view(orders, books) {
  return orders.map((order) => ({
    date: order.order_date,
    status: order.status,
    items: order.items.map((item) => ({
      quantity: item.quantity,
      price: item.price,
      title: books[item.book_id].title,
    })),
  }));
}

/** The same page, from orders whose items hold their books' titles. */
function nested_view(orders, date) {
  return orders.map((order) => ({
    date: order[date],
    status: order.status,
    items: order.items.map((item) => ({
      quantity: item.quantity,
      price: item.price,
      title: item.book.title,
    })),
  }));
}

/** The books of all items, each once. */
function book_ids(orders) {
  return [...new Set(orders.flatMap((order) => order.items.map((item) => item.book_id)))];
}

/** The history, then each order, then each book: one after the other. */
export async function textbook(api) {
  const history = await api.get(`/customers/${CUSTOMER}/orders`);
  const orders = await inTurn(history, async (summary) => await api.get(`/orders/${summary.id}`));
  const books = Object.fromEntries(await inTurn(book_ids(orders), async (book_id) => [book_id, await api.get(`/books/${book_id}`)]));
  return view(orders, books);
}

/** The history, then all orders side by side, then all books side by side. */
export async function parallel(api) {
  const history = await api.get(`/customers/${CUSTOMER}/orders`);
  const orders = await api.getAll(history.map((summary) => `/orders/${summary.id}`));
  const ids = book_ids(orders);
  const books = await api.getAll(ids.map((book_id) => `/books/${book_id}`));
  return view(orders, Object.fromEntries(zip(ids, books)));
}

/** The customer's orders with their items, then all their books by one list of ids. */
export async function batched(api) {
  const orders = await api.get("/orders", { customer_id: CUSTOMER });
  const ids = book_ids(orders);
  const books = ids.length ? await api.get("/books", { ids }) : [];
  return view(orders, Object.fromEntries(zip(ids, books)));
}

/** One request that names what the page shows, across three relations. */
export async function fields(api) {
  return nested_view((await api.get(`/customers/${CUSTOMER}`, { fields: FIELDS })).orders, "order_date");
}

/** One query across three relations, to the books' titles. */
export async function graphql(api, customer = CUSTOMER) {
  return nested_view((await api.query(QUERY, { id: customer })).customer.orders, "orderDate");
}
