"""Answers as Server-Sent Events: graphql-sse's "distinct connections" mode."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final, TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_api.asgi.media_types import EVENT_STREAM
from graphql_api.execution.engine import Answer
from graphql_api.execution.subscriptions import Subscription
from shared.limits import HEARTBEAT_S
from shared.serving.streams import UNBUFFERED, client_gone
from shared.web.bodies import to_json

Answers: TypeAlias = AsyncGenerator[Answer, None] | Subscription

_COMMENT: Final = b":\n\n"
_COMPLETE: Final = b"event: complete\ndata:\n\n"  # without data a browser would not tell of it


async def once(answer: Answer) -> AsyncGenerator[Answer, None]:
    """The one answer to a query, a mutation, or an operation that is refused."""
    yield answer


class EventStream(Response):
    """Sends answers as they come, until the last one, or until the client or the server is gone."""

    def __init__(self, answers: Answers, stopping: asyncio.Event, vary: str) -> None:
        super().__init__(
            status_code=200,
            headers=dict([UNBUFFERED, ("Cache-Control", "no-store"), ("Vary", vary)]),
            media_type=EVENT_STREAM,
        )
        del self.headers["content-length"]
        self._answers = answers
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._answers):
            head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(head)
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body"})
                return
            await _send(send, _COMMENT)  # the head would wait for the first event
            ends = [asyncio.ensure_future(client_gone(receive)), _soon(self._stopping)]
            try:
                await self._send_all(send, ends)
            finally:
                for end in ends:
                    end.cancel()

    async def _send_all(self, send: Send, ends: list[asyncio.Future[None]]) -> None:
        coming = _next(self._answers)
        try:
            while True:
                awaited: list[asyncio.Future[Any]] = [coming, *ends]
                await asyncio.wait(
                    awaited, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                if coming.done():
                    answer = coming.result()
                    if answer is None:
                        await _send(send, _COMPLETE, more=False)
                        return
                    await _send(send, b"event: next\ndata: %b\n\n" % to_json(answer))
                    coming = _next(self._answers)
                elif any(end.done() for end in ends):
                    break
                else:
                    await _send(send, _COMMENT)
            await _send(send, b"", more=False)  # not complete: the client comes again
        finally:
            coming.cancel()
            await asyncio.wait([coming])


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


def _next(answers: Answers) -> "asyncio.Future[Answer | None]":
    """The next answer; None if there are no more."""

    async def one() -> Answer | None:
        return await anext(answers, None)

    return asyncio.ensure_future(one())


def _soon(event: asyncio.Event) -> "asyncio.Future[None]":
    async def wait() -> None:
        await event.wait()

    return asyncio.ensure_future(wait())
