"""A server that speaks HTTP/2 over TLS, or pretends that it does not, and tells what it saw."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import h2.config
import h2.connection
import h2.events
import h2.settings
import trustme


class Answer(NamedTuple):
    """What is answered, after so many seconds; with `drip_s`, a byte each so many seconds."""

    body: bytes
    headers: Sequence[tuple[str, str]] = ()
    status: int = 200
    after_s: float = 0.0
    drip_s: float = 0.0


class Asked(NamedTuple):
    """What was asked for; `connection` numbers them from 0."""

    connection: int
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.headers[":path"]


class Http2Server:
    """Serves while it is entered, by an event loop in a thread of its own.

    Attributes:
        asked: all that was asked for.
        most: how many exchanges were under way at once at most.
        most_allowed: the streams that it allows at once, as it says in its settings.
    """

    def __init__(
        self,
        authority: trustme.CA,
        respond: Callable[[Asked], Answer],
        *,
        alpn: Sequence[str] = ("h2",),
        most_allowed: int = 128,
    ) -> None:
        self.asked: list[Asked] = []
        self.most = 0
        self.under_way = 0
        self.most_allowed = most_allowed
        self.connections: list[_Connection] = []
        self._respond = respond
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.set_alpn_protocols(list(alpn))
        authority.issue_cert("localhost").configure_cert(self._tls)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        serving = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, ssl=self._tls)
        self._server = self.do(serving)
        self.url = f"https://localhost:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)  # which two threads must not do at once
        self.each(lambda connection: connection.transport.abort())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def each(self, act: "Callable[[_Connection], object]") -> None:
        """Do something with each connection, on the event loop."""

        async def acting() -> None:
            for connection in self.connections:
                act(connection)

        self.do(acting())

    def respond(self, connection: "_Connection", asked: Asked, stream: int) -> None:
        self.asked.append(asked)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        answer = self._respond(asked)
        self._loop.call_later(answer.after_s, self._answer, connection, stream, answer)

    def _answer(self, connection: "_Connection", stream: int, answer: Answer) -> None:
        self.under_way -= 1
        connection.answer(stream, answer)


class _Connection(asyncio.Protocol):
    def __init__(self, server: Http2Server) -> None:
        self._server = server
        self._h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        self._heads: dict[int, dict[str, str]] = {}
        self._bodies: dict[int, bytes] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.number = len(self._server.connections)
        self._server.connections.append(self)
        allowed = {h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: self._server.most_allowed}
        self._h2.local_settings = h2.settings.Settings(client=False, initial_values=allowed)
        self._h2.initiate_connection()
        self.flush()

    def data_received(self, data: bytes) -> None:
        for event in self._h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self._heads[event.stream_id] = dict(event.headers)
                self._bodies[event.stream_id] = b""
            elif isinstance(event, h2.events.DataReceived):
                self._bodies[event.stream_id] += event.data
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                stream = event.stream_id
                asked = Asked(self.number, self._heads.pop(stream), self._bodies.pop(stream))
                self._server.respond(self, asked, stream)
        self.flush()

    def answer(self, stream: int, answer: Answer) -> None:
        if self.transport.is_closing():
            return
        self._h2.send_headers(stream, [(":status", str(answer.status)), *answer.headers])
        if answer.drip_s:
            self._drip(stream, answer.body, answer.drip_s)
            return
        self._h2.send_data(stream, answer.body, end_stream=True)
        self.flush()

    def _drip(self, stream: int, left: bytes, pause_s: float) -> None:
        if not self.transport.is_closing():
            self._h2.send_data(stream, left[:1], end_stream=len(left) == 1)
            self.flush()
            if len(left) > 1:
                loop = asyncio.get_running_loop()
                loop.call_later(pause_s, self._drip, stream, left[1:], pause_s)

    def go_away(self) -> None:
        """Say that no more requests are taken, and hang up."""
        self._h2.close_connection()
        self.flush()
        self.transport.close()

    def flush(self) -> None:
        self.transport.write(self._h2.data_to_send())
