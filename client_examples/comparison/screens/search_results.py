"""What a search finds: title and price of each book, and who wrote it."""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint

WORD = "Python"
LIMIT = 20
FIELDS = "title,price,author.name"
QUERY = compact("""
    query SearchResults($word: String!, $limit: Int!) {
      searchBooks(query: $word, limit: $limit) { title price author { name } }
    }
""")

screen = Screen("search-results", f"up to {LIMIT} books that match {WORD!r}, with their authors")


def view(books: View, authors: dict[int, View]) -> View:
    """The page, from books and the authors by id."""
    return [
        {
            "title": book["title"],
            "price": book["price"],
            "author": authors[book["author_id"]]["name"],
        }
        for book in books
    ]


def nested_view(books: View) -> View:
    """The same page, from books that hold their authors."""
    return [
        {"title": book["title"], "price": book["price"], "author": book["author"]["name"]}
        for book in books
    ]


def author_ids(books: View) -> list[int]:
    """The authors of all books, each once."""
    return list(dict.fromkeys(book["author_id"] for book in books))


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """The books, then each author: one after the other."""
    books = api.get("/books", search=WORD, limit=LIMIT)
    authors = {author_id: api.get(f"/authors/{author_id}") for author_id in author_ids(books)}
    return view(books, authors)


@screen.rest("parallel")
def parallel(api: RestApi) -> View:
    """The books, then all authors side by side."""
    books = api.get("/books", search=WORD, limit=LIMIT)
    ids = author_ids(books)
    authors = api.get_all([f"/authors/{author_id}" for author_id in ids])
    return view(books, dict(zip(ids, authors, strict=True)))


@screen.rest("batched")
def batched(api: RestApi) -> View:
    """The books, then all their authors by one list of ids."""
    books = api.get("/books", search=WORD, limit=LIMIT)
    ids = author_ids(books)
    authors = api.get("/authors", ids=ids) if ids else []
    return view(books, dict(zip(ids, authors, strict=True)))


@screen.rest("fields")
def fields(api: RestApi) -> View:
    """One request that names what the page shows, the author's name among it."""
    return nested_view(api.get("/books", search=WORD, limit=LIMIT, fields=FIELDS))


@by_every_endpoint(screen)
def graphql(api: GraphqlApi) -> View:
    """One query for the books and their authors' names."""
    return nested_view(api.query(QUERY, word=WORD, limit=LIMIT)["searchBooks"])
