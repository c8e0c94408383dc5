"""A transport with known delays, in a time of its own: nothing waits, and nothing is inexact.

Everything above the socket is the real thing. `Clock` stands in for the clock, `VirtualSocket` for
a server that takes a known time for each path, `VirtualRelay` for the link before it, and `InTurn`
for the threads: it gives each call the time at which a thread of six would have begun it.
"""

import heapq
import io
import socket
from contextlib import contextmanager

from client_examples.comparison.arms import calls
from client_examples.comparison.loading import floor, loader
from client_examples.comparison.measuring import link_probe
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Passed

MS = 1_000_000  # ns


class Clock:
    """Stands still but for `pass_by`."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * MS

    def pass_by(self, ns: int) -> None:
        self.now_ns += ns

    def seconds(self) -> float:
        return self.now_ns / 1e9

    def nanoseconds(self) -> int:
        return self.now_ns

    def install(self, monkeypatch) -> None:
        """Have the harness live by this clock."""
        for module in (calls, floor, loader):
            monkeypatch.setattr(module, "perf_counter_ns", self.nanoseconds)
        monkeypatch.setattr(
            link_probe, "rates_mbit", lambda relay, link: (link.down_mbit, link.up_mbit)
        )


class InTurn:
    """Runs calls one after the other, at the times of six threads."""

    def __init__(self, clock: Clock, at_once: int = 6) -> None:
        self._clock = clock
        self._at_once = at_once

    def run(self, calls):
        free = [self._clock.now_ns] * self._at_once
        results, last = [], self._clock.now_ns
        for call in calls:
            self._clock.now_ns = heapq.heappop(free)
            results.append(call())
            heapq.heappush(free, self._clock.now_ns)
            last = max(last, self._clock.now_ns)
        self._clock.now_ns = last
        return results

    def close(self) -> None:
        pass


class VirtualRelay:
    """Is the link that is set, for connections that its ports are dialled for."""

    def __init__(self) -> None:
        self.link = Link(0.0)
        self.reset()

    def reset(self) -> None:
        self._passed = Passed(0, 0, [])

    def counted(self) -> Passed:
        return self._passed

    def to(self, host: str, port: int) -> tuple[str, int]:
        return "relay", port

    @contextmanager
    def over(self, link: Link):
        self.link = link
        yield
        self.link = Link(0.0)

    def takes_ns(self, sent: int, received: int) -> int:
        """What one exchange takes longer, if no other one is under way."""
        link, before = self.link, self._passed
        self._passed = Passed(before.up_bytes + sent, before.down_bytes + received, [])
        up, down = (
            0 if mbit is None else size * 8e3 / mbit
            for size, mbit in ((sent, link.up_mbit), (received, link.down_mbit))
        )
        return round(link.rtt_ms * MS + up + down)


class VirtualSocket:
    """A connection to a server that takes `delays_ns[path]` to answer with `bodies[path]`."""

    def __init__(
        self,
        clock: Clock,
        delays_ns: dict[str, int],
        bodies: dict[str, bytes],
        relay: VirtualRelay | None = None,
    ) -> None:
        self._clock = clock
        self._delays_ns = delays_ns
        self._bodies = bodies
        self._relay = relay
        self._quiet = socket.socketpair()  # has nothing to read, as a connection that is kept
        self._sent = b""

    def sendall(self, data: bytes) -> None:
        self._sent += data

    def makefile(self, mode: str):
        path = self._sent.split(b" ")[1].decode()
        self._clock.pass_by(self._delays_ns[path])
        body = self._bodies[path]
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        if self._relay is not None:
            self._clock.pass_by(self._relay.takes_ns(len(self._sent), len(head + body)))
        self._sent = b""
        return io.BufferedReader(io.BytesIO(head + body))

    def fileno(self) -> int:
        return self._quiet[0].fileno()

    def gettimeout(self) -> float:
        return 10.0

    def settimeout(self, seconds) -> None:
        pass

    def close(self) -> None:
        for end in self._quiet:
            end.close()
