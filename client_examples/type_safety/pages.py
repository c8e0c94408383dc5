"""The author's page by generated types, once per API: what a type checker is asked about.

These are texts, as what they import is generated from a contract, and then from its changed copy.
"""

REST = """\
import requests

from rest_types import Author, Book


def author_page(url: str) -> dict[str, object]:
    author = Author.model_validate(requests.get(f"{url}/authors/1").json())
    answer = requests.get(f"{url}/authors/1/books").json()
    books = [Book.model_validate(book) for book in answer]
    shown = [{"title": book.title, "price": book.price} for book in books]
    return {"name": author.name, "books": shown}
"""

GRAPHQL = """\
from graphql_types import Client


def author_page(url: str) -> dict[str, object]:
    author = Client(url=f"{url}/graphql").author_page(id=1).author
    assert author is not None
    shown = [{"title": book.title, "price": book.price} for book in author.books]
    return {"name": author.name, "books": shown}
"""

# What a page reads of books of which it asked for title, price and genre: one member that it
# asked for, and one that it did not.
REST_SELECTED = """\
from rest_types import BookSelection


def titles(books: list[BookSelection]) -> list[str]:
    return [book.title for book in books]


def isbns(books: list[BookSelection]) -> list[str]:
    return [book.isbn for book in books]
"""

GRAPHQL_SELECTED = """\
from graphql_types import AuthorPageAuthorBooks


def titles(books: list[AuthorPageAuthorBooks]) -> list[str]:
    return [book.title for book in books]


def isbns(books: list[AuthorPageAuthorBooks]) -> list[str]:
    return [book.isbn for book in books]
"""

# What reads a deprecated field, an order's `item_count`.
REST_DEPRECATED = """\
from rest_types import OrderSummary


def items(order: OrderSummary) -> int:
    return order.item_count
"""

DEPRECATED_QUERY = "query Items { order(id: 1) { itemCount } }"
GRAPHQL_DEPRECATED = """\
from graphql_types import ItemsOrder


def items(order: ItemsOrder) -> int:
    return order.item_count
"""
