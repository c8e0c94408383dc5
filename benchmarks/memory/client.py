"""A small HTTP client that can also behave badly: leave streams, hang up on answers."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# "whole": read the answer; "stream": read its head and leave; "cut": send half of the request
# and leave; "deaf": send it and leave at once.
Manner: TypeAlias = Literal["whole", "stream", "cut", "deaf"]
LIMIT_S = 30.0  # for one exchange


@dataclass(frozen=True)
class Request:
    """What is sent, and how; `expected` are the statuses that are right.

    `fails` is whether a GraphQL answer must have errors; None where that is not looked at.
    """

    method: str
    path: str
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = "whole"
    expected: tuple[int, ...] = (200,)
    fails: bool | None = None

    def head_and_body(self, host: str) -> bytes:
        """The bytes to send."""
        body = b"" if self.body is None else json.dumps(self.body).encode()
        headers = {"Host": host, "Accept": "application/json", **self.headers}
        if self.body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


class UnexpectedAnswer(Exception):
    """A server answered with another status than it should."""


class Connection:
    """One at a time; opened anew whenever the one before was closed."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: Request) -> int:
        """The status; 0 where it was not waited for.

        Raises:
            UnexpectedAnswer: it is none of those expected, or not whole.
        """
        data = request.head_and_body(f"{self._host}:{self._port}")
        try:
            async with asyncio.timeout(LIMIT_S):
                if request.manner != "whole":
                    await self._leave(request, data)
                    return 0
                status, body = await self._exchange(data)
        except (TimeoutError, OSError, EOFError) as error:
            raise UnexpectedAnswer(f"{request}: no whole answer: {error!r}") from error
        is_other = request.fails is not None and (b'"errors":' in body) != request.fails
        if status not in request.expected or is_other:
            raise UnexpectedAnswer(
                f"{request.method} {request.path} {request.body or ''}: {status} {body[:300]!r}"
            )
        return status

    async def _exchange(self, data: bytes) -> tuple[int, bytes]:
        reader, writer = await self._open()
        writer.write(data)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:  # it was idle for too long: the server closed it
            self.close()
            reader, writer = await self._open()
            writer.write(data)
            head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = [line.partition(":") for line in lines[1:] if line]
        headers = {name.lower(): value.strip() for name, _, value in fields}
        status = int(lines[0].split()[1])
        body = await _body(reader, headers, status)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, body

    async def _leave(self, request: Request, data: bytes) -> None:
        """Go away in the midst of it, over a connection of its own."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(data[: len(data) // 2] if request.manner == "cut" else data)
            await writer.drain()
            if request.manner == "stream":
                await reader.readuntil(b"\r\n\r\n")  # a first event may take its time
        finally:
            writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams

    def close(self) -> None:
        """Close it, if it is open."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str], status: int) -> bytes:
    if status in (204, 304):
        return b""
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def send_all(host: str, port: int, requests: Iterable[Request], at_once: int) -> Counter[int]:
    """How often each status came; as many connections as `at_once` take turns at the requests.

    Raises:
        UnexpectedAnswer: one was answered otherwise than it should.
    """
    waiting, statuses = iter(requests), Counter[int]()

    async def one() -> None:
        connection = Connection(host, port)
        try:
            for request in waiting:
                statuses[await connection.send(request)] += 1
        finally:
            connection.close()

    await asyncio.gather(*(one() for _ in range(at_once)))
    return statuses
