// client_examples/comparison/screens/search_results.py, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.
import { inTurn, zip } from "../loading/helpers.js";

const WORD = "Python";
const LIMIT = 20;
const FIELDS = "title,price,author.name";
const QUERY = "query SearchResults($word: String!, $limit: Int!) { searchBooks(query: $word, limit: $limit) { title price author { name } } }";

/** The page, from books and the authors by id. */
function view(books, authors) {
  return books.map((book) => ({
    title: book.title,
    price: book.price,
    author: authors[book.author_id].name,
  }));
}

/** The same page, from books that hold their authors. */
function nested_view(books) {
  return books.map((book) => ({ title: book.title, price: book.price, author: book.author.name }));
}

/** The authors of all books, each once. */
function author_ids(books) {
  return [...new Set(books.map((book) => book.author_id))];
}

/** The books, then each author: one after the other. */
export async function textbook(api) {
  const books = await api.get("/books", { search: WORD, limit: LIMIT });
  const authors = Object.fromEntries(await inTurn(author_ids(books), async (author_id) => [author_id, await api.get(`/authors/${author_id}`)]));
  return view(books, authors);
}

/** The books, then all authors side by side. */
export async function parallel(api) {
  const books = await api.get("/books", { search: WORD, limit: LIMIT });
  const ids = author_ids(books);
  const authors = await api.getAll(ids.map((author_id) => `/authors/${author_id}`));
  return view(books, Object.fromEntries(zip(ids, authors)));
}

/** The books, then all their authors by one list of ids. */
export async function batched(api) {
  const books = await api.get("/books", { search: WORD, limit: LIMIT });
  const ids = author_ids(books);
  const authors = ids.length ? await api.get("/authors", { ids }) : [];
  return view(books, Object.fromEntries(zip(ids, authors)));
}

/** One request that names what the page shows, the author's name among it. */
export async function fields(api) {
  return nested_view(await api.get("/books", { search: WORD, limit: LIMIT, fields: FIELDS }));
}

/** One query for the books and their authors' names. */
export async function graphql(api) {
  return nested_view((await api.query(QUERY, { word: WORD, limit: LIMIT })).searchBooks);
}
