"""Lists: pages, sorts, filters and ids against the plain model."""

from typing import Any

import pytest

from shared import authors, books
from shared.database import Connection
from shared.models import AuthorCreate, BookCreate
from tests.model import SORTS, Model, page
from tests.shared.conftest import BOOKS
from tests.shared.listed import BOTH_WAYS, QUERIES, listed


@pytest.mark.parametrize(("name", "sort"), BOTH_WAYS)
def test_pages_are_sorted_and_equal_ones_by_id(
    connection: Connection, model: Model, name: str, sort: str
) -> None:
    for offset in (0, 7, BOOKS - 4):
        found = listed(connection, name, sort=sort, offset=offset, limit=30)
        assert found.records == model.listed(name, sort, 30, offset)
        assert found.more == bool(model.listed(name, sort, 1, offset + 30))


def test_a_page_knows_whether_more_follows(connection: Connection) -> None:
    assert listed(connection, "author", limit=29).more
    assert not listed(connection, "author", limit=30).more
    assert not listed(connection, "author", limit=31).more
    assert listed(connection, "author", offset=100) == ([], False, ())


FILTERS: list[tuple[str, dict[str, Any]]] = [
    ("book", {"author_id": 2}),
    ("book", {"author_id": 99_999}),
    ("book", {"genre": "Databases"}),
    ("book", {"genre": "databases"}),
    ("book", {"min_price": 29.99}),
    ("book", {"max_price": 29.99}),
    ("book", {"min_price": 29.99, "max_price": 29.99}),
    ("book", {"min_price": 70, "max_price": 10}),
    ("book", {"search": "python"}),
    ("book", {"search": "PYTHON"}),
    ("book", {"search": "reading on "}),
    ("book", {"search": "%_%"}),
    ("book", {"search": "Pyt\\"}),
    ("book", {"search": "'; --"}),
    ("book", {"genre": "Science", "min_price": 20, "search": "Optics"}),
    ("book", {"author_id": 1, "genre": "Programming", "max_price": 35}),
    ("order", {"customer_id": 2}),
    ("order", {"customer_id": 2, "status": "delivered"}),
    ("order", {"status": "pending"}),
    ("order", {"status": "cancelled"}),
]


@pytest.mark.parametrize(("name", "filters"), FILTERS)
@pytest.mark.parametrize("sort_last", [False, True])
def test_filters(
    connection: Connection, model: Model, name: str, filters: dict[str, Any], sort_last: bool
) -> None:
    sort = f"-{SORTS[name][-1]}" if sort_last else "id"
    found = listed(connection, name, sort=sort, limit=100, **filters)
    assert found.records == model.listed(name, sort, 100, **filters)


def test_a_search_does_not_run_from_the_title_into_the_description(connection: Connection) -> None:
    assert listed(connection, "book", search="Python Programming").records
    assert not listed(connection, "book", search="ProgrammingFrom the first").records


def test_a_search_folds_case_as_unicode_does(connection: Connection) -> None:
    book = {"title": "Die STRASSE", "isbn": "080442957X", "price": 1, "genre": "Art"}
    made = books.create_book(
        connection, BookCreate(**book, publication_date="2024-01-01", author_id=1)
    )
    for text in ("straße", "Straße", "STRASSE"):
        assert [found["id"] for found in listed(connection, "book", search=text).records] == [
            made["id"]
        ]


@pytest.mark.parametrize("name", QUERIES)
def test_ids_are_answered_in_their_order(connection: Connection, model: Model, name: str) -> None:
    ids = [7, 3, 99_999, 3, 1, 7]
    found = listed(connection, name, ids=ids)
    assert found == (model.by_ids(name, ids), False, ())
    assert [record["id"] for record in found.records] == [7, 3, 1]
    assert listed(connection, name, ids=[99_999]).records == []


def test_a_hundred_ids(connection: Connection, model: Model) -> None:
    ids = list(range(150, 50, -1))
    assert listed(connection, "book", ids=ids).records == model.by_ids("book", ids)


def test_text_sorts_by_code_point_on_every_database(connection: Connection) -> None:
    names = ["Ångström", "abc", "Zoe", "_", "É", "e", "ß", "Z", "😀", "a b", "ab"]
    for number, name in enumerate(names):
        new = AuthorCreate(name=name, email=f"sorted{number}@example.com")
        authors.create_author(connection, new)
    found = [record["name"] for record in listed(connection, "author", sort="name", limit=100)[0]]
    assert found == sorted(found)
    assert page([{"id": i, "name": n} for i, n in enumerate(found)], "name")[0]["name"] == found[0]
