"""What one request may ask for, and how long it may take."""

from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from rest_api.app import create_app
from rest_api.web.current import bookstore
from shared.database import Connection
from shared.operations import books
from shared.storage.instrumentation import current_timing
from shared.storage.statements import Statement
from tests.bookstores import private_settings
from tests.postgresql_cluster import shared_cluster
from tests.rest.conftest import Maker, statements

# Counts to more than any machine can in the time.
ENDLESS = Statement(
    text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT count(*) FROM n"
    )
)

# -- cost ------------------------------------------------------------------------------------

DEAR = "fields=books.author.books.title"  # 1 + 20 x (1 + 1 + 20): 441 objects for each author


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        (f"/authors?limit=22&{DEAR}", None),
        (f"/authors?limit=23&{DEAR}", 10_143),
        (f"/authors?limit=100&{DEAR}", 44_100),
        (f"/authors?{DEAR}", None),
        (f"/authors?ids=1,2,3&{DEAR}", None),
        (f"/authors?ids={','.join(map(str, range(1, 24)))}&{DEAR}", 10_143),
        (f"/authors/1?{DEAR}", None),
        (f"/authors/1?{DEAR.replace('title', 'author.books')}", None),
        ("/authors/1/books?limit=25&fields=author.books.author.books", 11_050),
    ],
)
def test_fields_may_ask_for_so_many_objects(
    client: FlaskClient, path: str, cost: int | None
) -> None:
    answer = client.get(path)
    if cost is None:
        assert answer.status_code == 200
        return
    problem: Any = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "TOO_COMPLEX")
    assert (problem["cost"], problem["limit"]) == (cost, 10_000)
    (error,) = problem["errors"]
    assert (error["in"], error["field"]) == ("query", "fields")
    assert statements(answer) == 0


def test_an_order_counts_as_many_items_as_it_may_have(make: Maker) -> None:
    client = make(max_cost=100)  # an order: 1 + 20 items, each 1 + its book
    assert client.get("/orders?limit=3&fields=items").status_code == 200
    assert client.get("/orders?limit=5&fields=items").get_json()["cost"] == 105
    assert client.get("/orders?limit=3&fields=items.book.title").get_json()["cost"] == 123


def test_a_list_without_fields_is_never_refused(make: Maker) -> None:
    client = make(max_cost=1)
    for path in ("/orders?limit=100", "/authors", "/customers/1/orders", "/orders?ids=1,2,3"):
        assert client.get(path).status_code == 200
    assert client.get("/books/1?fields=title").status_code == 200
    assert client.get("/books?limit=2&fields=title").get_json()["cost"] == 2


def test_what_a_write_shows_counts_before_anything_is_written(make: Maker) -> None:
    client = make(max_cost=1)
    new = {"name": "N", "email": "n@example.com"}
    assert client.post("/authors?fields=books.title", json=new).status_code == 422
    assert client.post("/authors", json=new).status_code == 201
    order = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}
    assert client.post("/orders", json=order).status_code == 201


# -- time ------------------------------------------------------------------------------------


def too_late(answer: Any) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (503, "TIMEOUT")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def never_ends(connection: Connection, *_: object, **__: object) -> Any:
    return connection.first(ENDLESS)


def patient(client: FlaskClient) -> FlaskClient:
    """Another of the same bookstore, whose requests may take as long as a busy machine needs."""
    with client.application.app_context():
        return create_app(private_settings(), bookstore()).test_client()


class Clock:
    """Time that passes by the delays of statements alone."""

    def __init__(self) -> None:
        self.now_ns = 0

    def perf_counter_ns(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)


def test_a_request_whose_statements_wait_too_long_is_ended(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, clock = make(request_timeout_s=0.05, db_latency_ms=40), Clock()
    monkeypatch.setattr("shared.storage.connections.time", clock)
    monkeypatch.setattr("shared.storage.instrumentation.perf_counter_ns", clock.perf_counter_ns)
    for path in ("/books/1?fields=author.books.title", "/orders?fields=items.book.author.name"):
        too_late(client.get(path))
    assert client.get("/books/1").status_code == 200  # one statement: 40 ms
    assert client.get("/ping").status_code == 200


def test_a_statement_that_waits_longer_than_the_request_may_is_not_begun(make: Maker) -> None:
    client = make(request_timeout_s=0.05, db_latency_ms=300)
    answer = client.get("/books/1")
    too_late(answer)
    assert statements(answer) == 0


@pytest.mark.parametrize("path", ["/books/1", "/books/1?fields=author.name"])
def test_a_statement_that_takes_too_long_is_ended_in_sqlite(
    make: Maker, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    client = make(request_timeout_s=0.1)
    with monkeypatch.context() as patched:
        patched.setattr(books, "get_book", never_ends)
        too_late(client.get(path))
    assert patient(client).get(path).status_code == 200


def test_a_write_that_takes_too_long_changes_nothing(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, update = make(request_timeout_s=0.1), books.update_book
    before = patient(client).get("/books/1").data

    def change_and_go_on(connection: Connection, *arguments: Any, **given: Any) -> Any:
        update(connection, *arguments, **given)
        return connection.first(ENDLESS)

    with monkeypatch.context() as patched:
        patched.setattr(books, "update_book", change_and_go_on)
        too_late(client.patch("/books/1", json={"stock": 7}))
    assert patient(client).get("/books/1").data == before
    assert patient(client).patch("/books/1", json={"stock": 7}).status_code == 200


def test_a_statement_that_takes_too_long_is_ended_in_postgresql(
    make: Maker, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    url = shared_cluster(request).new_database()
    client = make(request_timeout_s=0.3, database_url=url)
    with monkeypatch.context() as patched:
        patched.setattr(books, "get_book", never_ends)
        too_late(client.get("/books/1"))
    with client.application.app_context():
        held: AbstractContextManager[Connection] = bookstore().database.writing()
    with held as connection:
        connection.first(Statement(text("SELECT id FROM book WHERE id = 1 FOR UPDATE")))
        too_late(client.patch("/books/1", json={"stock": 7}))
    assert patient(client).get("/books/1").status_code == 200
    with client.application.app_context():
        bookstore().close()


@pytest.mark.parametrize("path", ["/books/1", "/books/0", "/orders/1/events", "/openapi.json"])
def test_a_request_leaves_its_end_to_nothing_that_comes_after_it(
    client: FlaskClient, path: str
) -> None:
    client.get(path, headers={"Accept": "text/event-stream, */*"}).close()
    assert current_timing() is None
