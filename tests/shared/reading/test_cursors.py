"""Cursors: pages that begin behind a row, in each order, on both databases."""

import pytest

from shared.database import Connection
from shared.errors import ValidationFailed
from shared.models import AuthorCreate
from shared.operations import authors
from shared.reading.catalogue import BOOK
from shared.reading.cursors import Position, decode_cursor, encode_cursor
from tests.model import Model
from tests.shared.listed import BOTH_WAYS, listed


@pytest.mark.parametrize(("name", "sort"), BOTH_WAYS)
def test_pages_by_cursors_are_the_whole_list_in_its_order(
    connection: Connection, model: Model, name: str, sort: str
) -> None:
    found, after, more = [], "", True
    while more:
        page = listed(connection, name, sort=sort, limit=37, after=after)
        found += page.records
        assert len(page.positions) == len(page.records)
        more, after = page.more, encode_cursor(sort, page.positions[-1])
    assert found == model.listed(name, sort, 2_000)


def test_rows_that_come_before_a_cursor_do_not_move_the_next_page(connection: Connection) -> None:
    first = listed(connection, "author", sort="name", limit=5, after="")
    authors.create_author(connection, AuthorCreate(name="A", email="a@example.com"))
    cursor = encode_cursor("name", first.positions[-1])
    second = listed(connection, "author", sort="name", limit=5, after=cursor)
    assert second.records == listed(connection, "author", sort="name", limit=5, offset=6).records


NO_POSITIONS = [
    Position(29.99, 1),
    Position("x", 1),
    Position(True, 1),
    Position(1, 0),
    Position(1, 2**31),
    Position(2**63, 1),
]


@pytest.mark.parametrize("position", NO_POSITIONS)
def test_a_position_that_no_list_has_given_is_refused(position: Position) -> None:
    with pytest.raises(ValidationFailed, match="after must be a cursor that the same list"):
        decode_cursor(BOOK, "price", encode_cursor("price", position))


@pytest.mark.parametrize("text", ["x", "%", "é", "W10", "eyJhIjoxfQ", "WzEsMiwzLDRd", "bnVsbA"])
def test_a_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed, match="after must be a cursor that the same list"):
        decode_cursor(BOOK, "id", text)


def test_a_cursor_belongs_to_one_order(connection: Connection) -> None:
    page = listed(connection, "book", sort="price", limit=1, after="")
    with pytest.raises(ValidationFailed, match="in the same order"):
        listed(connection, "book", sort="-price", after=encode_cursor("price", page.positions[0]))


def test_a_cursor_excludes_an_offset() -> None:
    with pytest.raises(ValidationFailed, match="after excludes offset"):
        listed(None, "book", offset=1, after="")
