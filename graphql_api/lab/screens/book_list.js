// client_examples/comparison/screens/book_list.py, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.

const BOOKS = 20;
const QUERY = "query BookList($limit: Int!) { books(limit: $limit) { title price } }";

/** The page, from books. */
function view(books) {
  return books.map((book) => ({ title: book.title, price: book.price }));
}

/** The books with all their fields. */
export async function textbook(api) {
  return view(await api.get("/books", { limit: BOOKS }));
}

/** The books with the two fields that the page shows. */
export async function fields(api) {
  return view(await api.get("/books", { limit: BOOKS, fields: "title,price" }));
}

/** One query for two fields of the books. */
export async function graphql(api) {
  return view((await api.query(QUERY, { limit: BOOKS })).books);
}
