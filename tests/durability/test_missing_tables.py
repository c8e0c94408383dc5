"""Tables that another program takes away while both servers have the database open."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.durability.test_damaged_files import (
    ASKED,
    UNAVAILABLE,
    health,
    reads,
    refusal_of,
    writes,
)
from tests.fixtures import Pair, running_pair
from tests.postgresql_cluster import shared_cluster
from tests.streams import move, new_order, watched
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


class Running(NamedTuple):
    """Both servers, and another program that changes their database."""

    pair: Pair
    run: Callable[[str], Any]
    name: str

    def log(self) -> list[str]:
        """What the log says of the database."""
        text = self.pair.log.read_text()
        assert "Traceback" not in text
        return [line for line in text.splitlines() if self.name in line]


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    with ExitStack() as ends:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/books.db"
            pair = ends.enter_context(running_pair(tmp_path, database_url=url, books="300"))
            file = ends.enter_context(
                closing(sqlite3.connect(tmp_path / "books.db", isolation_level=None))
            )
            yield Running(pair, file.execute, "books.db")
            return
        url = shared_cluster(request).new_database()
        pair = ends.enter_context(running_pair(tmp_path, database_url=url, books="300"))
        server = ends.enter_context(psycopg.connect(url, autocommit=True))
        name = url.rpartition("/")[2]
        yield Running(pair, lambda statement: server.execute(statement.encode()), name)


def statuses(pair: Pair) -> set[int]:
    return {answer.status for answer in (*reads(pair), *writes(pair))}


def test_tables_that_are_missing_are_told_once_and_used_again(running: Running) -> None:
    pair = running.pair
    assert statuses(pair) == {200, 201}
    for table in ("book", "order"):
        running.run(f'ALTER TABLE "{table}" RENAME TO {table}_away')
    for _ in range(ASKED):
        answers = [*reads(pair), *writes(pair)]
        assert {refusal_of(answer) for answer in answers} == {UNAVAILABLE}
        assert health(pair) == [UNAVAILABLE] * 2
    for api in (pair.rest, pair.graphql):
        assert "lacks the table book, the table order" in api.get("/health").body.decode()
    assert pair.rest.get("/ping").status == pair.graphql.get("/ping").status == 200
    assert len(running.log()) == 2  # a line of each server
    for table in ("book", "order"):
        running.run(f'ALTER TABLE {table}_away RENAME TO "{table}"')
    for _ in range(ASKED):
        assert statuses(pair) == {200, 201}
        assert [status for status, *_ in health(pair)] == [200] * 2
    wait_until(lambda: len(running.log()) == 4, "each has told that they are back")


def test_streams_outlive_it_and_miss_nothing(running: Running) -> None:
    pair = running.pair
    order = new_order(pair.rest)
    with watched(pair, order) as all_see:
        move(pair, order, "paid")
        all_see("paid")
        running.run("ALTER TABLE order_event RENAME TO away")
        assert {answer.status for answer in writes(pair)} == {200, 201}  # which has no event
        if running.name == "books.db":  # where that is what is looked for
            wait_until(
                lambda: pair.log.read_text().count("watching orders") == 2, "each has seen it"
            )
        running.run("ALTER TABLE away RENAME TO order_event")
        move(pair, order, "shipped", "graphql")
        all_see("shipped")
        running.log()


@pytest.mark.parametrize("running", ["postgresql"], indirect=True)
def test_a_database_that_is_renamed_is_used_again(
    running: Running, request: pytest.FixtureRequest
) -> None:
    pair = running.pair
    assert statuses(pair) == {200, 201}
    with psycopg.connect(shared_cluster(request).url, autocommit=True) as server:

        def rename(name: str, new: str) -> bool:
            """Whether nobody has opened it again meanwhile, which forbids it."""
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            with suppress(psycopg.errors.ObjectInUse):
                server.execute(f"ALTER DATABASE {name} RENAME TO {new}".encode())
                return True
            return False

        wait_until(lambda: rename(running.name, "away"), "it is renamed")
        for _ in range(ASKED):
            answers = [*reads(pair), *writes(pair)]
            assert {refusal_of(answer) for answer in answers} == {UNAVAILABLE}
            assert health(pair) == [UNAVAILABLE] * 2
        wait_until(lambda: rename("away", running.name), "it is there again")
    assert statuses(pair) == {200, 201}
    assert running.log() == []
