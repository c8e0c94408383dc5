"""Loaders: by key, in key order, each caller with a future of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graphql_api.resolving.access import Access
from graphql_api.resolving.loaders import Batching, Loaders, OneByOne
from shared.errors import Unavailable
from shared.reading.catalogue import AUTHOR, BOOK, ORDER
from shared.reading.selection import Page, own_fields
from shared.serving.bookstore import Bookstore
from shared.storage.instrumentation import Timing

KINDS = pytest.mark.parametrize("kind", [Batching, OneByOne])
BOOKS, ITEMS = AUTHOR.relations["books"], ORDER.relations["items"]


def with_loaders(
    bookstore: Bookstore,
    kind: Callable[[Access], Loaders],
    ask: Callable[[Loaders], Awaitable[Any]],
) -> tuple[Any, int]:
    """What was loaded, and the statements that it took."""

    async def run() -> tuple[Any, int]:
        with Timing() as timing:
            return await ask(kind(Access(bookstore.database))), timing.statements

    return asyncio.run(run())


@KINDS
def test_objects_come_to_who_has_asked(bookstore: Bookstore, kind: type) -> None:
    async def ask(loaders: Loaders) -> list[Any]:
        return await asyncio.gather(
            *(loaders.one(own_fields(BOOK), key) for key in (3, 1, 999_999, 3, 2))
        )

    found, statements = with_loaders(bookstore, kind, ask)
    assert [record and record["id"] for record in found] == [3, 1, None, 3, 2]
    assert statements == (1 if kind is Batching else 5)


@KINDS
def test_who_has_no_children_gets_an_empty_list(bookstore: Bookstore, kind: type) -> None:
    async def ask(loaders: Loaders) -> list[Any]:
        page = Page(limit=2, sort="-title")
        return await asyncio.gather(*(loaders.many(BOOKS, key, page) for key in (999_999, 2)))

    nobody, titles = with_loaders(bookstore, kind, ask)[0]
    assert nobody == []
    assert [book["title"] for book in titles] == [
        "Transactions without Tears",
        "The PostgreSQL Reader",
    ]


@KINDS
def test_items_are_never_cut(bookstore: Bookstore, kind: type) -> None:
    async def ask(loaders: Loaders) -> list[Any]:
        return await asyncio.gather(*(loaders.many(ITEMS, key) for key in (1, 2)))

    found, _ = with_loaders(bookstore, kind, ask)
    assert [[item["book_id"] for item in items] for items in found] == [[1, 2, 3], [4, 5, 6]]


def test_to_cancel_one_load_takes_nothing_from_the_others(bookstore: Bookstore) -> None:
    async def ask(loaders: Loaders) -> Any:
        first, second = loaders.one(own_fields(BOOK), 1), loaders.one(own_fields(BOOK), 1)
        first.cancel()
        return await second

    book, _ = with_loaders(bookstore, Batching, ask)
    assert book["title"] == "Python Programming"


@KINDS
def test_all_who_wait_are_told_of_an_error(
    bookstore: Bookstore, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> Any:
        raise Unavailable("the database does not answer")

    async def ask(loaders: Loaders) -> list[Any]:
        monkeypatch.setattr(type(bookstore.database), "reading", gone)
        asked: list[Any] = []
        for key in (1, 2):
            try:
                asked.append(loaders.one(own_fields(BOOK), key))
            except Unavailable as error:
                asked.append(_failed(error))
        return await asyncio.gather(*asked, return_exceptions=True)

    found, _ = with_loaders(bookstore, kind, ask)
    assert [type(error) for error in found] == [Unavailable, Unavailable]


async def _failed(error: Exception) -> None:
    raise error
