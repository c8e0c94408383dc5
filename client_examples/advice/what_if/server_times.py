"""What the servers took, of what a recording tells: its own round trips do not belong to that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal
from urllib.parse import urlsplit

from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.templates import Shaped, Template
from client_examples.advice.what_if.plan import Key

_FEW = 3  # calls, from which on a median says more than each
_LOOPBACK = ("localhost", "127.", "::1")


@dataclass(frozen=True)
class RoundTrip:
    """The round-trip time over which an origin was recorded, and how it is known."""

    ms: float
    known_by: Literal["given", "loopback", "connections", "the quickest answer"]


def round_trips(
    calls: Iterable[Call], connected: Mapping[str, float], given_ms: float | None
) -> dict[str, RoundTrip]:
    """Those of each origin.

    Opening a TCP connection takes one. Where none was opened, it is at most what the quickest
    answer took.

    Args:
        calls: all of them.
        connected: the quickest opening of a connection to an origin, where one was opened.
        given_ms: what it was, where the user knows.
    """
    by_origin: dict[str, list[Call]] = {}
    for call in calls:
        by_origin.setdefault(call.origin, []).append(call)
    return {
        origin: RoundTrip(given_ms, "given")
        if given_ms is not None
        else _round_trip(origin, each, connected.get(origin))
        for origin, each in by_origin.items()
    }


def _round_trip(origin: str, calls: list[Call], connected_ms: float | None) -> RoundTrip:
    if (urlsplit(origin).hostname or "").startswith(_LOOPBACK):
        return RoundTrip(0.0, "loopback")
    if connected_ms is not None:
        return RoundTrip(connected_ms, "connections")
    waits = [call.timing.wait_ms for call in calls if call.timing.wait_ms >= 0]
    return RoundTrip(min(waits, default=0.0), "the quickest answer")


def server_times(trips: Mapping[str, RoundTrip]) -> Callable[[Call], float]:
    """What the server took for a call, in ms: as it says itself, or what is left of the wait."""

    def of(call: Call) -> float:
        if call.timing.server_ms is not None:
            return call.timing.server_ms
        waited = call.timing.wait_ms
        if waited < 0:
            waited = call.timing.took_ms
        return max(0.0, waited - trips[call.origin].ms)

    return of


def usual(calls: Sequence[Shaped], server_ms: Callable[[Call], float]) -> dict[Key, float]:
    """What the server usually takes for each call: the median of those of its template.

    One that was held up by chance would else be the time of all that is asked for beside it.
    """
    by_template: dict[Template, list[Call]] = {}
    for one in calls:
        by_template.setdefault(one.template, []).append(one.call)
    found: dict[Key, float] = {}
    for each in by_template.values():
        times = {call.key: server_ms(call) for call in each}
        middle = median(times.values())
        found |= dict.fromkeys(times, middle) if len(times) >= _FEW else times
    return found
