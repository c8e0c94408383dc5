// client_examples/comparison/screens/author_page.py, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.

const AUTHOR = 1;
const QUERY = "query AuthorPage($id: Int!) { author(id: $id) { name email books { title price genre } } }";

/** The page, from an author and the books. */
function view(author, books) {
  const shown = books.map((book) => Object.fromEntries(["title", "price", "genre"].map((name) => [name, book[name]])));
  return { name: author.name, email: author.email, books: shown };
}

/** The author, then the books. */
export async function textbook(api) {
  const author = await api.get(`/authors/${AUTHOR}`);
  const books = await api.get(`/authors/${AUTHOR}/books`);
  return view(author, books);
}

/** The author and the books side by side, as the id is known from the start. */
export async function parallel(api) {
  const [author, books] = await api.getAll([`/authors/${AUTHOR}`, `/authors/${AUTHOR}/books`]);
  return view(author, books);
}

/** One request that names what the page shows. */
export async function fields(api) {
  const author = await api.get(`/authors/${AUTHOR}`, { fields: "name,email,books.title,books.price,books.genre" });
  return view(author, author.books);
}

/** One query for the author and the books. */
export async function graphql(api) {
  const author = (await api.query(QUERY, { id: AUTHOR })).author;
  return view(author, author.books);
}
