"""Reads a request's body, with limits of its size and its time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from shared import limits
from shared.errors import BodyTimedOut, MalformedBody, TooLarge, TooManyBodies
from shared.web.receiving import Body

Receive = Callable[[], Awaitable[dict[str, Any]]]

_READ_AWAY_BYTES: Final = 32 * limits.MAX_BODY_BYTES


async def receive_body(receive: Receive, body: Body, timeout_s: float) -> bytes:
    """The body's bytes, once all of them have come.

    Trailers are ignored: they are no headers (RFC 9110, 6.5.1). Granian limits their length; a body
    whose trailers are longer counts as incomplete.

    Raises:
        TooLarge: the body is over the limit.
        TooManyBodies: all bodies together are. In both cases the rest of the body has been read and
            dropped, up to a limit, since most clients send all of it before they read an answer.
        BodyTimedOut: it has not come in time.
        MalformedBody: it has ended before it was whole (RFC 9112, 8).
    """
    try:
        async with asyncio.timeout(timeout_s):
            try:
                return await _whole(receive, body)
            except (TooLarge, TooManyBodies):
                body.drop()
                await _read_away(receive)
                raise
    except TimeoutError:
        pass  # what is raised here must not hold what is waited for, by its context
    raise BodyTimedOut(f"the body must come within {timeout_s:g} s")


async def _whole(receive: Receive, body: Body) -> bytes:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise MalformedBody(
                "the body must be as long as its Content-Length says, or end with its last chunk; "
                "it has ended before"
            )
        body.add(message["body"])
        if not message["more_body"]:
            return bytes(body)


async def _read_away(receive: Receive) -> None:
    left = _READ_AWAY_BYTES
    while left > 0:
        message = await receive()
        if not message.get("more_body"):
            return
        left -= len(message["body"])
