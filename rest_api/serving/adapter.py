"""Runs Flask behind ASGI: short requests on the event loop, others in a pool of threads.

The loop awaits the body, and calls the application itself where nothing can block. Where something
can, it is noticed before anything is read (`current.reading`) or at the beginning of a write, which
is rolled back; the request is then answered anew by a thread. Parsing it twice is cheap. Streams
are coroutines, which hold no thread.

Granian also offers RSGI for an event loop. ASGI is used since it gives all headers, whatever their
bytes, and tells of a body that ends too early: RSGI leaves out headers that are not ASCII, and does
not tell such a body from a whole one. In the same runtime mode both take as much processor time.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import aclosing
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from rest_api.serving.environ import Scope, environ_maker, has_body, set_body
from rest_api.serving.request_body import Receive, receive_body
from rest_api.web.event_stream import Stream
from rest_api.web.middleware import ON_LOOP, REFUSED, TIMING, Head, Middleware
from shared import limits
from shared.config import Settings
from shared.database import HandOver
from shared.errors import BookstoreError, TimedOut
from shared.serving.running import Pools
from shared.storage.driver_errors import timed_out
from shared.storage.instrumentation import Timing, timing_class
from shared.web.receiving import Receiving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_SAFE: Final = ("GET", "HEAD", "OPTIONS")  # whose bodies mean nothing (RFC 9110, 9.3.1)
_CLOSE: Final = ("Connection", "close")


class _Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes | Stream


class Adapter:
    """An ASGI application that a WSGI application answers."""

    def __init__(self, application: Middleware, pools: Pools, settings: Settings) -> None:
        self._application = application
        self._pools = pools
        self._timeout_s = settings.request_timeout_s
        self._timing = timing_class(traces=settings.trace)
        self._body_timeout_s = settings.body_timeout_s
        self._receiving = Receiving()
        self._environ = environ_maker(settings.host, settings.rest_port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = self._environ(scope)
        if REFUSED in environ or scope["method"] in _SAFE or not has_body(environ):
            answer = await self._answer(scope, environ)
        else:
            answer = await self._answer_to_body(scope, environ, receive)
        if REFUSED in environ:  # what else comes would be taken for a request
            answer.headers.append(_CLOSE)
        if isinstance(answer.body, Stream):
            await self._send_stream(answer, receive, send)
        else:
            await send(_start(answer))
            await send({"type": "http.response.body", "body": answer.body})

    async def _answer_to_body(
        self, scope: Scope, environ: "WSGIEnvironment", receive: Receive
    ) -> _Answer:
        with self._receiving.body() as body:  # until it is answered
            try:
                # A client that waits for leave to send is asked for nothing that is then refused.
                if "HTTP_EXPECT" in environ:
                    self._application.require(environ)
                whole = await receive_body(receive, body, self._body_timeout_s)
            except BookstoreError as error:
                # Its frames hold what is waited for, and so keep the connection open.
                environ[REFUSED] = error.with_traceback(None)
                whole = b""
            return await self._answer(scope, environ, whole)

    async def _answer(self, scope: Scope, environ: "WSGIEnvironment", body: bytes = b"") -> _Answer:
        with self._timing(self._timeout_s) as timing:
            if len(body) <= limits.MAX_BODY_ON_LOOP:
                environ[ON_LOOP] = True
                try:
                    return self._call(environ, body, timing)
                except HandOver:
                    environ = self._environ(scope)
            pool = self._pools.readers if scope["method"] in _SAFE else self._pools.writers
            try:
                return await self._in_thread(pool, environ, body, timing)
            except TimedOut as error:
                environ[REFUSED] = error
                return self._call(environ, b"", timing)

    async def _in_thread(
        self, pool: Executor, environ: "WSGIEnvironment", body: bytes, timing: Timing
    ) -> _Answer:
        """What the application answers in a thread.

        Raises:
            TimedOut: none has been free for it, as long as the request may take.
        """
        work = pool.submit(copy_context().run, self._call, environ, body, timing)
        in_time = asyncio.get_running_loop().call_later(timing.remaining_s, work.cancel)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            if not work.cancelled():
                raise
            raise timed_out() from None
        finally:
            in_time.cancel()

    def _call(self, environ: "WSGIEnvironment", body: bytes, timing: Timing) -> _Answer:
        """What the application answers, wherever this is called.

        Raises:
            HandOver: it does not, on the loop.
        """
        environ[TIMING] = timing
        if body:
            set_body(environ, body)
        head = Head()
        answered = self._application(environ, head)
        status = int(head.status[:3])
        if isinstance(answered, Stream):
            return _Answer(status, head.headers, answered)
        try:
            return _Answer(status, head.headers, b"".join(answered))
        finally:
            close = getattr(answered, "close", None)
            if close:
                close()

    async def _send_stream(self, answer: _Answer, receive: Receive, send: Send) -> None:
        """Send what comes, until it ends or the client is gone."""
        stream = cast("Stream", answer.body)
        with stream:
            await send(_start(answer))
            ends = [
                asyncio.ensure_future(_send_chunks(stream.chunks(self._pools.readers), send)),
                asyncio.ensure_future(_gone(receive)),
            ]
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for end in ends:
                    end.cancel()
                await asyncio.wait(ends)


async def _send_chunks(chunks: AsyncGenerator[bytes, None], send: Send) -> None:
    async with aclosing(chunks):
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body"})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(answer: _Answer) -> dict[str, Any]:
    return {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers
        ],
    }
