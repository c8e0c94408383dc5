"""What was measured of gRPC beside REST and GraphQL: times and processor times in milliseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from client_examples.comparison.statistics import compare, interval, median_resamples

GRPC, GZIP = "grpc", "grpc/gzip"  # the arms: without compression, and with it
NO_LINK = "none"


@dataclass(frozen=True)
class Figure:
    """The median of some samples, with its 95% interval.

    `times` is how many times gRPC's median it is, `times_low` to `times_high` the 95% interval of
    that; `is_tie` tells that there is no material difference to gRPC.
    """

    median: float
    low: float
    high: float
    times: float
    times_low: float
    times_high: float
    is_tie: bool


@dataclass(frozen=True)
class ArmFigures:
    """What one load of a screen by an arm takes.

    `sent_bytes` and `received_bytes` are those on the wire of a connection that is open, with all
    heads and frames, without `Server-Timing`. `by_link` are the times of loads, by the round-trip
    time (ms) of the link, `none` without one; `cpu` is the time of the server's processors.
    """

    name: str
    requests: int
    sent_bytes: int
    received_bytes: int
    by_link: dict[str, Figure]
    cpu: Figure


@dataclass(frozen=True)
class ScreenFigures:
    """A screen by all its arms, which show the same view."""

    name: str
    arms: list[ArmFigures]


@dataclass(frozen=True)
class GrpcResults:
    """All of it; `packages` are the versions of what speaks gRPC.

    `loads` are timed without a link, `link_loads` over one, for each arm. Processor time is that
    of `turns` of `turn_s` seconds, in which loads follow one another.
    """

    screens: list[ScreenFigures]
    rtt_ms: float
    loads: int
    link_loads: int
    turns: int
    turn_s: float
    packages: dict[str, str]


def figures_of(samples: Mapping[str, Sequence[float]], seed: str) -> dict[str, Figure]:
    """The figures of the samples of each arm, of which one is gRPC's."""
    medians = {arm: median_resamples(list(of), f"{seed}/{arm}") for arm, of in samples.items()}
    middle = {arm: float(np.median(list(of))) for arm, of in samples.items()}

    def figure(arm: str) -> Figure:
        fewer = min(len(samples[arm]), len(samples[GRPC]))
        ratio = compare(middle[arm], middle[GRPC], medians[arm], medians[GRPC], fewer)
        low, high = interval(medians[arm])
        is_tie = ratio.verdict == "none"
        return Figure(middle[arm], low, high, ratio.ratio, ratio.low, ratio.high, is_tie)

    return {arm: figure(arm) for arm in samples}
