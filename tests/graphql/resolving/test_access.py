"""Where mutations write: on the event loop what is short and waits for nobody, else in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from graphql_api.resolving.access import Access
from graphql_api.resolving.context import Context
from graphql_api.resolving.loaders import Loaders
from shared.database import Connection
from shared.serving.bookstore import open_bookstore
from tests.bookstores import private_settings


@contextmanager
def opened(**given: Any) -> Iterator[Context]:
    bookstore = open_bookstore(private_settings(books=30, **given))
    access = Access(bookstore.database, bookstore.watch)
    yield Context(access, lambda _: cast("Loaders", None))  # which no write needs
    access.close()
    bookstore.close()


def short(_: Connection) -> str:
    return threading.current_thread().name.partition("_")[0]


def long(connection: Connection) -> str:
    connection.may_take_long()
    return short(connection)


def test_a_write_runs_on_the_loop_unless_it_may_take_long() -> None:
    with opened() as context:
        assert asyncio.run(context.write(short)) == "MainThread"
        assert asyncio.run(context.write(long)) == "write"


def test_a_write_that_waits_for_a_disk_runs_in_a_thread(tmp_path: Path) -> None:
    with opened(database_url=f"sqlite:///{tmp_path}/books.db") as context:
        assert asyncio.run(context.write(short)) == "write"


def test_others_have_their_turn_between_the_writes_of_one_operation() -> None:
    done: list[str] = []

    async def write(context: Context, name: str) -> None:
        for _ in range(3):
            await context.write(lambda _: done.append(name))

    async def both(context: Context) -> None:
        await asyncio.gather(write(context, "a"), write(context, "b"))

    with opened() as context:
        asyncio.run(both(context))
    assert done == ["a", "b"] * 3
