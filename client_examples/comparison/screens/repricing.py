"""The change that another client makes between two visits: a book's price, for a while."""

from client_examples.comparison.arms.api import RestApi


def reprice(api: RestApi, book: int) -> None:
    """Give the book another price, and its own again afterwards."""
    path = f"/books/{book}"
    price = api.get(path, fields="price")["price"]
    api.afterwards(lambda: api.patch(path, {"price": price}))
    api.patch(path, {"price": round(price + 1, 2)})
