"""A book with every field it has: one resource of one server, where REST has nothing to lose."""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint
from client_examples.comparison.screens.repricing import reprice

BOOK = 1
QUERY = compact("""
    query BookDetail($id: Int!) {
      book(id: $id) {
        id title isbn price publicationDate authorId genre description stock
      }
    }
""")

screen = Screen("book-detail", f"book {BOOK} with every field")


@screen.rest("textbook")
@screen.rest("etag", caches=True)
def textbook(api: RestApi) -> View:
    """The book; all that its resource has is shown."""
    return api.get(f"/books/{BOOK}")


@by_every_endpoint(screen, relations=False)
@screen.graphql("persisted-get", caches=True)
def graphql(api: GraphqlApi) -> View:
    """One query for every field of the book."""
    book = dict(api.query(QUERY, id=BOOK)["book"])
    book["publication_date"] = book.pop("publicationDate")
    book["author_id"] = book.pop("authorId")
    return book


@screen.change
def another_price(api: RestApi) -> None:
    """The book gets another price."""
    reprice(api, BOOK)
