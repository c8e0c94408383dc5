"""What has come and is of no more use is kept by nobody: nobody would count it."""

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
from tests.shared.protocols.test_http_protocol import Wire

ROOM = 1_000_000  # for bytes that wait
BEGUN = POST + b"Content-Length: 500000\r\n\r\n"
LITTLE = 20_000  # bytes of objects, whatever has come
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
