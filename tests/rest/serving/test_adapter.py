"""The way from ASGI to Flask: what runs where, and what becomes of a body that is not whole."""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rest_api.app import create_app
from rest_api.framework import _of_all_such
from rest_api.serving import environ
from rest_api.serving.adapter import Adapter
from rest_api.serving.request_body import Receive
from rest_api.web.middleware import Middleware
from shared import limits
from shared.config import Settings
from shared.database import Database
from shared.errors import BodyTimedOut
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.running import Pools
from tests.bookstores import private_settings
from tests.waiting import LIMIT_S

Header = tuple[bytes, bytes]
JSON: Header = (b"content-type", b"application/json")
EVENTS: Header = (b"accept", b"text/event-stream")
CHUNKED: Header = (b"transfer-encoding", b"chunked")
AUTHOR = b'{"name": "N", "email": "adapted@example.com"}'


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """An application with its adapter, asked without a server in between."""

    def __init__(self, settings: Settings, bookstore: Bookstore) -> None:
        self.pools = Pools(bookstore.database)
        self.path = str(bookstore.database.engine.url.database)
        middleware = create_app(settings, bookstore).wsgi_app
        assert isinstance(middleware, Middleware)
        self._adapter = Adapter(middleware, self.pools, settings)

    async def ask(
        self, method: str, path: str, *headers: Header, receive: Receive | None = None
    ) -> Answer:
        """The answer; `receive` gives what comes after the head."""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "raw_path": path.partition("?")[0].encode(),
            "query_string": path.partition("?")[2].encode(),
            "headers": [(b"host", b"localhost"), *headers],
        }
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._adapter(scope, receive or comes(), send)
        assert not sent[-1].get("more_body"), "the answer has no end"
        named = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(
            sent[0]["status"], named, b"".join(message.get("body", b"") for message in sent[1:])
        )


def part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


GONE = {"type": "http.disconnect"}  # or the client's end is closed


def comes(*messages: dict[str, Any]) -> Receive:
    """These, as a server tells of a body, and then nothing more."""
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    return receive


def sized(length: int) -> Header:
    return (b"content-length", str(length).encode())


@contextmanager
def opened(**given: Any) -> Iterator[Served]:
    """One over a bookstore of its own."""
    settings = private_settings(books=30, **given)
    bookstore = open_bookstore(settings)
    made = Served(settings, bookstore)
    yield made
    made.pools.close()
    bookstore.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """One with the settings that are there if nobody sets any."""
    with opened() as made:
        yield made


def authors(served: Served) -> int:
    return len(asyncio.run(served.ask("GET", "/authors?limit=100")).json)


@pytest.mark.parametrize(
    "head",
    [[sized(len(AUTHOR))], [CHUNKED], [sized(len(AUTHOR) + 500)]],
    ids=["length", "chunks", "short"],
)
def test_an_incomplete_body_is_400_and_writes_nothing(served: Served, head: list[Header]) -> None:
    """Though what has come would be valid by itself."""
    before = authors(served)
    answer = asyncio.run(
        served.ask("POST", "/authors", JSON, *head, receive=comes(part(AUTHOR), GONE))
    )
    assert (answer.status, answer.json["code"]) == (400, "MALFORMED_BODY")
    assert "ended" in answer.json["detail"]
    assert authors(served) == before


def test_a_body_in_pieces_is_one_body(served: Served) -> None:
    pieces = comes(part(AUTHOR[:5]), part(b""), part(AUTHOR[5:], more=False))
    answer = asyncio.run(served.ask("POST", "/authors", JSON, CHUNKED, receive=pieces))
    assert answer.status == 201


def test_a_stream_whose_body_does_not_come_has_an_end(served: Served) -> None:
    """A body of a GET means nothing; what is wrong with it is no error of the stream."""

    async def receive() -> dict[str, Any]:
        raise BodyTimedOut("the body must come within 10 s")

    asked = served.ask("GET", "/orders/1/events", EVENTS, sized(5), receive=receive)
    answer = asyncio.run(asyncio.wait_for(asked, LIMIT_S))
    assert answer.status == 200


def test_names_of_headers_are_remembered_within_a_length(served: Served) -> None:
    before = environ._known_key.cache_info().currsize
    for number in range(10):
        long = (b"x%d" % number + b"y" * 60_000, b"z")
        assert asyncio.run(served.ask("GET", "/ping", long)).status == 200
    assert environ._known_key.cache_info().currsize <= before + 1  # of `Host`


def test_routes_are_remembered_within_a_length(served: Served) -> None:
    _of_all_such.cache_clear()
    for number in range(10):
        path = f"/problems/{number}" + "x" * 50_000
        assert asyncio.run(served.ask("GET", path)).status == 404
    assert _of_all_such.cache_info().currsize == 0


def test_above_what_bodies_may_have_together_who_comes_is_told_to_come_back(
    served: Served,
) -> None:
    """Of each body the last byte is missing: as many as there is room for, and another one."""
    room = limits.MAX_RECEIVING_BYTES // limits.MAX_BODY_BYTES
    almost, last = part(b" " * (limits.MAX_BODY_BYTES - 1)), part(b" ", more=False)

    async def post(*messages: dict[str, Any]) -> Answer:
        head = (JSON, sized(limits.MAX_BODY_BYTES))
        return await served.ask("POST", "/authors", *head, receive=comes(*messages))

    async def fill() -> tuple[Answer, Answer]:
        slow = [asyncio.create_task(post(almost)) for _ in range(room)]
        await asyncio.sleep(0)  # each has come as far as it does
        refused = await post(almost, last)
        for one in slow:
            one.cancel()
        await asyncio.wait(slow)
        return refused, await post(almost, last)

    refused, after = asyncio.run(fill())
    assert (refused.status, refused.json["code"]) == (503, "TOO_MANY_BODIES")
    assert refused.headers["retry-after"] == "1"
    assert after.status == 400  # it is read, and is no JSON


@pytest.mark.parametrize("said", [[CHUNKED], [sized(limits.MAX_BODY_BYTES + 2)]])
def test_a_body_over_the_limit_is_read_away_and_told(served: Served, said: list[Header]) -> None:
    whole = comes(part(b" " * limits.MAX_BODY_BYTES), part(b" "), part(b" ", more=False))
    answer = asyncio.run(served.ask("POST", "/authors", JSON, *said, receive=whole))
    assert (answer.status, answer.json["code"]) == (413, "TOO_LARGE")
    assert asyncio.run(served.ask("GET", "/authors/1")).status == 200


def where(served: Served, monkeypatch: pytest.MonkeyPatch, *asked: Any, **more: Any) -> list[str]:
    """The names of the threads in which a request reads or writes."""
    seen = []
    for name in ("reading", "snapshot", "writing"):
        real = getattr(Database, name)

        def noted(database: Database, real: Any = real, **given: Any) -> Any:
            seen.append(threading.current_thread().name.partition("_")[0])
            return real(database, **given)

        monkeypatch.setattr(Database, name, noted)
    answer = asyncio.run(served.ask(*asked, **more))
    assert answer.status < 400, answer
    return seen


LOOP, READERS, WRITERS = ["MainThread"], ["read"], ["write"]
ORDER = b'{"customer_id": 1, "items": [{"book_id": 20, "quantity": 1}]}'


@pytest.mark.parametrize(
    ("path", "threads"),
    [
        ("/books/1", LOOP),
        ("/books?limit=100", LOOP),
        ("/customers/1?fields=orders.items.book.title", LOOP),
        ("/health", LOOP),
        ("/orders/1/events", LOOP),
        ("/ping", []),
        ("/openapi.json", []),
        ("/authors?limit=20&fields=books.author.books.title", READERS),  # 8,840 objects
    ],
)
def test_what_is_short_is_read_on_the_loop(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str, threads: list[str]
) -> None:
    assert where(served, monkeypatch, "GET", path) == threads


@pytest.mark.parametrize("path", ["/books/1", "/books", "/health", "/orders/1/events"])
def test_what_may_wait_is_read_in_a_thread(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    with opened(db_latency_ms=1) as slow:
        assert where(slow, monkeypatch, "GET", path) == READERS


BOOK = (
    b'{"title": "T", "isbn": "9780306406157", "price": 1, "publication_date": "2024-01-01", '
    b'"author_id": 1, "genre": "G"}'
)


def written_where(
    served: Served, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: bytes
) -> list[str]:
    whole = comes(part(body, more=False))
    return where(served, monkeypatch, method, path, JSON, sized(len(body)), receive=whole)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders", ORDER),
        ("PATCH", "/books/20", b'{"stock": 7}'),
        ("PATCH", "/authors/1", b'{"bio": "B"}'),
    ],
)
def test_a_write_that_nobody_is_before_runs_on_the_loop(
    served: Served, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: bytes
) -> None:
    assert written_where(served, monkeypatch, method, path, body) == LOOP


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/books", BOOK),
        ("PUT", "/books/20", BOOK),
        ("PATCH", "/books/20", b'{"title": "Another"}'),
        ("PATCH", "/books/20", b'{"description": "Another"}'),
    ],
)
def test_what_books_are_searched_by_is_written_in_a_thread(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: bytes
) -> None:
    with opened() as own:
        assert written_where(own, monkeypatch, method, path, body) == [*LOOP, *WRITERS]


def test_a_book_is_deleted_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as own:
        made = comes(part(BOOK, more=False))
        book = asyncio.run(own.ask("POST", "/books", JSON, sized(len(BOOK)), receive=made)).json
        assert where(own, monkeypatch, "DELETE", f"/books/{book['id']}") == [*LOOP, *WRITERS]


@pytest.mark.parametrize("where_it_lies", ["slow", "on disk"])
def test_a_write_that_may_wait_is_done_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where_it_lies: str
) -> None:
    given: dict[str, Any] = (
        {"db_latency_ms": 1}
        if where_it_lies == "slow"
        else {"database_url": f"sqlite:///{tmp_path}/books.db"}
    )
    with opened(**given) as own:
        assert written_where(own, monkeypatch, "POST", "/orders", ORDER) == WRITERS


def test_a_write_that_another_process_is_before_waits_in_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others are answered meanwhile, and what waits is done when the other has ended."""

    async def ask(own: Served, other: sqlite3.Connection) -> tuple[Answer, Answer]:
        body = comes(part(ORDER, more=False))
        order = asyncio.create_task(
            own.ask("POST", "/orders", JSON, sized(len(ORDER)), receive=body)
        )
        await asyncio.sleep(0)
        point = await own.ask("GET", "/books/20")
        assert not order.done()
        other.execute("COMMIT")
        return await order, point

    with opened() as own, closing(sqlite3.connect(own.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        order, point = asyncio.run(ask(own, other))
    assert order.status == 201
    assert point.status == 200


def test_a_write_that_no_thread_takes_in_time_is_told_so() -> None:
    """What needs no database is answered meanwhile, and what is refused before it is written."""
    with opened(request_timeout_s=0.2) as busy:
        free = threading.Event()
        busy.pools.writers.submit(free.wait)
        body = comes(part(BOOK, more=False))
        late = asyncio.run(busy.ask("POST", "/books", JSON, sized(len(BOOK)), receive=body))
        wrong = asyncio.run(
            busy.ask("POST", "/orders", JSON, sized(2), receive=comes(part(b"{}", more=False)))
        )
        point = asyncio.run(busy.ask("GET", "/books/20"))
        free.set()
    assert (late.status, late.json["code"]) == (503, "TIMEOUT")
    assert wrong.status == 422
    assert point.status == 200


def test_a_header_arrives_whatever_its_bytes(served: Served) -> None:
    key = (b"idempotency-key", b"caf\xe9")
    body = comes(part(ORDER, more=False))
    answer = asyncio.run(served.ask("POST", "/orders", JSON, sized(len(ORDER)), key, receive=body))
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_an_underscore_makes_no_other_header(served: Served) -> None:
    other = (b"if_none_match", b"*")
    assert asyncio.run(served.ask("GET", "/books/1", other)).status == 200
    assert asyncio.run(served.ask("GET", "/books/1", (b"if-none-match", b"*"))).status == 304
