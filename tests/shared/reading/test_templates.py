"""Statements are built for the ways to the rows, not for every selection that clients think of."""

from itertools import permutations

import pytest

from shared.database import Connection
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, Entity
from shared.reading.fetching import fetch_one
from shared.reading.listing import BookQuery, fetch_list
from shared.reading.selection import Constant, Field, Selection, parse_fields
from shared.storage.statements import Compiled


def test_other_members_in_another_order_compile_nothing(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = BookQuery(search="python", min_price=1, sort="title", limit=3)
    every = fetch_list(connection, query, parse_fields(BOOK, ",".join(BOOK.fields))).records
    fetch_list(connection, query, parse_fields(BOOK, "author.name"))
    assert every

    def refuse(*_: object) -> None:
        raise AssertionError("a statement is compiled")

    monkeypatch.setattr(Compiled, "__init__", refuse)
    for names in permutations(("id", "title", "price", "stock", "version"), 3):
        found = fetch_list(connection, query, parse_fields(BOOK, ",".join(names))).records
        assert found == [{name: record[name] for name in names} for record in every]
        assert list(found[0]) == list(names)
    found = fetch_list(connection, query, parse_fields(BOOK, "author.name,genre")).records
    assert [book["genre"] for book in found] == [book["genre"] for book in every]
    assert all(book["author"]["name"] for book in found)


@pytest.mark.parametrize("entity", [AUTHOR, BOOK, CUSTOMER, ORDER], ids=lambda entity: entity.name)
def test_each_column_is_what_it_is_alone(connection: Connection, entity: Entity) -> None:
    every = fetch_one(connection, Selection(entity, [Field(n, n) for n in entity.fields]), 1)
    assert every is not None
    assert None not in every.values()
    for name in entity.fields:
        members = [Constant("type", "T"), Field("it", name), Field("hidden", name, shown=False)]
        found = fetch_one(connection, Selection(entity, members), 1)
        assert found == {"type": "T", "it": every[name], "hidden": None}
