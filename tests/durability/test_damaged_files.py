"""A SQLite file that something happens to while both servers have it open."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.accidents import (
    ACCIDENTS,
    ENDINGS,
    delete,
    move_all_away,
    move_away,
    replace,
    write_noise_over_its_pages,
)
from tests.exchange import Response
from tests.fixtures import Pair, running_pair
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}
MUTATION = {
    "query": "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 1, quantity: 1}]}) "
    "{ id } }"
}
QUERIES = [
    ("/graphql", {"query": "{ book(id: 1) { title } }"}),
    ("/graphql/dataloader", {"query": "{ book(id: 1) { title author { name } } }"}),
]
ASKED = 20  # times, of which the log has one line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder #1"  # whose name a URI has to quote
    folder.mkdir()
    return folder / "books.db"


@pytest.fixture
def pair(path: Path, tmp_path: Path) -> Iterator[Pair]:
    with running_pair(tmp_path, database_url=f"sqlite:///{path}", books="300") as started:
        yield started


def reads(pair: Pair) -> list[Response]:
    # Of all pages, not only those that are in memory.
    return [
        pair.rest.get("/books", search="zzz", min_price=1),
        pair.rest.get("/books", sort="title", limit=100),
        pair.rest.get("/customers/1/orders"),
        *(pair.graphql.post(*query) for query in QUERIES),
    ]


def writes(pair: Pair) -> list[Response]:
    return [pair.rest.post("/orders", ORDER), pair.graphql.post("/graphql", MUTATION)]


def refusal_of(response: Response) -> tuple[int, str | None, str | None]:
    """Status, code, and `Retry-After`."""
    document = response.json
    code = document.get("code")
    if code is None and document.get("errors"):
        code = document["errors"][0]["extensions"]["code"]
    return response.status, code, response.headers.get("retry-after")


UNAVAILABLE = (503, "UNAVAILABLE", "1")


def health(pair: Pair) -> list[tuple[int, str | None, str | None]]:
    return [refusal_of(api.get("/health")) for api in (pair.rest, pair.graphql)]


def orders_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute('SELECT count(*) FROM "order"').fetchone()
    return int(count)


def lines(pair: Pair) -> list[str]:
    """What the log says of it."""
    return [line for line in pair.log.read_text().splitlines() if "books.db" in line]


@pytest.mark.parametrize("happen", ACCIDENTS)
def test_both_servers_say_that_the_file_is_not_there_or_damaged(
    pair: Pair, path: Path, happen: Callable[[Path], None]
) -> None:
    assert [answer.status for answer in writes(pair)] == [201, 200]
    happen(path)
    if happen is not write_noise_over_its_pages:
        # Of no write it is said that it is done; nor need anybody have looked before.
        assert [refusal_of(answer) for answer in writes(pair)] == [UNAVAILABLE] * 2

    def all_refused() -> bool:
        return {refusal_of(answer) for answer in reads(pair)} == {UNAVAILABLE}

    wait_until(all_refused, "reads are refused")
    for _ in range(ASKED):
        assert {refusal_of(answer) for answer in (*reads(pair), *writes(pair))} == {UNAVAILABLE}
    assert health(pair) == [UNAVAILABLE] * 2
    told = pair.rest.get("/health").json["detail"]
    assert "the database's" in told
    assert str(path.parent) not in told  # where it is, nobody outside need know
    assert pair.rest.get("/ping").status == pair.graphql.get("/ping").status == 200
    # A line of each server.
    assert len(lines(pair)) == 2
    assert "Traceback" not in pair.log.read_text()
    assert path.exists() == (happen not in (move_away, move_all_away, delete))  # none is made anew


def test_a_file_that_is_moved_back_is_used_again(pair: Pair, path: Path) -> None:
    assert [answer.status for answer in writes(pair)] == [201, 200]
    move_all_away(path)
    assert [refusal_of(answer) for answer in writes(pair)] == [UNAVAILABLE] * 2
    move_all_away_again = path.with_name("moved.db")
    for ending in ("", "-wal", "-shm"):
        Path(f"{move_all_away_again}{ending}").rename(f"{path}{ending}")
    assert [answer.status for answer in writes(pair)] == [201, 200]
    assert [status for status, *_ in health(pair)] == [200] * 2
    assert orders_in(path) == 304
    # Of each server one that it was gone, and one that it is back.
    wait_until(lambda: len(lines(pair)) == 4, "each has told it")


def test_a_file_that_is_whole_again_is_used_again(pair: Pair, path: Path) -> None:
    assert [answer.status for answer in writes(pair)] == [201, 200]
    before = path.read_bytes()
    write_noise_over_its_pages(path)
    wait_until(lambda: health_of_all_pages(pair) == {503}, "it is found out")
    with path.open("r+b") as file:
        file.write(before)
    wait_until(lambda: health_of_all_pages(pair) == {200}, "it is found whole")
    assert [answer.status for answer in writes(pair)] == [201, 200]
    assert orders_in(path) == 304
    wait_until(lambda: len(lines(pair)) == 4, "each has told it")


def health_of_all_pages(pair: Pair) -> set[int]:
    return {*(answer.status for answer in reads(pair)), *(status for status, *_ in health(pair))}


def test_another_file_in_its_place_is_used_by_servers_that_start_anew(
    path: Path, tmp_path: Path
) -> None:
    settings = {"database_url": f"sqlite:///{path}", "books": "300"}
    with running_pair(tmp_path, **settings) as before:
        assert [answer.status for answer in writes(before)] == [201, 200]
        replace(path)
        assert [refusal_of(answer) for answer in writes(before)] == [UNAVAILABLE] * 2
    # As the README has it: SQLite would take the former file's log for this one's.
    for ending in ENDINGS[1:]:
        Path(f"{path}{ending}").unlink(missing_ok=True)
    with running_pair(tmp_path, **settings) as after:
        assert [answer.status for answer in writes(after)] == [201, 200]
    # Nothing of what the former file had has come into this one.
    assert orders_in(path) == 302
