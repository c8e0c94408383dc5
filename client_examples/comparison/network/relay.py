"""A relay between clients and servers, in a process of its own, that is the simulated link.

Each connection to one of its ports goes on to that port's target, over TCP, byte for byte. Each
direction delays what passes by half the round-trip time, a new connection takes a round trip
before its first byte, and each direction has a rate that all connections share. Jitter, lost
packets and TCP's slow start are left out, and so are the bytes of TCP's and IP's own headers.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

from client_examples.comparison.errors import LinkFailed
from client_examples.comparison.network.link import Link

_PROGRAM = "client_examples.comparison.network.relaying"
_ENDING_S = 5.0


@dataclass(frozen=True)
class PassedConnection:
    """A connection that was there: times since `reset` (ms), `closed_ms` None while it is open."""

    opened_ms: float
    closed_ms: float | None
    up_bytes: int
    down_bytes: int


@dataclass(frozen=True)
class Passed:
    """What has passed since `reset`: bytes as they are on the wire, TLS among them."""

    up_bytes: int
    down_bytes: int
    connections: list[PassedConnection]

    @property
    def sent_bytes(self) -> int:
        """Those up, as counts name them."""
        return self.up_bytes

    @property
    def received_bytes(self) -> int:
        """Those down, as counts name them."""
        return self.down_bytes

    @property
    def opened(self) -> list[PassedConnection]:
        """The connections that were opened since."""
        return [one for one in self.connections if one.opened_ms >= 0]


class Relay:
    """The handle of a relay, whose process ends with `close`, or with this process.

    Raises:
        LinkFailed: from any method, when the process is not there any more.
    """

    def __init__(self, processors: Iterable[int] | None = None) -> None:
        """Start it; on these processors, or on those of this process."""
        self._process = subprocess.Popen(  # noqa: S603 - this program and fixed words
            [sys.executable, "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # Ctrl-C is for this process, which ends the other one
        )
        if processors is not None:
            os.sched_setaffinity(self._process.pid, processors)
        self._ports: dict[tuple[str, int], int] = {}
        self._lock = Lock()
        self._link: Link | None = None

    @property
    def pid(self) -> int:
        """The process's."""
        return self._process.pid

    def to(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect to, to reach that target over the link."""
        with self._lock:
            if (host, port) not in self._ports:
                self._ports[host, port] = self._ask("to", host, port)["port"]
        return "127.0.0.1", self._ports[host, port]

    def set(self, link: Link | None) -> None:
        """Be this link from now on; None: pass all on at once."""
        link = link or Link(0.0)
        with self._lock:
            if link != self._link:
                self._ask("set", link.rtt_ms, link.down_mbit, link.up_mbit)
                self._link = link

    @contextmanager
    def over(self, link: Link | None) -> Iterator[None]:
        """Be this link within the context."""
        self.set(link)
        try:
            yield
        finally:
            self.set(None)

    def reset(self) -> None:
        """Count from now on."""
        with self._lock:
            self._ask("reset")

    def counted(self) -> Passed:
        """What has passed since `reset`."""
        with self._lock:
            told = self._ask("counted")
        connections = [PassedConnection(**one) for one in told.pop("connections")]
        return Passed(**told, connections=connections)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # a question lies in it that an ended process never took
            self._process.stdin.close()
        try:
            self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _ask(self, *question: Any) -> dict[str, Any]:
        pipes = self._process
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        try:
            pipes.stdin.write(json.dumps(question).encode() + b"\n")
            pipes.stdin.flush()
            answer = pipes.stdout.readline()
        except (BrokenPipeError, ValueError):  # ValueError: closed from here
            answer = b""
        if not answer:
            raise LinkFailed("the relay that simulates links has ended")
        told: dict[str, Any] = json.loads(answer)
        return told
