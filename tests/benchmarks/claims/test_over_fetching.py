"""Claim 11: REST as it is begun, users who wait for each other, and the steps to equal requests."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from pydantic import TypeAdapter

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, Claim
from benchmarks.claims.over_fetching import users
from benchmarks.claims.over_fetching.claim import much_faster
from benchmarks.claims.over_fetching.measuring import Effort, copy_without_indexes, measure
from benchmarks.claims.over_fetching.results import (
    ALL_ROWS,
    DATALOADER,
    FIELDS,
    PLANNED,
    REFUSED,
    SAME_FIELDS,
    SAME_INDEX,
    SAME_PAGE,
    Answers,
    Beside,
    OverFetchingResults,
    Samples,
    answers_of,
)
from benchmarks.claims.over_fetching.users import Asked, by_many, by_one
from benchmarks.claims.servers import serving
from client_examples.comparison.errors import LoadFailed
from tests.fixtures import BOOKS, Pair

MODULE = "benchmarks.claims.over_fetching.naive_rest"
QUICK = Effort(rows=300, users=3, pause_s=0.02, seconds=0.2, rounds=2, alone=2)
P95 = {
    REFUSED: 12.0, DATALOADER: 10.0, PLANNED: 4.0, ALL_ROWS: 7_000.0, SAME_PAGE: 54.0,
    SAME_FIELDS: 15.0, SAME_INDEX: 12.0, FIELDS: 5.0,
}  # fmt: skip


# -- REST as it is begun --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def naive(reading_pair: Pair) -> Iterator[str]:
    with serving("naive REST", [MODULE, "--database", str(reading_pair.database)], {}) as port:
        yield f"http://127.0.0.1:{port}"


def test_without_a_limit_it_answers_with_every_book_and_its_author(naive: str) -> None:
    books = requests.get(f"{naive}/books", timeout=60).json()
    assert len(books) == BOOKS
    dates = [book["publication_date"] for book in books]
    assert dates == sorted(dates, reverse=True)
    assert all(set(book["author"]) == {"id", "name", "email", "bio"} for book in books)


def test_with_page_and_fields_it_answers_as_the_bookstore_s_own_server(
    naive: str, reading_pair: Pair
) -> None:
    asked = "limit=20&fields=id,title"
    own = f"{reading_pair.rest.base_url}/books?sort=-publication_date&{asked}"
    expected = requests.get(own, timeout=60).json()
    assert requests.get(f"{naive}/books?{asked}", timeout=60).json() == expected


def test_a_copy_without_indexes_has_all_rows(reading_pair: Pair, tmp_path: Path) -> None:
    copy = tmp_path / "books.db"
    copy_without_indexes(reading_pair.database, copy)
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM book").fetchone() == (BOOKS,)
        newest = "SELECT id FROM book ORDER BY publication_date DESC, id LIMIT 20"
        plan = " ".join(row[3] for row in opened.execute(f"EXPLAIN QUERY PLAN {newest}"))
    assert "TEMP B-TREE FOR ORDER BY" in plan
    assert "INDEX" not in plan


# -- users ----------------------------------------------------------------------------------------


@contextmanager
def answering(answer: Any) -> Iterator[str]:
    """A server whose answers are a function's: a status and a body."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body = answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_users_wait_for_each_other_where_one_is_served_at_a_time() -> None:
    turn, busy_s = threading.Lock(), 0.03

    def answer() -> tuple[int, bytes]:
        with turn:
            threading.Event().wait(busy_s)
        return 200, b"done"

    with answering(answer) as url:
        alone = by_one(Asked(url), 5)
        found = by_many(Asked(url), users=6, pause_s=0.0, seconds=0.6)
    assert min(alone) >= busy_s * 1_000
    # Each waits for the five before: never less, on whatever machine.
    assert sorted(found.times)[len(found.times) // 2] >= 4 * busy_s * 1_000
    assert found.per_s <= 1 / busy_s * 1.1


def test_users_pause_between_answers_and_few_answers_are_waited_for() -> None:
    with answering(lambda: (200, b"done")) as url:
        found = by_many(Asked(url), users=4, pause_s=0.1, seconds=0.2, least=20)
    assert len(found.times) >= 20
    seconds = len(found.times) / found.per_s
    assert len(found.times) <= 4 * (seconds / 0.1 + 1)


def test_what_is_not_answered_well_ends_the_load() -> None:
    with answering(lambda: (503, b"busy")) as url:
        with pytest.raises(LoadFailed, match="not answered well") as error:
            by_many(Asked(url), users=3, pause_s=0.01, seconds=5.0)
        assert "503" in str(error.value)
        assert "busy" in str(error.value)


def test_an_answer_unlike_the_first_ends_the_load() -> None:
    numbers = iter(range(1_000_000))
    with (
        answering(lambda: (200, str(next(numbers)).encode())) as url,
        pytest.raises(LoadFailed, match="answered in two ways"),
    ):
        by_many(Asked(url), users=2, pause_s=0.01, seconds=5.0)


def test_whatever_else_goes_wrong_ends_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of this program's own: else it would wait for users who are gone."""

    def fails(*_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(users, "answer", fails)
    with pytest.raises(RuntimeError, match="no such thing"):
        by_many(Asked("http://127.0.0.1:9/"), users=3, pause_s=0.01, seconds=5.0)


# -- the claim ------------------------------------------------------------------------------------


def found(**p95: float) -> OverFetchingResults:
    each = P95 | p95
    servers = [
        Answers(
            name, 1_000, p95_ms / 20, p95_ms / 2, p95_ms, 49.0, 100,
            {to: Beside(p95_ms / each[to], 1, 1, name == FIELDS) for to in (DATALOADER, PLANNED)},
        )
        for name, p95_ms in each.items()
    ]  # fmt: skip
    return OverFetchingResults(servers, 50, 1.0, 3.0, 2, 4_000, 20)


def judged(results: OverFetchingResults) -> Claim:
    """By what is read from the file again."""
    read = json.loads(json.dumps(asdict(results)))
    return much_faster(TypeAdapter(OverFetchingResults).validate_python(read))


def test_the_verdict_says_what_must_differ_and_what_is_left() -> None:
    claim = judged(found())
    assert claim.verdict.kind == "holds if"
    assert claim.verdict.condition == (
        "REST answers with every row, and GraphQL with two fields of a page; "
        "with the same page, fields and index REST's p95 is 1.25 times GraphQL's"
    )
    assert claim.usual.verdict.condition.endswith("REST's p95 is 1.20 times GraphQL's")


@pytest.mark.parametrize(
    ("p95", "told"),
    [
        ({ALL_ROWS: 399.0}, str(DOES_NOT_HOLD)),
        ({SAME_PAGE: 400.0}, "**holds if** REST answers with all members of each row"),
        ({SAME_FIELDS: 400.0}, "**holds if** REST has no index"),
        ({FIELDS: 400.0}, str(HOLDS)),
    ],
)
def test_other_numbers_turn_the_verdict_over(p95: dict[str, float], told: str) -> None:
    assert str(judged(found(**p95)).verdict).startswith(told)


def test_the_table_goes_from_hundreds_of_times_to_about_one() -> None:
    claim = judged(found())
    times = [row[2] for row in claim.table.rows]
    assert times == ["583", "700", "5.40", "1.50", "1.20", "1.25"]
    assert claim.table.rows[-1][3] == "tie"
    assert {len(row) for row in claim.table.rows} == {len(claim.table.header)}
    assert (
        "5.40 times are left, with the same fields too 1.50, and with the same index 1.20"
        in (claim.why[1])
    )
    assert all(one.url.startswith("https://github.com/JakubMiko/") for one in claim.sources)


def test_figures_are_of_all_rounds_together() -> None:
    samples = dict.fromkeys(
        P95, Samples(10, [1.0, 2.0, 9.0], [10.0] * 95 + [50.0] * 10, [4.0, 6.0])
    )
    samples[FIELDS] = replace(samples[FIELDS], loaded=[20.0] * 100)
    by_name = {one.name: one for one in answers_of(samples, "seed")}
    assert by_name[ALL_ROWS].alone_ms == 2.0
    assert (by_name[ALL_ROWS].median_ms, by_name[ALL_ROWS].p95_ms) == (10.0, 50.0)
    assert by_name[ALL_ROWS].per_s == 5.0
    assert by_name[ALL_ROWS].beside[DATALOADER].is_tie
    assert by_name[FIELDS].beside[PLANNED] == Beside(2.0, 2.0, 2.0, False)


@pytest.mark.slow
def test_it_is_measured_and_leaves_no_process() -> None:
    children = {one.pid for one in psutil.Process().children(recursive=True)}
    told: list[str] = []
    results = measure(QUICK, told.append)
    assert told == ["over-fetching: round 1 of 2", "over-fetching: round 2 of 2"]
    assert results.rows == 300
    servers = {one.name: one for one in results.servers}
    assert set(servers) == set(P95)
    assert servers[ALL_ROWS].body_bytes > 10 * servers[SAME_PAGE].body_bytes
    assert servers[SAME_FIELDS].body_bytes == servers[SAME_INDEX].body_bytes
    assert all(one.answers for one in servers.values())  # how many, the machine decides
    assert all(one.alone_ms > 0 and 0 < one.median_ms <= one.p95_ms for one in servers.values())
    left = {one.pid for one in psutil.Process().children(recursive=True)} - children
    assert not left
