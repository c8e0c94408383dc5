"""Messages over WebSockets that are none: 4400 and what is wrong, and nothing in the log."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from starlette.types import Message
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from graphql_api.asgi.websocket import PROTOCOL, GraphQLWebSocket
from graphql_api.execution.engine import Answer
from tests.fixtures import Pair
from tests.streams import TIMEOUT_S, socket_to

QUERY = {"query": "{ book(id: 1) { id } }"}
INIT = {"type": "connection_init"}
LONG = "x" * 10_000


def opened(pair: Pair) -> ClientConnection:
    url = pair.graphql.base_url.replace("http", "ws", 1) + "/graphql"
    return connect(url, legacy=True, subprotocols=["graphql-transport-ws"], proxy=None)


def ends(connection: ClientConnection) -> tuple[int, str]:
    """The code and the reason by which the server closes it."""
    try:
        while True:
            connection.recv(TIMEOUT_S)
    except ConnectionClosed as closed:
        return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")


WRONG: list[tuple[Any, str]] = [
    ([], "JSON object"),
    ("x", "JSON object"),
    (None, "JSON object"),
    ({}, "type"),
    ({"type": None}, "type"),
    ({"type": ["subscribe"]}, "type"),
    ({"type": {"a": 1}}, "type"),
    ({"type": LONG}, "type"),
    ({"type": "start"}, "type"),
    ({"type": "ping", "payload": 1}, "payload"),
    ({"type": "pong", "payload": [1]}, "payload"),
    ({"type": "connection_init", "payload": "x"}, "payload"),
    *(({"type": "subscribe", "payload": QUERY, "id": wrong}, "id")
      for wrong in ([1], {"a": 1}, 1, None, "", True)),
    ({"type": "subscribe", "payload": QUERY}, "id"),
    *(({"type": "complete", "id": wrong}, "id") for wrong in ([1], {"a": 1}, 1, None)),
    *(({"type": "subscribe", "id": "1", "payload": wrong}, "payload")
      for wrong in (7, "x", [QUERY], None)),
    ({"type": "subscribe", "id": "1"}, "payload"),
    *(({"type": "subscribe", "id": "1", "payload": {**QUERY, name: wrong}}, f"payload.{name}")
      for name, wrong in (("query", 5), ("query", ["x"]), ("variables", []), ("variables", "{}"),
                          ("operationName", 5), ("extensions", [1]), ("extensions", ""))),
    *(({"type": "subscribe", "id": "1", "payload": wrong}, "query")
      for wrong in ({}, {"query": None}, {"query": None, "extensions": {}})),
]  # fmt: skip


@pytest.mark.parametrize(("message", "named"), WRONG, ids=lambda value: repr(value)[:60])
@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_message_that_is_none_ends_the_connection(
    writing_pair: Pair, message: Any, named: str, acknowledged: bool
) -> None:
    logged = writing_pair.log.stat().st_size
    with opened(writing_pair) as connection:
        if acknowledged:
            connection.send(json.dumps(INIT))
        connection.send(json.dumps(message))
        code, reason = ends(connection)
    assert code == 4400
    assert named in reason
    assert writing_pair.log.stat().st_size == logged


@pytest.mark.parametrize("sent", ["", "{", "NaN", "[" * 100_000, b"\x00"])
def test_what_is_no_json_ends_the_connection(writing_pair: Pair, sent: str | bytes) -> None:
    logged = writing_pair.log.stat().st_size
    with opened(writing_pair) as connection:
        connection.send(sent)
        assert ends(connection)[0] == 4400
    assert writing_pair.log.stat().st_size == logged


@pytest.mark.parametrize("operation", [LONG, "\ud800", "ü" * 200])
def test_a_reason_fits_its_frame(writing_pair: Pair, operation: str) -> None:
    logged = writing_pair.log.stat().st_size
    watch = "subscription { orderStatusChanged(orderId: 1) { id } }"
    subscribe = {"type": "subscribe", "id": operation, "payload": {"query": watch}}
    with opened(writing_pair) as connection:
        for message in (INIT, subscribe, subscribe):
            connection.send(json.dumps(message))
        assert ends(connection)[0] == 4409
    assert writing_pair.log.stat().st_size == logged


def test_null_is_an_absent_payload(writing_pair: Pair) -> None:
    with opened(writing_pair) as connection:
        for kind, answer in (("connection_init", "connection_ack"), ("pong", ""), ("ping", "pong")):
            connection.send(json.dumps({"type": kind, "payload": None}))
            if answer:
                assert json.loads(connection.recv(TIMEOUT_S)) == {"type": answer}


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
def test_null_is_an_absent_member(writing_pair: Pair, name: str) -> None:
    with socket_to(writing_pair.graphql.base_url) as socket:
        socket.send({"id": "a", "type": "subscribe", "payload": {**QUERY, name: None}})
        assert socket.receive()["payload"] == {"data": {"book": {"id": 1}}}


def test_a_null_token_is_none(writing_pair: Pair) -> None:
    with socket_to(writing_pair.graphql.base_url, {"Authorization": None}) as socket:
        socket.start(QUERY["query"])
        assert socket.receive()["type"] == "next"


class Answering:
    """In place of the operations: one answer to each."""

    async def answers(self, *_: object) -> AsyncIterator[Answer]:
        yield {"data": {"book": None}}


def test_a_client_that_goes_before_its_answer_is_sent_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    subscribe = {"type": "subscribe", "id": "a", "payload": QUERY}
    said = [{"type": "websocket.receive", "text": json.dumps(one)} for one in (INIT, subscribe)]
    said.insert(0, {"type": "websocket.connect"})
    has_gone = asyncio.Event()

    async def receive() -> Message:
        if said:
            return said.pop(0)
        await has_gone.wait()
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(message: Message) -> None:
        if '"next"' in message.get("text", ""):
            has_gone.set()
            raise OSError  # as of a socket that is closed

    scope = {"type": "websocket", "headers": [], "subprotocols": [PROTOCOL]}
    asyncio.run(GraphQLWebSocket(cast("Any", Answering()))(scope, receive, send))
    assert has_gone.is_set()
    assert caplog.records == []
