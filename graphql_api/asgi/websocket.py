"""GraphQL over WebSockets: the protocol graphql-transport-ws, spoken by Strawberry's handler."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from datetime import timedelta
from json import JSONDecodeError
from typing import Any, Final, cast

from graphql import GraphQLError
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry import UNSET
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import (
    NonTextMessageReceived,
    WebSocketDisconnected,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.types.execution import ExecutionResult, PreExecutionError

from graphql_api.execution.engine import Answer
from graphql_api.execution.subscriptions import Operations
from graphql_api.validation.errors import Entry, entry_of
from graphql_api.validation.request import MEMBERS, parameters_of
from shared.errors import BookstoreError, MalformedBody, TooManyStreams
from shared.rules.values import shown
from shared.web.bodies import parse_object, to_json

PROTOCOL: Final = "graphql-transport-ws"
MAX_OPERATIONS: Final = 100  # under way at once on one connection
INIT_TIMEOUT: Final = timedelta(seconds=10)  # for a client to say `connection_init`

_NOT_ACCEPTABLE: Final = 4406
_SUBSCRIBE: Final = "subscribe"
_WITH_ID: Final = (_SUBSCRIBE, "complete")
_KINDS: Final = ("connection_init", "ping", "pong", *_WITH_ID)
_REASON_BYTES: Final = 123  # RFC 6455, 5.5


class GraphQLWebSocket:
    """An ASGI application that answers operations over one connection each."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(_NOT_ACCEPTABLE, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        connection = _Connection(websocket.headers.get("authorization"))
        await _Handler(
            view=cast("Any", _View()),
            websocket=_Messages(websocket),
            context=connection,
            root_value=None,
            schema=cast("Any", _Schema(self._operations)),
            connection_init_wait_timeout=INIT_TIMEOUT,
        ).handle()


class _Connection:
    """What the operations of a connection share: the client's token.

    A browser cannot send headers with a handshake, so `connection_init` may carry the token.
    """

    def __init__(self, header: str | None) -> None:
        self._header = header
        self.connection_params: dict[str, Any] = {}

    @property
    def authorization(self) -> str | None:
        given = self.connection_params.get("Authorization")
        return self._header if given is None else given


class _Handler(BaseGraphQLTransportWSHandler[_Connection, None]):
    async def handle_message(self, message: Any) -> None:
        """Handle a message, or close the connection if the protocol does not allow it."""
        wrong = _wrong_with(message)
        if wrong is not None:
            await self.handle_invalid_message(wrong)
            return
        if message.get("payload") is None:
            message.pop("payload", None)
        await super().handle_message(message)

    async def handle_subscribe(self, message: Any) -> None:
        """Start an operation; its parameters are passed where Strawberry expects the query."""
        payload = message["payload"]
        if len(self.operations) >= MAX_OPERATIONS and self.connection_acknowledged:
            error = TooManyStreams(
                f"{MAX_OPERATIONS} operations are under way on this connection, as many as may be"
            )
            refused = [_shown(entry_of(error)).formatted]
            await self.send_message({"id": message["id"], "type": "error", "payload": refused})
            return
        message["payload"] = {"query": payload}
        await super().handle_subscribe(message)

    async def handle_task_exception(self, error: Exception) -> None:
        """Log what ended an operation, unless that is its client, who has gone meanwhile."""
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)


def _wrong_with(message: Any) -> str | None:
    """What is wrong with a message's form; None if nothing is."""
    if message is None:
        return "a message must be a JSON object"
    kind = message.get("type")
    if kind not in _KINDS:
        return f"type must be one of {', '.join(_KINDS)}, got {shown(kind)}"
    if kind in _WITH_ID:
        operation = message.get("id")
        if not isinstance(operation, str) or not operation:
            return f"id must be a string that is not empty, got {shown(operation)}"
    payload = message.get("payload")
    if payload is None and kind != _SUBSCRIBE:
        return None
    if not isinstance(payload, dict):
        return f"payload must be an object, got {shown(payload)}"
    return _wrong_with_request(payload) if kind == _SUBSCRIBE else None


def _wrong_with_request(payload: dict[str, Any]) -> str | None:
    for name, kind, wanted in MEMBERS:
        value = payload.get(name)
        if value is not None and not isinstance(value, kind):
            return f"payload.{name} must be {wanted}, got {shown(value)}"
    if payload.get("query") is None and not payload.get("extensions"):
        return "payload must have a query"
    return None


class _View:
    """The part of Strawberry's view that its handler calls."""

    async def on_ws_connect(self, connection: _Connection) -> object:
        """Refuse a malformed token; whether it is the right one is checked for each operation."""
        if not isinstance(connection.connection_params.get("Authorization"), str | None):
            raise ConnectionRejectionError
        return UNSET


class _Schema:
    """The part of Strawberry's schema that its handler calls, which executes by our own engine."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def stream(
        self, query: dict[str, Any], *, context_value: _Connection, **_: object
    ) -> AsyncGenerator[ExecutionResult, None]:
        return self._results(query, context_value.authorization)

    async def _results(
        self, payload: dict[str, Any], authorization: str | None
    ) -> AsyncGenerator[ExecutionResult, None]:
        try:
            asked = parameters_of(payload)._replace(size=len(to_json(payload)))
        except BookstoreError as error:
            yield _result({"errors": [entry_of(error)]})
            return
        async for answer in self._operations.answers(asked, authorization):
            yield _result(answer)


class _Shown(GraphQLError):
    """An error that is in its final form already."""

    entry: Entry

    @property
    def formatted(self) -> Any:
        return self.entry


def _shown(entry: Entry) -> GraphQLError:
    error = _Shown(entry["message"])
    error.entry = entry
    return error


def _result(answer: Answer) -> ExecutionResult:
    errors = [_shown(entry) for entry in answer.get("errors", ())]
    if "data" not in answer:
        return PreExecutionError(None, errors)
    return ExecutionResult(answer["data"], errors or None, answer.get("extensions"))


class _Messages(AsyncWebSocketAdapter):
    """Messages as JSON."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def iter_json(
        self, *, ignore_parsing_errors: bool = False
    ) -> AsyncGenerator[object, None]:
        while self._websocket.application_state is not WebSocketState.DISCONNECTED:
            try:
                yield parse_object((await self._websocket.receive_text()).encode())
            except KeyError:
                raise NonTextMessageReceived from None
            except (MalformedBody, UnicodeEncodeError, JSONDecodeError):
                yield None  # which the handler refuses by a reason of ours
            except WebSocketDisconnect:
                return

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self._websocket.send_text(to_json(message).decode())
        except (WebSocketDisconnect, RuntimeError) as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Close the connection if it is open; the reason is cut to what a frame can hold."""
        short = reason.encode(errors="replace")[:_REASON_BYTES].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.close(code, short)
