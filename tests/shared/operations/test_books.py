"""What books have of their own: authors, cents, and what a search looks in."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.database import Connection
from shared.errors import NotFound, UnknownReference
from shared.models import BookCreate, BookUpdate
from shared.operations import books
from shared.reading.listing import BookQuery
from tests.model import Model

Refused = Callable[..., Any]


def new_book(**values: Any) -> BookCreate:
    book = {"title": "New", "isbn": "080442957X", "price": 1, "genre": "Art", "author_id": 1}
    return BookCreate(**{**book, "publication_date": "2024-01-01", **values})


def found(connection: Connection, text: str) -> list[int]:
    page = books.list_books(connection, BookQuery(search=text, limit=100))
    return [book["id"] for book in page.records]


def test_an_author_that_does_not_exist_is_named(refused: Refused) -> None:
    says = "^author_id must be the id of an existing author, got 99999$"
    with refused(UnknownReference, says) as connection:
        books.create_book(connection, new_book(author_id=99_999))
    with refused(UnknownReference, says) as connection:
        books.replace_book(connection, 1, new_book(author_id=99_999))
    with refused(UnknownReference, says) as connection:
        books.update_book(connection, 1, BookUpdate(author_id=99_999))


def test_a_search_finds_what_was_written(connection: Connection) -> None:
    book = books.create_book(connection, new_book(title="Quillwork", description="Of Porcupines"))
    assert found(connection, "quillwork") == found(connection, "PORCUPINE") == [book["id"]]
    books.update_book(connection, book["id"], BookUpdate(title="Beadwork"))
    assert found(connection, "quillwork") == []
    assert found(connection, "beadwork") == found(connection, "porcupine") == [book["id"]]
    books.update_book(connection, book["id"], BookUpdate(description=None))
    assert found(connection, "porcupine") == []
    assert found(connection, "beadwork") == [book["id"]]
    books.replace_book(connection, book["id"], new_book(title="Third", description="Zanthoxylum"))
    assert found(connection, "beadwork") == []
    assert found(connection, "zanthoxylum") == [book["id"]]
    books.update_book(connection, book["id"], BookUpdate(price=5))
    assert found(connection, "zanthoxylum") == [book["id"]]
    books.delete_book(connection, book["id"])
    assert found(connection, "zanthoxylum") == []


@pytest.mark.parametrize("price", [0.0, 0.01, 0.29, 1.1, 19.99, 1.15, 4.35, 999_999.99, 1e6])
def test_a_price_comes_back_as_it_was_given(connection: Connection, price: float) -> None:
    book = books.create_book(connection, new_book(price=price))
    assert book["price"] == price
    again = books.list_books(connection, BookQuery(min_price=price, max_price=price, limit=100))
    assert book["id"] in [one["id"] for one in again.records]


def test_the_books_of_an_author(connection: Connection, model: Model) -> None:
    query = BookQuery(author_id=1, sort="-price")
    assert books.list_books_of_author(connection, 1, query).records == model.related(
        "book", 1, "-price"
    )


def test_the_books_of_nobody(connection: Connection) -> None:
    empty = books.list_books_of_author(connection, 1, BookQuery(author_id=1, genre="Nothing"))
    assert empty == ([], False, ())
    with pytest.raises(NotFound, match="there is no author with id 99999"):
        books.list_books_of_author(connection, 99_999, BookQuery(author_id=99_999))
