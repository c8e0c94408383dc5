"""No statement that the APIs can send reads a whole table: the plans of both databases say so.

SQLite's say by which index each table is read, but not that a walk in it ends soon, or that few
rows are sorted. So the steps of SQLite's virtual machine are counted as well: a read of every row
takes many more.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pytest

import shared
from shared.operations import books, idempotency, order_events
from shared.reading import fetching
from shared.reading.access_paths import limits_of_few
from shared.reading.cursors import Position, encode_cursor
from shared.reading.listing import BookQuery
from shared.serving import health
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.storage import tables
from shared.storage.connections import Connection, Taken
from shared.storage.statements import Statement
from tests.shared.conftest import private_settings
from tests.shared.reading import every_statement

BOOKS = 4_000
FEW = 60  # rows that are few among so many, as 1,000 are among a million
STEPS = 150  # of a page that has two ways, for each row of a page and of 20 more

_TABLES = {table.name for table in tables.metadata.tables.values()} | {"candidate", "book_search"}
_READ = re.compile(r"(SCAN|SEARCH) (\w+)(.*)")
_ELSEWHERE = {"health"}  # what is sent for it reads a table of three rows
# Each is sent on one of the databases alone.
_ONE_DATABASE = {idempotency._LOCK, order_events._RECORD, order_events._RECORD_AND_NOTIFY}

_run = Connection._run


class Sent(NamedTuple):
    """A statement that was sent.

    Attributes:
        plan: what is done, each with the part of the statement that it is done in.
        rows: that it gave.
        steps: of SQLite's machine; None on PostgreSQL.
    """

    statement: Statement
    text: str
    plan: list[tuple[int, str]]
    rows: int
    steps: int | None


class Recorder:
    """Keeps what is sent; `label` says what for."""

    def __init__(self) -> None:
        self.label = ""
        self.sent: list[tuple[str, Sent]] = []

    def run(
        self,
        connection: Connection,
        statement: Statement,
        values: dict[str, Any],
        take: Callable[[], Taken],
    ) -> Taken:
        """In the place of `Connection._run`."""
        compiled = statement.compiled(connection._dialect)
        text, bound = compiled.text, compiled.bind(values)
        driver: Any = connection._cursor.connection
        steps = None
        if connection.dialect == "sqlite":
            plan = [(row[1], row[3]) for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", bound)]
            with _counted(driver) as counted:
                taken = _run(connection, statement, values, take)
            steps = len(counted)
        else:
            plan = [(0, row[0]) for row in driver.execute(f"EXPLAIN {text}", bound)]
            taken = _run(connection, statement, values, take)
        rows = len(taken) if isinstance(taken, list) else 1
        self.sent.append((self.label, Sent(statement, text, plan, rows, steps)))
        return taken


@contextmanager
def _counted(driver: Any) -> Iterator[list[None]]:
    """As many members as SQLite's machine takes steps meanwhile."""
    steps: list[None] = []
    driver.set_progress_handler(lambda: steps.append(None), 1)  # None: go on
    try:
        yield steps
    finally:
        driver.set_progress_handler(None, 1)


class _Undo(Exception):
    pass


def _send_all(bookstore: Bookstore, recorder: Recorder) -> None:
    recorder.label = "health"
    health.check_health(bookstore)
    reads = [*every_statement.lists(), *every_statement.relations(), *every_statement.points()]
    with suppress(_Undo), bookstore.database.writing() as connection:
        if connection.dialect == "postgresql":  # small tables are read whole unless that is dear
            connection._cursor.execute("SET LOCAL enable_seqscan = off")
        for recorder.label, send in reads:
            send(connection)
        recorder.label = "writes"
        every_statement.write(connection)
        raise _Undo


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sent(request: pytest.FixtureRequest) -> list[tuple[str, Sent]]:
    """All statements, with what they were sent for."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    bookstore = open_bookstore(private_settings(books=300 if url else BOOKS, database_url=url))
    recorder = Recorder()
    few = dict.fromkeys(limits_of_few(0), FEW)

    def run(connection: Connection, *given: Any) -> Any:
        return recorder.run(connection, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "limits_of_few", lambda _rows: few)
        patch.setattr(Connection, "_run", run)
        _send_all(bookstore, recorder)
    bookstore.close()
    return recorder.sent


def test_every_table_is_read_by_an_index(sent: list[tuple[str, Sent]]) -> None:
    bad = {
        f"{label}: {one.text}": one.plan
        for label, one in sent
        if label not in _ELSEWHERE and _reads_a_table(one)
    }
    assert bad == {}


def test_no_statement_takes_more_steps_than_its_rows_need(sent: list[tuple[str, Sent]]) -> None:
    bad = {
        f"{label}: {one.text}": (one.steps, one.plan)
        for label, one in sent
        if one.steps is not None and one.steps > STEPS * (one.rows + 20)
    }
    assert bad == {}


def test_a_search_whose_list_ends_soon_does_not_read_all_that_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        fetching, "limits_of_few", lambda _rows: dict.fromkeys(limits_of_few(0), FEW)
    )
    bookstore = open_bookstore(private_settings(books=BOOKS))
    with bookstore.database.snapshot() as connection:
        (last,) = books.list_books(connection, BookQuery(sort="-title", limit=1)).records
        before_last = encode_cursor("title", Position(last["title"], last["id"] - 1))
        for asked, count in (
            ({"sort": "title", "genre": "Nothing"}, 0),
            ({"sort": "price", "min_price": 1_000}, 0),
            ({"sort": "title", "after": before_last}, 1),
        ):
            driver: Any = connection._cursor.connection
            with _counted(driver) as steps:
                page = books.list_books(connection, BookQuery(search="what to know", **asked))
            assert len(page.records) == count
            assert len(steps) < STEPS * 20, asked
    bookstore.close()


def test_no_statement_is_left_out(sent: list[tuple[str, Sent]]) -> None:
    names = [module.name for module in pkgutil.walk_packages(shared.__path__, "shared.")]
    members = [value for name in names for value in vars(importlib.import_module(name)).values()]
    known = {value for value in members if isinstance(value, Statement)}
    assert known - {one.statement for _, one in sent} <= _ONE_DATABASE
    assert len(known) > 10


def test_whoever_is_referred_to_is_looked_for_by_an_index() -> None:
    for table in tables.metadata.sorted_tables:
        leading = {next(iter(index.columns)) for index in table.indexes}
        leading.add(next(iter(table.primary_key.columns)))
        for key in table.foreign_keys:
            assert key.parent in leading, f"who deletes a {key.column.table} reads all of {table}"


def _reads_a_table(sent: Sent) -> bool:
    if sent.steps is None:
        return any("Seq Scan" in what for _, what in sent.plan)
    return any("AUTOMATIC" in what for _, what in sent.plan) or any(
        _is_read_whole(sent.plan, part, what) for part, what in sent.plan
    )


def _is_read_whole(plan: list[tuple[int, str]], part: int, what: str) -> bool:
    """Whether a table is scanned in SQLite, otherwise than in the order of the page, first."""
    found = _READ.fullmatch(what)
    if found is None or found[1] == "SEARCH" or found[2] not in _TABLES:
        return False
    if found[2] == "book_search":
        return ":M" not in found[3]  # what matches is sorted where it is few
    beside = [other for at, other in plan if at == part]
    is_first = next(other for other in beside if _READ.fullmatch(other)) == what
    return not is_first or any(other.startswith("USE TEMP B-TREE") for other in beside)
