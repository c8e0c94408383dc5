"""Rounds, depth and what `Server-Timing` says, by hand-computed cases."""

import pytest
import requests

from client_examples.comparison.arms.exchanges import (
    level_sizes,
    operation_of,
    rounds,
    server_cost,
    server_timing,
)
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.screens import order_history
from tests.comparison.fake_bookstore import FakeBookstore


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], 0),
        ([1], 1),
        ([1] * 21, 21),
        ([1, 5, 15], 5),  # 1 + 1 + 3
        ([6], 1),
        ([7], 2),
        ([1, 5, 18], 5),
        ([1, 5, 19], 6),
    ],
)
def test_a_level_takes_a_round_per_six_exchanges(sizes, expected):
    assert rounds(sizes) == expected


def test_each_exchange_knows_its_level_and_round():
    arm = next(arm for arm in order_history.screen.arms if arm.name == "rest/parallel")
    with FakeBookstore() as server:
        loader = Loader(server.url, None)
        exchanges = loader.load(order_history.screen, arm).exchanges
        loader.close()
    assert level_sizes(exchanges) == [1, 5, 15]
    assert [one.level for one in exchanges] == [0] + [1] * 5 + [2] * 15
    assert [one.round for one in exchanges] == [0] + [1] * 5 + [2] * 6 + [3] * 6 + [4] * 3
    assert [one.path for one in exchanges[1:6]] == [f"/orders/{number}" for number in range(1, 6)]
    assert all(0 <= one.start_ns < one.end_ns for one in exchanges)


@pytest.mark.parametrize(
    ("cached", "cost"),
    [
        (None, (3, 0.5, 2.0)),
        ("edge; fwd=miss", (3, 0.5, 2.0)),
        ("edge; fwd=bypass", (3, 0.5, 2.0)),
        ("edge; fwd=stale", (3, 0.5, 2.0)),
        ("hit; fwd=miss", (3, 0.5, 2.0)),
        ("edge; hit", (0, 0, 0)),
        ("edge;hit;ttl=30", (0, 0, 0)),
        ("far; fwd=miss, edge; hit", (0, 0, 0)),
        ("edge; fwd=stale; fwd-status=304", (None, None, None)),
    ],
)
def test_an_answer_from_a_shared_cache_took_the_server_nothing(cached, cost):
    headers = {"Server-Timing": 'total;dur=2.00, db;dur=0.50;desc="3 statements"'}
    assert server_cost(headers | ({"Cache-Status": cached} if cached else {})) == cost


def test_a_server_that_tells_nothing_may_have_taken_anything():
    assert server_cost({}) == (None, None, None)


@pytest.mark.parametrize(
    "query", ["query OrderHistory { a }", " mutation  OrderHistory($a: Int) { a }"]
)
def test_an_exchange_knows_the_operation_that_its_body_names(query):
    sent = requests.Request("POST", "http://a/graphql", json={"query": query}).prepare()
    assert operation_of(sent) == "OrderHistory"


def test_an_operation_is_known_from_a_url_too():
    sent = requests.Request("GET", "http://a/graphql", params={"query": "query Deep { a }"})
    assert operation_of(sent.prepare()) == "Deep"


@pytest.mark.parametrize(
    "sent",
    [
        {"url": "http://a/books?search=query"},
        {"url": "http://a/orders", "json": {"items": []}},
        {"url": "http://a/orders", "json": [1]},
        {"url": "http://a/graphql", "json": {"query": "{ books { id } }"}},
        {"url": "http://a/graphql", "json": {"query": 1}},
        {"url": "http://a/graphql", "data": b"\xff{"},
        {"url": "http://a/graphql", "data": iter([b"{}"])},
    ],
)
def test_what_names_no_operation_has_none(sent):
    assert operation_of(requests.Request("POST", **sent).prepare()) == ""


def test_each_graphql_exchange_of_a_screen_has_the_name_of_its_operation():
    arm = next(arm for arm in order_history.screen.arms if arm.name == "graphql/planned")
    with FakeBookstore() as server:
        loader = Loader(None, server.url)
        exchanges = loader.load(order_history.screen, arm).exchanges
        loader.close()
    assert [one.operation for one in exchanges] == ["OrderHistory"]


def test_an_exchange_records_its_bytes_before_and_after_compression():
    arm = next(arm for arm in order_history.screen.arms if arm.name == "rest/batched")
    with FakeBookstore() as server:
        loader = Loader(server.url, None)
        orders, books = loader.load(order_history.screen, arm).exchanges
        loader.close()
    assert books.body_bytes > 1000 > books.encoded_body_bytes > 0
    assert (orders.sent_body_bytes, orders.repeatable) == (0, True)
    assert (orders.statements, orders.db_ms, orders.server_ms) == (2, 0.25, 1.5)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, {}),
        ("", {}),
        (
            'total;dur=2.31, db;dur=0.64;desc="4 statements"',
            {"total": (2.31, ""), "db": (0.64, "4 statements")},
        ),
        ('a;desc="one, two; three";dur=1 , b', {"a": (1.0, "one, two; three"), "b": (None, "")}),
        ("cache-hit;dur=3", {"cache-hit": (3.0, "")}),
    ],
)
def test_server_timing_is_read(header, expected):
    assert server_timing(header) == expected
