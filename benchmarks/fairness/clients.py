"""The two clients: one reads a book now and then, the other asks for all that it can get."""

import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import Connection as Pipe
from urllib.parse import urlsplit

from benchmarks.fairness.attacks import ATTACKS, JSON

POINTS = {"rest": "/books/77", "graphql": "/graphql?query=%7Bbook(id:77)%7Btitle%20price%7D%7D"}
PAUSE_S = 0.002  # from an answer to the next point read
LIMIT_S = 30.0  # for an answer
END_LIMIT_S = 60.0  # for the hostile client to come to an end


class NotAnswered(Exception):
    """A point read was not answered, or not well."""


@dataclass(frozen=True)
class Sent:
    """What the hostile client sent, and how it was answered."""

    requests: int
    statuses: dict[str, int]
    longest_ms: float


def point_reads(url: str, server: str, seconds: float) -> list[float]:
    """How long each of the reads took, in ms: one after the other for so many seconds.

    Raises:
        NotAnswered: one was answered with another status than 200, or not at all.
    """
    connection, times = _connected(url), []
    end = time.perf_counter() + seconds
    try:
        while time.perf_counter() < end:
            start = time.perf_counter()
            connection.request("GET", POINTS[server])
            answer = connection.getresponse()
            body = answer.read()
            times.append((time.perf_counter() - start) * 1_000)
            if answer.status != 200 or b'"errors"' in body:
                raise NotAnswered(f"{url}: {answer.status} {body[:200]!r}")
            time.sleep(PAUSE_S)
    except (OSError, HTTPException) as error:
        raise NotAnswered(f"{url}: {error!r}") from error
    finally:
        connection.close()
    return times


@contextmanager
def attacking(url: str, number: int, seed: int) -> Iterator[list[Sent]]:
    """A process that sends the requests of one attack, one after the other, until the end.

    Gives a list that has one member afterwards.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_attack, args=(url, number, seed, theirs), daemon=True)
    process.start()
    found: list[Sent] = []
    try:
        ours.recv()  # its first request is on its way
        yield found
        ours.send("stop")
        if ours.poll(END_LIMIT_S):
            found.append(ours.recv())
    finally:
        process.kill()
        process.join()


def _attack(url: str, number: int, seed: int, pipe: Pipe) -> None:
    statuses, longest = Counter[str](), 0.0
    connection = _connected(url)
    for request in ATTACKS[number].requests(seed):
        if not statuses:
            pipe.send("started")
        headers = {} if request.body is None else JSON
        start = time.perf_counter()
        try:
            connection.request(request.method, request.path, request.body, headers)
            answer = connection.getresponse()
            body = answer.read()
            refused = answer.status == 200 and b'"errors":[{"message"' in body[:200]
            statuses[f"{answer.status}{' with errors' if refused else ''}"] += 1
        except (OSError, HTTPException):
            statuses["none"] += 1
            connection.close()
            connection = _connected(url)
        longest = max(longest, (time.perf_counter() - start) * 1_000)
        if pipe.poll():
            break
    pipe.send(Sent(statuses.total(), dict(sorted(statuses.items())), longest))


def _connected(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=LIMIT_S)
    with suppress(OSError):
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
