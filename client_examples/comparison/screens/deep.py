"""Four levels, book, author, the author's books, their author: repeated objects weigh here.

An answer that follows relations shows the author again in every book. A client that fetches
resources holds the author already.
"""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint

BOOK = 6  # its author wrote ten
FIELDS = (
    "title,author.name,author.bio,"
    "author.books.title,author.books.price,author.books.author.name,author.books.author.bio"
)
QUERY = compact("""
    query Deep($id: Int!) {
      book(id: $id) {
        title
        author { name bio books { title price author { name bio } } }
      }
    }
""")

screen = Screen("deep", f"book {BOOK}, its author, the author's books, and who wrote each")


def view(book: View, author: View, books: View) -> View:
    """The page, from a book, its author and the author's books."""
    shown = [
        {"title": one["title"], "price": one["price"], "author": card(author)} for one in books
    ]
    return {"title": book["title"], "author": card(author), "books": shown}


def nested_view(book: View) -> View:
    """The same page, from a book that holds all the others."""
    shown = [
        {"title": one["title"], "price": one["price"], "author": card(one["author"])}
        for one in book["author"]["books"]
    ]
    return {"title": book["title"], "author": card(book["author"]), "books": shown}


def card(author: View) -> View:
    """Name and life of an author, as shown beside each book."""
    return {"name": author["name"], "bio": author["bio"]}


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """The book, then the author, then the author's books."""
    book = api.get(f"/books/{BOOK}")
    author = api.get(f"/authors/{book['author_id']}")
    return view(book, author, api.get(f"/authors/{book['author_id']}/books"))


@screen.rest("parallel")
def parallel(api: RestApi) -> View:
    """The book, then the author and the author's books side by side."""
    book = api.get(f"/books/{BOOK}")
    path = f"/authors/{book['author_id']}"
    author, books = api.get_all([path, f"{path}/books"])
    return view(book, author, books)


@screen.rest("fields")
def fields(api: RestApi) -> View:
    """One request that names what the page shows, across three relations."""
    return nested_view(api.get(f"/books/{BOOK}", fields=FIELDS))


@by_every_endpoint(screen)
def graphql(api: GraphqlApi) -> View:
    """One query across three relations."""
    return nested_view(api.query(QUERY, id=BOOK)["book"])
