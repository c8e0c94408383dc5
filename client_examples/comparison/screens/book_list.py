"""A page of 20 books: title and price. One request for everybody; what differs is its size."""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint
from client_examples.comparison.screens.repricing import reprice

BOOKS = 20
QUERY = compact("query BookList($limit: Int!) { books(limit: $limit) { title price } }")

screen = Screen("book-list", f"{BOOKS} books, title and price")


def view(books: View) -> View:
    """The page, from books."""
    return [{"title": book["title"], "price": book["price"]} for book in books]


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """The books with all their fields."""
    return view(api.get("/books", limit=BOOKS))


@screen.rest("fields")
@screen.rest("etag", caches=True)
def fields(api: RestApi) -> View:
    """The books with the two fields that the page shows."""
    return view(api.get("/books", limit=BOOKS, fields="title,price"))


@by_every_endpoint(screen, relations=False)
@screen.graphql("persisted-get", caches=True)
def graphql(api: GraphqlApi) -> View:
    """One query for two fields of the books."""
    return view(api.query(QUERY, limit=BOOKS)["books"])


@screen.change
def another_price(api: RestApi) -> None:
    """The first book shown gets another price."""
    reprice(api, api.get("/books", limit=1)[0]["id"])
