"""Subscriptions as clients of real servers see them, over both transports."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.exchange import Response
from tests.fixtures import Pair
from tests.streams import (
    EVENTS,
    WATCH,
    EventSource,
    Socket,
    move,
    new_order,
    socket_to,
    subscription_path,
)

UNKNOWN = 2_000_000_000


@pytest.fixture
def order(writing_pair: Pair) -> int:
    return new_order(writing_pair.rest)


@pytest.fixture
def socket(writing_pair: Pair) -> Iterator[Socket]:
    with socket_to(writing_pair.graphql.base_url) as opened:
        yield opened


def events(pair: Pair, order: int) -> EventSource:
    return EventSource(pair.graphql.base_url, subscription_path(order))


def asked(pair: Pair, query: str, **variables: Any) -> Response:
    """The answer to a POST that takes events only."""
    body = {"query": query, "variables": variables}
    return pair.graphql.request("POST", "/graphql", json_body=body, headers=EVENTS)


def sent_in(answer: Response) -> list[tuple[str, Any]]:
    """The events of an answer that is complete."""
    blocks = [block.split("\n") for block in answer.body.decode().split("\n\n")]
    named = [dict(line.split(":", 1) for line in block if line) for block in blocks]
    return [
        (block["event"].strip(), json.loads(block["data"]) if block["data"].strip() else None)
        for block in named
        if "event" in block
    ]


def test_a_subscription_over_a_websocket_sees_each_change_and_completes(
    writing_pair: Pair, socket: Socket, order: int
) -> None:
    operation = socket.start(WATCH, order=order)
    for status, api in (("paid", "graphql"), ("shipped", "rest"), ("delivered", "graphql")):
        move(writing_pair, order, status, api)
        event = socket.event()
        assert (event["orderId"], event["status"]) == (order, status)
    assert socket.receive() == {"id": operation, "type": "complete"}


def test_a_subscription_over_events_sees_each_change_and_completes(
    writing_pair: Pair, order: int
) -> None:
    source = events(writing_pair, order)
    assert source.answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert source.answer.getheader("Cache-Control") == "no-store"
    assert source.answer.getheader("Server-Timing") is None
    for status in ("paid", "cancelled"):
        move(writing_pair, order, status)
        sent = source.next()
        assert sent.kind == "next"
        assert sent.json["data"]["orderStatusChanged"]["status"] == status
    assert [sent.kind for sent in source] == ["complete"]
    source.close()


def test_events_come_by_post_too(writing_pair: Pair, order: int) -> None:
    move(writing_pair, order, "cancelled")
    (kind, answer), last = sent_in(asked(writing_pair, WATCH, order=order))
    assert kind == "next"
    assert answer["data"]["orderStatusChanged"]["status"] == "cancelled"
    assert last == ("complete", None)


def test_a_stream_of_events_has_a_heartbeat(writing_pair: Pair, order: int) -> None:
    source = events(writing_pair, order)
    lines = [source.answer.readline() for _ in range(4)]
    assert lines == [b":\n", b"\n"] * 2
    source.close()


def test_after_goes_on_where_a_dropped_connection_was(writing_pair: Pair, order: int) -> None:
    with socket_to(writing_pair.graphql.base_url) as first:
        first.start(WATCH, order=order)
        move(writing_pair, order, "paid")
        seen = [first.event()]
        first.drop()
    move(writing_pair, order, "shipped")
    with socket_to(writing_pair.graphql.base_url) as second:
        second.start(WATCH, order=order, after=seen[0]["id"])
        move(writing_pair, order, "delivered", "graphql")
        seen += [second.event(), second.event()]
        assert second.receive()["type"] == "complete"
    assert [event["status"] for event in seen] == ["paid", "shipped", "delivered"]
    assert len({event["id"] for event in seen}) == 3


def test_each_event_shows_the_order_as_it_is_then(
    writing_pair: Pair, socket: Socket, order: int
) -> None:
    socket.start(
        f"subscription {{ orderStatusChanged(orderId: {order}) {{ order {{ status }} }} }}"
    )
    for status in ("paid", "shipped"):
        move(writing_pair, order, status)
        assert socket.event() == {"order": {"status": status}}


def test_an_operation_can_be_ended_and_its_id_used_again(
    writing_pair: Pair, socket: Socket, order: int
) -> None:
    socket.start(WATCH, order=order)
    socket.send({"id": "1", "type": "complete"})
    later = socket.start("{ book(id: 1) { id } }")  # what is answered has come after that
    assert [socket.receive()["id"] for _ in range(2)] == [later] * 2
    move(writing_pair, order, "paid")
    query = {"query": "{ book(id: 1) { id } }"}
    socket.send({"id": "1", "type": "subscribe", "payload": query})
    assert socket.receive()["payload"] == {"data": {"book": {"id": 1}}}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"subscription {{ orderStatusChanged(orderId: {UNKNOWN}) {{ id }} }}", "NOT_FOUND"),
        ("subscription { orderStatusChanged(orderId: 0) { id } }", "VALIDATION"),
        ("subscription { orderStatusChanged(orderId: 1, after: -1) { id } }", "VALIDATION"),
        (
            "subscription { orderStatusChanged(orderId: 1) { nothing } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_code(
    writing_pair: Pair, socket: Socket, query: str, code: str
) -> None:
    socket.start(query)
    message = socket.receive()
    assert message["type"] == "error", message
    ((kind, answer), last) = sent_in(asked(writing_pair, query))
    assert (kind, last[0]) == ("next", "complete")
    assert message["payload"] == answer["errors"]
    assert answer["errors"][0]["extensions"]["code"] == code
    assert "data" not in answer


def test_a_wrong_argument_is_named_as_graphql_spells_it(socket: Socket) -> None:
    socket.start("subscription { orderStatusChanged(orderId: 0) { id } }")
    (error,) = socket.receive()["payload"]
    assert error["extensions"]["field"] == "orderId"
    assert error["message"].startswith("orderId must be between 1 and")


def test_the_limits_hold_on_a_websocket_too(socket: Socket) -> None:
    nested = "books(limit: 100) { author { books(limit: 100) { id } } }"
    socket.start(f"{{ authors(limit: 100) {{ {nested} }} }}")
    (error,) = socket.receive()["payload"]
    assert error["extensions"]["code"] == "TOO_COMPLEX"


def test_the_cost_is_told_on_a_websocket_too(socket: Socket) -> None:
    payload = {"query": "{ book(id: 1) { id } }", "extensions": {"cost": True}}
    socket.send({"id": "a", "type": "subscribe", "payload": payload})
    assert socket.receive()["payload"]["extensions"]["cost"]["computed"] == 1


@pytest.mark.parametrize("given", [{"cost": 7}, {"persistedQuery": 7}])
def test_extensions_that_are_none_are_refused(socket: Socket, given: Any) -> None:
    payload = {"query": "{ x }", "extensions": given}
    socket.send({"id": "a", "type": "subscribe", "payload": payload})
    message = socket.receive()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == "VALIDATION"


def test_what_an_execution_meets_with_comes_as_its_result(socket: Socket) -> None:
    socket.start("mutation { deleteOrder(id: 1) }")
    message = socket.receive()
    assert message["type"] == "next"
    assert message["payload"]["errors"][0]["extensions"]["code"] == "INVALID_TRANSITION"
    assert socket.receive()["type"] == "complete"


def test_a_connection_has_only_so_many_operations(socket: Socket, order: int) -> None:
    for _ in range(100):
        socket.start(WATCH, order=order)
    operation = socket.start(WATCH, order=order)
    message = socket.receive()
    assert (message["id"], message["type"]) == (operation, "error")
    assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"


def test_a_message_over_the_limit_of_bodies_ends_the_connection(socket: Socket) -> None:
    socket.send({"id": "a", "type": "subscribe", "payload": {"query": " " * 1_100_000}})
    assert socket.close_code() == 1009


def test_a_subscription_without_a_stream_is_refused(writing_pair: Pair, order: int) -> None:
    answer = writing_pair.graphql.post("/graphql", {"query": WATCH, "variables": {"order": order}})
    assert answer.status == 400
    assert "text/event-stream" in answer.json["errors"][0]["message"]


def test_who_takes_events_besides_json_gets_json_for_a_query(writing_pair: Pair) -> None:
    accept = {"Accept": "application/json, text/event-stream"}
    body = {"query": "{ book(id: 1) { id } }"}
    answer = writing_pair.graphql.request("POST", "/graphql", json_body=body, headers=accept)
    assert answer.json == {"data": {"book": {"id": 1}}}
