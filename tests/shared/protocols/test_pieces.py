"""Of what has come nobody keeps what is of no more use, or more requests than can be answered."""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from shared.protocols.http_protocol import HttpProtocol
from shared.web.receiving import Receiving
from tests.graphql.served import GET, POST, application
from tests.shared.protocols.test_http_protocol import Wire, whole
from tests.waiting import LIMIT_S

ROOM = 1_000_000  # for bytes that wait
BEGUN = POST + b"Content-Length: 500000\r\n\r\n"
LITTLE = 20_000  # bytes of objects, whatever has come
SHORT = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
Then = Callable[[HttpProtocol, Wire], None]


async def reads_nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


def stays(_protocol: HttpProtocol, _wire: Wire) -> None:
    """What a client does that still waits."""


def goes(protocol: HttpProtocol, wire: Wire) -> None:
    """What the loop does when a client is gone."""
    wire.close()
    protocol.connection_lost(None)


@pytest.fixture
def nothing_is_collected() -> Iterator[None]:
    """What is in a circle may be kept for long."""
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


@pytest.mark.usefixtures("nothing_is_collected")
@pytest.mark.parametrize(
    ("begun", "come", "room", "then", "kept"),
    [
        pytest.param(BEGUN, 64_000, ROOM, stays, 72_000, id="waits to be read"),
        pytest.param(BEGUN, 200_000, 10_000, stays, 0, id="is refused"),
        pytest.param(BEGUN, 60_000, ROOM, goes, 0, id="is of a body of which the client is gone"),
        pytest.param(BEGUN, 200_000, ROOM, goes, 0, id="is not parsed, and the client is gone"),
        pytest.param((GET + b"\r\n") * 2_000, 0, ROOM, goes, 0, id="is of requests that wait"),
        pytest.param(SHORT * 78, 0, ROOM, stays, 2_048, id="is of requests in a small piece"),
    ],
)
def test_what_has_come_is_kept_as_long_as_it_is_of_use(
    begun: bytes, come: int, room: int, then: Then, kept: int
) -> None:
    receiving = Receiving(room)

    async def run() -> int:
        config = uvicorn.Config(reads_nothing, http=HttpProtocol, ws="none", log_config=None)
        config.load()
        app = application(reads_nothing)
        protocol = HttpProtocol(config, ServerState(), {}, application=app, receiving=receiving)
        wire = Wire()
        protocol.connection_made(wire)
        before, _ = tracemalloc.get_traced_memory()
        protocol.data_received(begun + b" " * come)
        for _ in range(20):
            await asyncio.sleep(0)
        then(protocol, wire)
        return tracemalloc.get_traced_memory()[0] - before

    assert asyncio.run(run()) < kept + LITTLE
    assert bool(receiving.bytes) is bool(kept)


def test_requests_that_come_together_are_answered_in_turn_however_they_are_cut() -> None:
    """A body, and trailers, may look like many ends of heads."""
    blank = b"\r\n" * 90
    posted = b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 180\r\n\r\n" + blank
    chunked = (
        b"POST /%d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"b4\r\n" + blank + b"\r\n0\r\nTrailer: b\r\n\r\n"
    )
    kinds = (b"GET /%d HTTP/1.1\r\n\r\n", posted, chunked)
    asked = [kinds[number % 7 % 3] % number for number in range(60)]
    wanted = [(f"/{number}", len(blank) * (number % 7 % 3 > 0)) for number in range(60)]
    sent = b"".join(asked)

    def answered(size: int) -> list[tuple[str, int]]:
        """The path of each request in the order of their answers, and the length of its body."""
        seen: list[tuple[str, int]] = []
        all_seen = asyncio.Event()

        async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
            length, more = 0, True
            while more:
                message = await receive()
                length, more = length + len(message["body"]), message["more_body"]
            seen.append((scope["path"], length))
            await whole(scope, receive, send)
            if len(seen) == len(asked):
                all_seen.set()

        async def run() -> None:
            config = uvicorn.Config(reads_all, http=HttpProtocol, ws="none", log_config=None)
            config.load()
            app = application(reads_all)
            protocol = HttpProtocol(config, ServerState(), {}, application=app)
            protocol.connection_made(Wire())
            for begin in range(0, len(sent), size):
                protocol.data_received(sent[begin : begin + size])
            async with asyncio.timeout(LIMIT_S):
                await all_seen.wait()

        asyncio.run(run())
        return seen

    for size in (1, 2, 3, 26, 127, 2_048, 4_096, len(sent)):
        assert answered(size) == wanted, size
