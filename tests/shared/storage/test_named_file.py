"""A SQLite file that something happens to while it is open."""

import logging
import random
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from shared.database import Database
from shared.errors import Unavailable
from shared.models import AuthorUpdate
from shared.operations import authors, books
from shared.reading.listing import BookQuery
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.health import check_health
from shared.storage import named_file
from tests.accidents import ACCIDENTS, Accident, truncate, write_noise_over_its_pages
from tests.shared.conftest import private_settings
from tests.waiting import wait_until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.db"


def opened(path: Path) -> Bookstore:
    return open_bookstore(private_settings(books=300, database_url=f"sqlite:///{path}"))


def told(caplog: pytest.LogCaptureFixture, path: Path) -> list[str]:
    """The levels of what was logged of this file: of its own, a test before may still tell."""
    records = [one for one in caplog.records if one.levelno >= logging.WARNING]
    return [one.levelname for one in records if str(path) in one.getMessage()]


def write(database: Database) -> None:
    with database.writing() as connection:
        authors.update_author(connection, 1, AuthorUpdate(bio="changed"))


def read(database: Database) -> None:
    """All pages of the books."""
    with database.reading() as connection:
        books.list_books(connection, BookQuery(search="zzz", min_price=1))
        books.list_books(connection, BookQuery(sort="title", limit=100))


def is_refused(database: Database) -> bool:
    with suppress(Unavailable):
        read(database)
        return False
    return True


@pytest.mark.parametrize("happen", ACCIDENTS)
def test_what_the_named_file_does_not_have_is_not_said_to_be_done(
    path: Path,
    happen: Accident,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(named_file.log, "disabled", False)  # as who sets up logging may leave it
    store = opened(path)
    write(store.database)
    happen(path)
    if happen is not write_noise_over_its_pages:  # it need not be seen before those are read
        with pytest.raises(Unavailable, match="the database's"):
            write(store.database)
    wait_until(lambda: is_refused(store.database), "readers see it")
    for act in (write, read, lambda _: check_health(store)):
        with pytest.raises(Unavailable, match="the database's"):
            act(store.database)
    assert told(caplog, path) == ["ERROR"]
    store.close()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_leads_to_another_file_is_found_out(tmp_path: Path, what: str) -> None:
    files = [tmp_path / name / "books.db" for name in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        opened(file).close()
    link, leads_to = tmp_path / "link", files if what == "file" else [f.parent for f in files]
    link.symlink_to(leads_to[0])
    store = opened(link if what == "file" else link / "books.db")
    write(store.database)
    link.unlink()
    link.symlink_to(leads_to[1])
    with pytest.raises(Unavailable, match="replaced by another one"):
        write(store.database)
    wait_until(lambda: is_refused(store.database), "readers see it")
    link.unlink()
    link.symlink_to(leads_to[0])
    write(store.database)
    store.close()


def test_a_write_is_not_said_to_be_done_if_the_file_goes_while_it_is_committed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(path)
    write(store.database)
    looks = []

    def look() -> None:
        looks.append(True)
        if len(looks) == 2:  # after the commit
            path.rename(path.with_name("moved.db"))
        look_as_ever()

    assert store.database._file is not None
    look_as_ever = store.database._file.look
    monkeypatch.setattr(store.database._file, "look", look)
    monkeypatch.setattr(store.database._file, "next_look", time.monotonic() + 60)
    with pytest.raises(Unavailable, match="not where it was"):
        write(store.database)
    store.close()


def test_another_program_may_come_and_go(path: Path) -> None:
    store = opened(path)
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM book')"
    for _ in range(2):
        write(store.database)  # after which the file is looked at
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint")  # it is another one then
        write(store.database)
        subprocess.run([sys.executable, "-c", program, path], check=True)
        write(store.database)
        read(store.database)
    store.close()


def test_a_file_that_takes_no_more_is_told_once(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_file.log, "disabled", False)
    store = opened(path)
    write(store.database)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))  # as a disk that is full
    try:
        for _ in range(3):
            with pytest.raises(Unavailable):
                write(store.database)
        read(store.database)
        assert check_health(store)["status"] == "ok"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    write(store.database)
    assert told(caplog, path) == ["ERROR"]  # other writes may not fit
    monkeypatch.setattr(named_file, "_QUIET_S", 0.0)
    for _ in range(2):
        write(store.database)
    assert told(caplog, path) == ["ERROR", "WARNING"]
    store.close()


def test_a_file_that_becomes_smaller_by_itself_is_whole(path: Path) -> None:
    store = opened(path)
    with store.database.writing() as connection:
        connection.run("DELETE FROM order_item")
    size = path.stat().st_size
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size < size
    write(store.database)
    read(store.database)
    store.close()


def test_a_file_that_grows_is_right_to_all_who_look_at_the_same_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one of them saw is not taken for an earlier state of what another one has seen."""
    read_header = named_file._read_header

    def read_slowly(file: int) -> object:
        header = read_header(file)
        time.sleep(random.random() / 1_000)  # others look meanwhile
        return header

    monkeypatch.setattr(named_file, "_read_header", read_slowly)
    store = opened(path)
    grown = threading.Event()

    def look() -> None:
        while not grown.is_set():
            store.database.require_file()

    with ThreadPoolExecutor(4) as threads:
        looks = [threads.submit(look) for _ in range(4)]
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                for number in range(100):
                    connection.execute(f"CREATE TABLE extra_{number} (id INTEGER)")
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            grown.set()
        for one in looks:
            one.result()
    store.close()


def test_damage_that_is_met_with_while_another_one_looks_is_told_once(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_file.log, "disabled", False)
    store = opened(path)
    file = store.database._file
    assert file is not None
    look_as_ever = file._what_is_wrong

    def look_beside_another() -> str | None:
        wrong = look_as_ever()
        file.damaged(sqlite3.DatabaseError("malformed"))
        return wrong

    monkeypatch.setattr(file, "_what_is_wrong", look_beside_another)
    with suppress(Unavailable):  # what this one has seen was right
        store.database.require_file()
    with pytest.raises(Unavailable, match="malformed"):
        store.database.require_file()
    assert told(caplog, path) == ["ERROR"]
    store.close()


def test_a_damaged_file_is_used_again_when_it_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_file, "_CHECK_S", 0.01)
    store = opened(path)
    write(store.database)
    before = path.read_bytes()
    write_noise_over_its_pages(path)
    wait_until(lambda: is_refused(store.database), "readers see it")
    with path.open("r+b") as file:
        file.write(before)
    wait_until(lambda: not is_refused(store.database), "it is found whole")
    write(store.database)
    assert check_health(store)["status"] == "ok"
    store.close()


def test_a_damaged_search_index_is_damage_until_it_is_made_anew(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_file.log, "disabled", False)
    monkeypatch.setattr(named_file, "_CHECK_S", 0.01)
    store = opened(path)
    query = BookQuery(search="python")

    def search() -> int:
        with store.database.reading() as connection:
            return len(books.list_books(connection, query).records)

    found = search()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE book_search_data SET block = x'0102030405' WHERE id > 10")
        for _ in range(50):
            with pytest.raises(Unavailable):
                search()
            time.sleep(0.01)
        assert told(caplog, path) == ["ERROR"]
        connection.execute("INSERT INTO book_search(book_search) VALUES ('rebuild')")

    def is_found() -> bool:
        with suppress(Unavailable):
            return search() == found
        return False

    wait_until(is_found, "it is found whole")
    store.close()


def test_damage_that_a_new_connection_finds_is_remembered(
    path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_file.log, "disabled", False)
    store = opened(path)
    write(store.database)
    with path.open("r+b") as file:
        # The schema, which this thread's connection has read already, is on the first page.
        file.seek(100)
        file.write(b"\xff" * 1_000)
    with ThreadPoolExecutor(1) as another_thread, pytest.raises(Unavailable, match="damaged"):
        another_thread.submit(read, store.database).result()
    for act in (write, read, lambda _: check_health(store)):
        with pytest.raises(Unavailable, match="damaged"):
            act(store.database)
    assert told(caplog, path) == ["ERROR"]
    store.close()


def test_a_file_that_is_cut_and_mended_is_used_again(path: Path) -> None:
    store = opened(path)
    write(store.database)
    before = path.read_bytes()
    truncate(path)
    with pytest.raises(Unavailable, match="its end is missing"):
        write(store.database)
    path.write_bytes(before)
    write(store.database)
    store.close()
