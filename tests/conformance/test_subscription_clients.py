"""Subscriptions, by the clients that browsers use: graphql-ws and graphql-sse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance import node
from tests.conformance.node import Message, Subscriber
from tests.fixtures import Pair
from tests.streams import move, new_order

pytestmark = pytest.mark.usefixtures("node_modules")

WATCH = """subscription ($order: Int!, $after: Int) {
  orderStatusChanged(orderId: $order, after: $after) {
    id orderId status occurredAt order { status customer { name } }
  }
}"""
PROTOCOL = "graphql-transport-ws"
INIT = json.dumps({"type": "connection_init"})
TRANSPORTS = ["ws", "sse"]


def subscribe(operation: str, query: str) -> str:
    return json.dumps({"id": operation, "type": "subscribe", "payload": {"query": query}})


def url_of(pair: Pair, transport: str) -> str:
    scheme = "ws" if transport == "ws" else "http"
    return f"{pair.graphql.base_url.replace('http', scheme, 1)}/graphql"


@pytest.fixture(params=TRANSPORTS)
def watching(writing_pair: Pair, request: pytest.FixtureRequest) -> Iterator[Subscriber]:
    """A client of each kind."""
    with node.subscriber(request.param, url_of(writing_pair, request.param)) as made:
        yield made


@pytest.fixture
def over_websocket(writing_pair: Pair) -> Iterator[Subscriber]:
    with node.subscriber("ws", url_of(writing_pair, "ws")) as made:
        yield made


@pytest.fixture
def order(writing_pair: Pair) -> int:
    return new_order(writing_pair.rest)


def event_of(message: Message) -> dict[str, Any]:
    """The event that a message brings."""
    assert message["kind"] == "next", message
    assert "errors" not in message["result"], message
    event: dict[str, Any] = message["result"]["data"]["orderStatusChanged"]
    return event


def test_a_change_through_either_server_is_seen(
    writing_pair: Pair, watching: Subscriber, order: int
) -> None:
    watching.start(WATCH, order=order)
    seen = []
    for status, api in (("paid", "rest"), ("shipped", "graphql")):
        move(writing_pair, order, status, api)
        event = event_of(watching.next())
        assert (event["orderId"], event["status"]) == (order, status)
        assert event["order"]["status"] == status
        assert event["order"]["customer"]["name"]
        seen.append(event["id"])
    assert seen == sorted(seen)


@pytest.mark.slow
def test_the_last_status_ends_it(writing_pair: Pair, watching: Subscriber, order: int) -> None:
    watching.start(WATCH, order=order)
    move(writing_pair, order, "cancelled")
    assert [event_of(message)["status"] for message in watching.until_complete()] == ["cancelled"]


@pytest.mark.slow
def test_what_was_before_comes_first(writing_pair: Pair, watching: Subscriber, order: int) -> None:
    move(writing_pair, order, "paid")
    move(writing_pair, order, "shipped", "graphql")
    watching.start(WATCH, order=order)
    assert [event_of(watching.next())["status"] for _ in range(2)] == ["paid", "shipped"]
    move(writing_pair, order, "delivered")
    assert [event_of(message)["status"] for message in watching.until_complete()] == ["delivered"]


def test_after_a_dropped_connection_nothing_is_missed_or_comes_twice(
    writing_pair: Pair, watching: Subscriber, order: int
) -> None:
    watching.start(WATCH, order=order)
    move(writing_pair, order, "paid")
    first = event_of(watching.next())
    watching.drop()
    move(writing_pair, order, "shipped", "graphql")
    watching.start(WATCH, order=order, after=first["id"])
    move(writing_pair, order, "delivered")
    rest = [event_of(message) for message in watching.until_complete()]
    assert [event["status"] for event in rest] == ["shipped", "delivered"]
    assert len({event["id"] for event in [first, *rest]}) == 3


@pytest.mark.slow
def test_a_finished_order_completes_at_once(
    writing_pair: Pair, watching: Subscriber, order: int
) -> None:
    move(writing_pair, order, "cancelled")
    watching.start(WATCH, order=order)
    (message,) = watching.until_complete()
    watching.start(WATCH, order=order, after=event_of(message)["id"])
    assert watching.until_complete() == []


@pytest.mark.slow
def test_an_order_that_does_not_exist_is_an_error(watching: Subscriber) -> None:
    watching.start(WATCH, order=2_000_000_000)
    message = watching.next()
    errors = message["result"]["errors"] if message["kind"] == "next" else message["errors"]
    assert errors[0]["extensions"]["code"] == "NOT_FOUND", message


@pytest.mark.slow
def test_a_query_is_answered_once(watching: Subscriber) -> None:
    watching.start("{ book(id: 1) { title } }")
    (message,) = watching.until_complete()
    assert message["result"]["data"] == {"book": {"title": "Python Programming"}}


@pytest.mark.slow
def test_a_mutation_is_answered_once(watching: Subscriber, order: int) -> None:
    watching.start(f"mutation {{ setOrderStatus(id: {order}, status: paid) {{ status }} }}")
    (message,) = watching.until_complete()
    assert message["result"]["data"] == {"setOrderStatus": {"status": "paid"}}


@pytest.mark.slow
def test_a_refusal_has_its_code(watching: Subscriber) -> None:
    watching.start("mutation { deleteBook(id: 2000000000) }")
    message = watching.next()
    assert message["kind"] == "next", message
    assert message["result"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_a_document_that_breaks_the_schema_is_an_error(over_websocket: Subscriber) -> None:
    over_websocket.start("subscription { nothing }")
    message = over_websocket.next()
    assert message["kind"] == "error", message
    assert message["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_one_connection_has_many_operations(
    writing_pair: Pair, over_websocket: Subscriber, order: int
) -> None:
    over_websocket.start(WATCH, "watch", order=order)
    over_websocket.start("{ book(id: 1) { id } }", "ask")
    answers = [over_websocket.next() for _ in range(2)]
    assert [(message["kind"], message["id"]) for message in answers] == [
        ("next", "ask"),
        ("complete", "ask"),
    ]
    move(writing_pair, order, "paid")
    assert event_of(over_websocket.next())["status"] == "paid"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (["not JSON"], 4400),
        (['{"type":"no such type"}'], 4400),
        ([subscribe("a", "{ book(id: 1) { id } }")], 4401),
        ([INIT, INIT], 4429),
    ],
    ids=["not JSON", "no such type", "not begun", "begun twice"],
)
def test_a_bad_beginning_closes_the_connection(
    writing_pair: Pair, said: list[str], code: int
) -> None:
    closed = node.run("closing.mjs", url_of(writing_pair, "ws"), PROTOCOL, *said)
    assert closed["code"] == code, closed


@pytest.mark.slow
def test_the_same_operation_twice_closes_the_connection(writing_pair: Pair, order: int) -> None:
    watch = f"subscription {{ orderStatusChanged(orderId: {order}) {{ id }} }}"
    said = (INIT, subscribe("a", watch), subscribe("a", watch))
    closed = node.run("closing.mjs", url_of(writing_pair, "ws"), PROTOCOL, *said)
    assert closed["code"] == 4409, closed
    assert closed["messages"][0] == {"type": "connection_ack"}


@pytest.mark.slow
def test_another_subprotocol_is_not_spoken(writing_pair: Pair) -> None:
    closed = node.run("closing.mjs", url_of(writing_pair, "ws"), "graphql-other", INIT)
    assert closed["code"] == 4406 or closed["refused"], closed
    assert not closed["messages"]
