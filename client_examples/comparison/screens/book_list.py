"""A page of 20 books: title and price. One request for everybody; what differs is its size."""

from client_examples.comparison.api import GraphqlApi, RestApi
from client_examples.comparison.arms import Screen, View, compact

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
def fields(api: RestApi) -> View:
    """The books with the two fields that the page shows."""
    return view(api.get("/books", limit=BOOKS, fields="title,price"))


@screen.graphql("dataloader")
@screen.graphql("unbatched", path="/graphql/unbatched")
def graphql(api: GraphqlApi) -> View:
    """One query; as it asks for no relation, both endpoints should take one statement."""
    return view(api.query(QUERY, limit=BOOKS)["books"])
