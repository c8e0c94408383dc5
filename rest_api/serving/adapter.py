"""Runs Flask behind ASGI: short requests on the event loop, others in a pool of threads.

The loop calls the application itself where nothing can block. Where something can, it is noticed
before anything is read (`current.reading`) or at the beginning of a write, which is rolled back;
the request is then answered anew by a thread. Parsing it twice is cheap. Streams are coroutines,
which hold no thread.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Executor
from contextlib import aclosing
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rest_api.serving.environ import environ_maker, has_body, set_body
from rest_api.serving.request_body import receive_body
from rest_api.web.caching import keep_from_caches
from rest_api.web.event_stream import Stream
from rest_api.web.middleware import (
    HEAD_ALONE,
    ON_EVERY_ANSWER,
    ON_LOOP,
    REFUSED,
    TIMING,
    Head,
    Middleware,
)
from rest_api.web.problems import problem
from shared import limits
from shared.config import Settings
from shared.database import HandOver
from shared.errors import BookstoreError, TimedOut
from shared.protocols.application import Answer, ASGIApp, Receive, Scope, Send
from shared.serving.running import Pools
from shared.serving.streams import client_gone
from shared.storage.driver_errors import timed_out
from shared.storage.instrumentation import Timing, timing_class
from shared.web.receiving import Receiving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_SAFE: Final = ("GET", "HEAD", "OPTIONS")  # whose bodies mean nothing (RFC 9110, 9.3.1)
_END: Final = {"type": "http.response.body"}


class _Streamed(NamedTuple):
    """An answer that is not whole yet."""

    status: int
    headers: list[tuple[str, str]]
    body: Stream


class Adapter:
    """An ASGI application that a WSGI application answers."""

    def __init__(
        self,
        application: Middleware,
        pools: Pools,
        settings: Settings,
        receiving: Receiving | None = None,
    ) -> None:
        """Args:
        receiving: counts the request bodies that are incomplete or unanswered.
        """
        self._application = application
        self._pools = pools
        self._timeout_s = settings.request_timeout_s
        self._timing = timing_class(traces=settings.trace)
        self._receiving = receiving or Receiving()
        self._environ = environ_maker(settings.host, settings.rest_port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, of which the body may still have to come."""
        environ = self._environ(scope)
        if scope["method"] in _SAFE or not has_body(environ):
            await _asgi(self.at_once(scope, b""))(scope, receive, send)
            return
        with self._receiving.body() as body:  # until it is answered
            answer: Answer | ASGIApp | None
            try:
                answer = self._by_head(environ) if "HTTP_EXPECT" in environ else None
                if answer is None:
                    answer = self.at_once(scope, await receive_body(receive, body))
            except BookstoreError as error:
                # Its frames hold what is waited for, and so keep the connection open.
                answer = self._refused(environ, error.with_traceback(None))
            await _asgi(answer)(scope, receive, send)

    def at_once(self, scope: Scope, body: bytes) -> Answer | ASGIApp:
        """What the application answers on the loop; else, what answers as soon as it can."""
        in_thread = partial(self._answer_in_thread, body)
        if len(body) > limits.MAX_BODY_ON_LOOP:
            return in_thread
        environ = self._environ(scope)
        environ[ON_LOOP] = True
        with self._timing(self._timeout_s) as timing:
            try:
                answer = self._call(environ, body, timing)
            except HandOver:
                return in_thread
        return answer if isinstance(answer, Answer) else partial(self._send_stream, answer)

    def _by_head(self, environ: "WSGIEnvironment") -> Answer | None:
        """The refusal of a request for what its head says; None if its body decides.

        A client that waits for leave to send is asked for nothing that is then refused.
        """
        with self._timing(self._timeout_s) as timing:
            try:
                answer = self._call({**environ, HEAD_ALONE: True}, b"", timing)
            except HandOver:  # by the view, which wants the body
                return None
        assert isinstance(answer, Answer)
        return answer

    async def _answer_in_thread(
        self, body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        pool = self._pools.readers if scope["method"] in _SAFE else self._pools.writers
        environ = self._environ(scope)
        answer: Answer | _Streamed | ASGIApp
        with self._timing(self._timeout_s) as timing:
            try:
                answer = await self._in_thread(pool, environ, body, timing)
            except TimedOut as error:
                answer = self._refused(environ, error)
        if isinstance(answer, _Streamed):
            answer = partial(self._send_stream, answer)
        await _asgi(answer)(scope, receive, send)

    async def _in_thread(
        self, pool: Executor, environ: "WSGIEnvironment", body: bytes, timing: Timing
    ) -> Answer | _Streamed:
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

    def _refused(self, environ: "WSGIEnvironment", error: BookstoreError) -> Answer:
        """The error as the answer."""
        environ[REFUSED] = error
        with self._timing(self._timeout_s) as timing:
            answer = self._call(environ, b"", timing)
        assert isinstance(answer, Answer)
        return answer

    def _call(self, environ: "WSGIEnvironment", body: bytes, timing: Timing) -> Answer | _Streamed:
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
            return _Streamed(status, head.headers, answered)
        try:
            return Answer(status, head.headers, b"".join(answered))
        finally:
            close = getattr(answered, "close", None)
            if close:
                close()

    async def _send_stream(
        self, answer: _Streamed, _scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send what comes, until it ends or the client is gone."""
        with answer.body:
            await send(_start(answer))
            ends = [
                asyncio.ensure_future(_send_chunks(answer.body.chunks(self._pools.readers), send)),
                asyncio.ensure_future(client_gone(receive)),
            ]
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for end in ends:
                    end.cancel()
                await asyncio.wait(ends)
            if ends[0].cancelled():  # an end for a client that still reads
                await send({"type": "http.response.body", "body": answer.body.end})


def refusal(error: BookstoreError, headers: Mapping[str, str] | None) -> ASGIApp:
    """The answer to what is no request: no application has been called for it."""
    timing, head = Timing(), Head()
    document = problem(error, "header", [*(headers or {}).items()])
    body = b"".join(document({}, head))
    keep_from_caches(head.headers)
    head.headers += [*ON_EVERY_ANSWER, *timing.headers()]
    return _asgi(Answer(int(head.status[:3]), head.headers, body))


def _asgi(answer: Answer | ASGIApp) -> ASGIApp:
    """An ASGI application that sends the answer."""
    if not isinstance(answer, Answer):
        return answer

    async def send_it(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(_start(answer))
        await send({"type": "http.response.body", "body": answer.body})

    return send_it


async def _send_chunks(chunks: AsyncGenerator[bytes, None], send: Send) -> None:
    async with aclosing(chunks):
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send(_END)


def _start(answer: Answer | _Streamed) -> dict[str, Any]:
    return {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers
        ],
    }
