"""Reads a request's body, with limits of its size; of its time, the server has one."""

from shared.protocols.application import Receive
from shared.protocols.wire_errors import ended_early
from shared.web.receiving import Body


async def receive_body(receive: Receive, body: Body) -> bytes:
    """The body's bytes, once all of them have come.

    Raises:
        TooLarge: the body is over the limit.
        TooManyBodies: all bodies together are.
        BodyTimedOut: it has not come in time.
        MalformedBody: it has ended before it was whole (RFC 9112, 8), or breaks the rules of HTTP.
    """
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ended_early(in_body=True)
        body.add(message["body"])
        if not message["more_body"]:
            return bytes(body)
