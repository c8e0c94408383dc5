"""An author's page: name and email, and title, price and genre of the books."""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint
from client_examples.comparison.screens.repricing import reprice

AUTHOR = 1
QUERY = compact("""
    query AuthorPage($id: Int!) {
      author(id: $id) { name email books { title price genre } }
    }
""")

screen = Screen("author-page", f"author {AUTHOR} with the books' titles, prices and genres")


def view(author: View, books: View) -> View:
    """The page, from an author and the books."""
    shown = [{name: book[name] for name in ("title", "price", "genre")} for book in books]
    return {"name": author["name"], "email": author["email"], "books": shown}


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """The author, then the books."""
    author = api.get(f"/authors/{AUTHOR}")
    books = api.get(f"/authors/{AUTHOR}/books")
    return view(author, books)


@screen.rest("parallel")
def parallel(api: RestApi) -> View:
    """The author and the books side by side, as the id is known from the start."""
    author, books = api.get_all([f"/authors/{AUTHOR}", f"/authors/{AUTHOR}/books"])
    return view(author, books)


@screen.rest("fields")
def fields(api: RestApi) -> View:
    """One request that names what the page shows."""
    author = api.get(f"/authors/{AUTHOR}", fields="name,email,books.title,books.price,books.genre")
    return view(author, author["books"])


@by_every_endpoint(screen)
def graphql(api: GraphqlApi) -> View:
    """One query for the author and the books."""
    author = api.query(QUERY, id=AUTHOR)["author"]
    return view(author, author["books"])


@screen.change
def another_price(api: RestApi) -> None:
    """The author's first book gets another price."""
    reprice(api, api.get(f"/authors/{AUTHOR}/books", limit=1)[0]["id"])
