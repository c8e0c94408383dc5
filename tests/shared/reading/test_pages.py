"""Lists: pages, sorts, filters and ids against the plain model."""

from typing import Any

import pytest

from shared.database import Connection
from shared.models import AuthorCreate, BookCreate
from shared.operations import authors, books
from shared.reading import fetching
from shared.reading.access_paths import limits_of_few
from shared.reading.cursors import Position, encode_cursor
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


RANGES: list[dict[str, Any]] = [
    {}, {"min_price": 29.99}, {"max_price": 29.99}, {"min_price": 20, "max_price": 40}
]  # fmt: skip
TWO_WAYS = [
    {**genre, **search, **prices}
    for genre in ({}, {"genre": "Databases"})
    for search in ({}, {"search": "read"}, {"search": "SQL "})
    for prices in RANGES
    if search or prices
]


@pytest.fixture(scope="module")
def rows_of(model: Model) -> dict[str, list[list[Any]]]:
    """The rows of TWO_WAYS in the order of each sort."""
    return {
        sort: [model.listed("book", sort, 1_000, **filters) for filters in TWO_WAYS]
        for name, sort in BOTH_WAYS
        if name == "book"
    }


@pytest.mark.parametrize("few", [0, 6, 1_000_000])
@pytest.mark.parametrize("sort", [sort for name, sort in BOTH_WAYS if name == "book"])
def test_a_page_is_the_same_whichever_way_is_taken_to_it(
    connection: Connection,
    rows_of: dict[str, list[list[Any]]],
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    few: int,
) -> None:
    numbers = dict.fromkeys(limits_of_few(0), few)
    monkeypatch.setattr(fetching, "limits_of_few", lambda _rows: numbers)
    for filters, rows in zip(TWO_WAYS, rows_of[sort], strict=True):
        found = listed(connection, "book", sort=sort, limit=5, after="", **filters)
        assert (found.records, found.more) == (rows[:5], len(rows) > 5)
        if rows:
            after = encode_cursor(sort, found.positions[min(2, len(rows) - 1)])
            behind = listed(connection, "book", sort=sort, limit=4, after=after, **filters)
            assert (behind.records, behind.more) == (rows[3:7], len(rows) > 7)
        deep = listed(connection, "book", sort=sort, limit=3, offset=4, **filters)
        assert (deep.records, deep.more) == (rows[4:7], len(rows) > 7)


def test_a_cursor_from_before_a_price_range_leads_into_it(
    connection: Connection, model: Model
) -> None:
    for sort, key in (("price", 0), ("-price", 99_999)):
        after = encode_cursor(sort, Position(key, 1))
        prices: dict[str, Any] = {"min_price": 20, "max_price": 40}
        found = listed(connection, "book", sort=sort, limit=9, after=after, **prices)
        assert found.records == model.listed("book", sort, 9, **prices)


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
