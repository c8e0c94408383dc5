"""Finds what takes most of an arm's time, if it is one thing: a call, the client, or the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison.results.counts import Exchange
from client_examples.comparison.results.document import ArmResult

MOST = 2 / 3  # of an arm's time
WORKS = 5  # times a constant answer: less of a server's time is its framework's

Part: TypeAlias = Literal["exchange", "client", "server"]


@dataclass(frozen=True)
class Attribution:
    """The one thing that takes most of an arm's time at loopback.

    Attributes:
        part: one exchange of several, the client's own work between exchanges, or the server's
            work on all of them, as it tells in `Server-Timing`.
        ms: what it takes.
        of_ms: the arm's median.
        call: method and path, of an exchange.
    """

    part: Part
    ms: float
    of_ms: float
    call: str = ""


def attribution(arm: ArmResult, floor_ms: float | None) -> Attribution | None:
    """What takes most of the arm's time; None where no single thing does.

    Args:
        arm: the arm, with the exchanges of the timed load nearest to the median.
        floor_ms: what a constant answer of its server takes; None where that is not known.
    """
    if arm.summary is None or not arm.exchanges:
        return None
    of_ms = arm.summary.median_ns / 1e6
    client = Attribution("client", max(0.0, of_ms - _under_way_ms(arm.exchanges)), of_ms)
    parts = [
        *_one_exchange(arm.exchanges, of_ms),
        client,
        *_server(arm.exchanges, of_ms, floor_ms),
    ]
    return next((part for part in parts if part.ms > MOST * of_ms), None)


def _one_exchange(exchanges: Sequence[Exchange], of_ms: float) -> list[Attribution]:
    """The longest of several, if it is most of what all of them take together."""
    times = [_took_ms(one) for one in exchanges]
    longest = max(times)
    if len(times) < 2 or longest <= MOST * sum(times):
        return []
    one = exchanges[times.index(longest)]
    return [Attribution("exchange", longest, of_ms, f"{one.method} {one.path.partition('?')[0]}")]


def _server(
    exchanges: Sequence[Exchange], of_ms: float, floor_ms: float | None
) -> list[Attribution]:
    """The server's own time, as it tells, if that is far more than a constant answer takes.

    The time is from a load that was not timed, so it is left out where it does not fit the others.
    """
    told = [one.server_ms for one in exchanges if one.server_ms is not None]
    if floor_ms is None or len(told) < len(exchanges):
        return []
    if any(ms > _took_ms(one) for ms, one in zip(told, exchanges, strict=True)):
        return []
    if sum(told) < WORKS * floor_ms * len(told):
        return []
    return [Attribution("server", min(sum(told), _under_way_ms(exchanges)), of_ms)]


def _took_ms(one: Exchange) -> float:
    return (one.end_ns - one.start_ns) / 1e6


def _under_way_ms(exchanges: Sequence[Exchange]) -> float:
    """How long at least one exchange was under way."""
    total, until = 0, 0
    for one in sorted(exchanges, key=lambda one: one.start_ns):
        total += max(0, one.end_ns - max(one.start_ns, until))
        until = max(until, one.end_ns)
    return total / 1e6
