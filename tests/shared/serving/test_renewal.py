"""Text of a database that an earlier version has made: brought into NFC once, and found."""

import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from launcher.ports import free_port
from shared.config import CHECKOUT, Settings
from shared.operations import books, customers
from shared.reading.listing import BookQuery
from shared.sample_data import progress
from shared.serving import renewal
from shared.serving.bookstore import open_bookstore
from shared.storage import tables
from shared.storage.statements import Statement
from tests.shared.conftest import Stopped, private_settings
from tests.waiting import LIMIT_S, wait_until

TAKEN_APART = "Cafe\u0301 \u1e9b\u0323"
COMPOSED = "Caf\xe9 \u1e9b\u0323"
UNMARK = "DELETE FROM bookstore WHERE name = 'text'"
MANY = 250  # books, in batches of 100


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of a lasting database whose text is as an earlier version took it."""
    url = f"sqlite:///{tmp_path}/books.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql_url")
    found = private_settings(books=300, database_url=url)
    made = open_bookstore(found)
    apart: dict[str, Any] = {"apart": TAKEN_APART, "searched": TAKEN_APART.casefold() + "\x1f"}
    with made.database.writing() as connection:
        for change in (
            "UPDATE book SET title = :apart, genre = :apart, description = NULL",
            "UPDATE book SET search_text = :searched",
            f"UPDATE book SET title = 'x', genre = 'x', search_text = 'x\x1f' WHERE id > {MANY}",
            "UPDATE author SET name = :apart, bio = :apart WHERE id = 1",
            "UPDATE customer SET email = 'e\u0301@example.com', address = :apart WHERE id = 1",
            "UPDATE customer SET email = '\xe9@example.com' WHERE id = 2",
            "UPDATE customer SET email = 'o\u0302@example.com' WHERE id = 3",
            UNMARK,
        ):
            connection.change(Statement(text(change)), **apart)
    made.close()
    return found


def test_rows_are_rewritten_once_and_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(renewal, "_BATCH", 100)
    monkeypatch.setattr(renewal.log, "disabled", False)  # as who sets up logging may leave it
    opened = open_bookstore(settings)
    with opened.database.reading() as connection:
        book = books.get_book(connection, MANY)
        assert (book["title"], book["genre"]) == (COMPOSED, COMPOSED)
        for searched in (COMPOSED, TAKEN_APART, "CAFE\u0301"):
            found = books.list_books(connection, BookQuery(search=searched))
            assert len(found.records) == 20
        for genre in (COMPOSED, TAKEN_APART):
            assert len(books.list_books(connection, BookQuery(genre=genre)).records) == 20
        versions = Statement(select(tables.book.c.id, tables.book.c.version).order_by("id"))
        changed = [row_id for row_id, version in connection.all(versions) if version == 2]
        assert changed == list(range(1, MANY + 1)), "who has an older one asks anew"
        # Where it collides, the whole row stays.
        one = customers.get_customer(connection, 1)
        assert (one["email"], one["address"]) == ("e\u0301@example.com", TAKEN_APART)
        assert customers.get_customer(connection, 3)["email"] == "\xf4@example.com"
    told = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert told == ["customer 1 keeps its text as it is: in Unicode's NFC another one has the same"]
    opened.close()
    # A start need not look again.
    monkeypatch.setattr(renewal, "_batches", None)
    open_bookstore(settings).close()


def require_rest_rewritten(settings: Settings) -> None:
    """The next start rewrites what is left, and no row twice."""
    opened = open_bookstore(settings)
    with opened.database.reading() as connection:
        count = Statement(select(func.count()).where(tables.book.c.title == COMPOSED))
        assert connection.first(count) == (MANY,)
        twice = Statement(select(func.count()).where(tables.book.c.version > 2))
        assert connection.first(twice) == (0,)
    opened.close()


def test_what_was_cut_short_is_gone_on_with(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    monkeypatch.setattr(renewal, "_BATCH", 100)
    rewrite, done = renewal._rewrite, list[int]()

    def rewrite_some(*arguments: Any) -> None:
        done.append(1)
        if len(done) == 150:
            raise Killed
        rewrite(*arguments)

    monkeypatch.setattr(renewal, "_rewrite", rewrite_some)
    with pytest.raises(Killed):
        open_bookstore(settings)
    monkeypatch.setattr(renewal, "_rewrite", rewrite)
    require_rest_rewritten(settings)


def test_a_large_one_tells_how_far_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SHOWN_FROM", "LINE_EVERY_S"):
        monkeypatch.setattr(progress, name, 0)
    monkeypatch.setattr(renewal, "_BATCH", 100)
    open_bookstore(settings).close()
    said = capsys.readouterr().err.splitlines()
    told = [line for line in said if "bringing the text of 390 rows into one form (NFC)" in line]
    assert [line.rpartition("(NFC): ")[2] for line in told] == [
        "0% (rows of author)",
        "7% (rows of author)",
        "7% (rows of book)",
        *(f"{percent}% (rows of book)" for percent in (33, 58, 84)),
        "84% (rows of customer)",
        "99% (rows of customer)",
    ]
    # A start that finds nothing to rewrite says nothing of it.
    open_bookstore(settings).close()
    assert "bringing" not in capsys.readouterr().err


@pytest.mark.usefixtures("stopping")
def test_a_signal_ends_it_at_once_and_the_next_start_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite, done = renewal._rewrite, list[int]()

    def rewrite_some(*arguments: Any) -> None:
        rewrite(*arguments)
        done.append(1)
        if len(done) == 150:
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0.5)  # in which the main thread handles it, however busy the machine

    monkeypatch.setattr(renewal, "_BATCH", 100)
    monkeypatch.setattr(renewal, "_rewrite", rewrite_some)
    with pytest.raises(Stopped):
        open_bookstore(settings)
    assert len(done) < MANY
    monkeypatch.setattr(renewal, "_rewrite", rewrite)
    require_rest_rewritten(settings)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_while_it_rewrites_ends_and_later_goes_on(
    tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "books.db"
    settings = private_settings(books=20_000, database_url=f"sqlite:///{path}")
    open_bookstore(settings).close()

    def left() -> int:
        with closing(sqlite3.connect(path)) as raw:
            apart = "SELECT count(*) FROM book WHERE title = ?"
            return int(raw.execute(apart, [TAKEN_APART]).fetchone()[0])

    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE book SET title = ?", [TAKEN_APART])
        raw.execute(UNMARK)
    environment = {**os.environ, "BOOKSTORE_DATABASE_URL": f"sqlite:///{path}"}
    program = [sys.executable, str(CHECKOUT / "rest_api/app.py"), "--port", str(free_port())]
    process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: left() < 20_000, "it rewrites")
        process.send_signal(number)
        said = process.communicate(timeout=LIMIT_S)[1]
        assert process.returncode == 0
        told = re.compile(r"bookstore: bringing the text of .* into one form \(NFC\): .*")
        assert [line for line in said.splitlines() if not told.fullmatch(line)] == []
    finally:
        process.kill()
        process.wait()
    assert 0 < left() < 20_000
    open_bookstore(settings).close()
    assert left() == 0


@pytest.mark.slow
def test_processes_that_start_at_once_rewrite_once(settings: Settings) -> None:
    program = (
        "import sys; from shared.config import Settings;"
        "from shared.serving.bookstore import open_bookstore;"
        "open_bookstore(Settings(database_url=sys.argv[1], books=300)).close()"
    )
    command = [sys.executable, "-c", program, str(settings.database_url)]
    started = [
        subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [one.communicate(timeout=LIMIT_S)[1] for one in started]
    assert [one.returncode for one in started] == [0] * 3, said
    assert sum(line.count("keeps its text") for line in said) == 1
    opened = open_bookstore(settings)
    with opened.database.reading() as connection:
        versions = Statement(select(func.max(tables.book.c.version)))
        assert connection.first(versions) == (2,)
    opened.close()


def test_the_search_index_follows(tmp_path: Path, settings: Settings) -> None:
    if not str(settings.database_url).startswith("sqlite"):
        return  # PostgreSQL keeps its own
    open_bookstore(settings).close()
    with sqlite3.connect(tmp_path / "books.db") as raw:
        raw.execute("INSERT INTO book_search(book_search, rank) VALUES ('integrity-check', 1)")
    raw.close()
