"""The waterfall of a screen in the page: bars whose place is known at any distance.

A bar begins and ends at its loopback time plus so many round-trip times (RTT), as the model has it.
So the page moves bars by CSS, without a script.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from client_examples.comparison.analysis.conditions import RTTS_MS
from client_examples.comparison.analysis.decisions import rtt_names
from client_examples.comparison.analysis.network_model import link_at, network_ns, transfer_ns
from client_examples.comparison.arms.exchanges import trip_spans
from client_examples.comparison.results.counts import Exchange
from client_examples.comparison.results.document import (
    ArmResult,
    Document,
    ScreenResult,
    Settings,
)
from client_examples.comparison.results.links import Link

_NS_PER_MS = 1e6
_TICKS = 5  # at most


@dataclass(frozen=True)
class Distance:
    """How far away the servers are: its name and its RTT in milliseconds."""

    name: str
    rtt_ms: float


@dataclass(frozen=True)
class Bar:
    """An exchange: it begins at `start_ms` + `before` RTTs, and takes `took_ms` + `trips` RTTs.

    `server_ms` is the server's part of `took_ms`; 0 where it does not tell.
    """

    label: str
    told: str
    start_ms: float
    took_ms: float
    before: int
    trips: int
    server_ms: float

    def end_ms(self, rtt_ms: float) -> float:
        """When it ends, at a distance."""
        return self.start_ms + self.took_ms + (self.before + self.trips) * rtt_ms


@dataclass(frozen=True)
class Lane:
    """An arm's exchanges, and the time of its load at each distance in ms."""

    arm: ArmResult
    bars: Sequence[Bar]
    times_ms: Sequence[float]


@dataclass(frozen=True)
class Drawing:
    """All arms' lanes over one scale.

    Attributes:
        lanes: one for each arm.
        wide_ms: the time that the whole width stands for, at each distance.
        ticks: the times in ms that are written on the scale, at each distance.
    """

    lanes: Sequence[Lane]
    wide_ms: Sequence[float]
    ticks: Sequence[Sequence[float]]


def distances(document: Document) -> list[Distance]:
    """The distances that times are known for, the nearest first."""
    names = rtt_names(document)
    return [Distance(name, rtt) for name, rtt in zip(names, RTTS_MS, strict=True)]


def drawing(screen: ScreenResult, settings: Settings) -> Drawing:
    """The waterfall of a screen's arms."""
    lanes = [_lane(arm, settings) for arm in screen.arms]
    wide = [
        max(
            (end for lane in lanes for end in (lane.times_ms[index], *_ends(lane, rtt))),
            default=1.0,
        )
        for index, rtt in enumerate(RTTS_MS)
    ]
    return Drawing(lanes, wide, [_ticks(one) for one in wide])


def _ends(lane: Lane, rtt_ms: float) -> list[float]:
    return [bar.end_ms(rtt_ms) for bar in lane.bars]


def _lane(arm: ArmResult, settings: Settings) -> Lane:
    spans = trip_spans(arm.exchanges, settings.at_once)
    late = _transfers_ms(arm.exchanges, link_at(settings, 0.0))
    bars = [
        Bar(
            label=_label(one),
            told=_told(one),
            start_ms=one.start_ns / _NS_PER_MS + shift[0],
            took_ms=(one.end_ns - one.start_ns) / _NS_PER_MS + shift[1] - shift[0],
            before=span[0],
            trips=span[1] - span[0],
            server_ms=min(one.server_ms or 0.0, (one.end_ns - one.start_ns) / _NS_PER_MS),
        )
        for one, span, shift in zip(arm.exchanges, spans, late, strict=True)
    ]
    if arm.summary is None:
        times = [max((bar.end_ms(rtt) for bar in bars), default=0.0) for rtt in RTTS_MS]
    else:
        median = arm.summary.median_ns
        links = [link_at(settings, rtt) for rtt in RTTS_MS]
        times = [(median + network_ns(arm.counts, link)) / _NS_PER_MS for link in links]
    return Lane(arm, bars, times)


def _transfers_ms(exchanges: Sequence[Exchange], link: Link) -> list[tuple[float, float]]:
    """By how much the transfer of bytes delays each exchange's begin and end.

    As in the model, bytes pass the link one after the other, and no exchange of a level begins
    before those of earlier levels are transferred.
    """
    sent, found, begun, level = 0.0, [], 0.0, 0
    for one in exchanges:
        if one.level != level:
            begun, level = sent, one.level
        sent += transfer_ns(one, link) / _NS_PER_MS
        found.append((begun, sent))
    return found


def _label(one: Exchange) -> str:
    path = f"{one.path.partition('?')[0]} {one.operation}" if one.operation else one.path
    return f"{one.method} {path}"


def _told(one: Exchange) -> str:
    """The facts about an exchange that do not depend on the distance."""
    parts = []
    if one.server_ms is not None:
        parts.append(f"server {one.server_ms:.2f} ms")
    if one.statements is not None:
        parts.append(f"{one.statements:,} SQL")
    parts.append(f"{one.received_head_bytes + one.received_body_bytes:,} bytes")
    return " · ".join(parts)


def _ticks(wide_ms: float) -> list[float]:
    """Round numbers from 0 up to the width: 1, 2 or 5 times a power of ten apart."""
    if wide_ms <= 0:
        return [0.0]
    power = 10 ** math.floor(math.log10(wide_ms / _TICKS))
    step = next(power * f for f in (1, 2, 5, 10) if wide_ms / (power * f) <= _TICKS)
    return [index * step for index in range(int(wide_ms / step) + 1)]
