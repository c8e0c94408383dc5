"""A simulated network link: the client's transport really waits for it.

The first byte of an answer comes one round trip later than it did without the link. All bytes,
in both directions, pass the link one after the other at its bandwidth, whichever exchange they
belong to.
"""

import time
from threading import Lock

_BITS = 8


class Link:
    """A round-trip time and a bandwidth that all connections share.

    Args:
        rtt_ms: round-trip time.
        bandwidth_mbit: Mbit/s; None for no limit.
    """

    def __init__(self, rtt_ms: float, bandwidth_mbit: float | None = None) -> None:
        self.rtt_s = rtt_ms / 1000
        self._bits_per_s = None if bandwidth_mbit is None else bandwidth_mbit * 1e6
        self._lock = Lock()
        self._free_at = 0.0

    def wait(self, trips: int) -> None:
        """Wait for so many round trips."""
        sleep_until(time.perf_counter() + trips * self.rtt_s)

    def carried(self, ready: float, size: int) -> float:
        """When the last of `size` bytes is across that are ready to be sent at `ready`."""
        if self._bits_per_s is None:
            return ready
        with self._lock:
            self._free_at = max(ready, self._free_at) + size * _BITS / self._bits_per_s
            return self._free_at


class Passage:
    """One exchange on its way over a link.

    It keeps an ideal time, as if no wait ever took longer than asked for, so that the operating
    system's delays do not add up.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._now = time.perf_counter()
        self._answered = False

    def send(self, size: int) -> None:
        """Wait until so many bytes are across."""
        self._now = self._link.carried(self._now, size)
        sleep_until(self._now)

    def receive(self, size: int, took_s: float) -> None:
        """Wait until so many bytes are across, for which the network itself took `took_s`."""
        if self._answered:
            self._now += took_s
        else:
            self._answered = True
            self._now = time.perf_counter() + self._link.rtt_s
            sleep_until(self._now)
        self._now = self._link.carried(self._now, size)
        sleep_until(self._now)


def sleep_until(moment: float) -> None:
    """Sleep until `time.perf_counter()` is there."""
    remaining = moment - time.perf_counter()
    if remaining > 0:
        time.sleep(remaining)  # the simulated network's own time
