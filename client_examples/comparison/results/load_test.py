"""The load test: the rates that were tried for each arm, and how it held them.

A rate is the number of people per second who open the screen, whether or not earlier ones have been
served. Times are milliseconds, from when an arrival was due to when the arm had the whole view.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

BOUND_MS = 100.0  # what p99 must keep below
NEAR = 1.1  # the rate lost is at most so many times the rate kept
# With fewer, the p99 says little more than which was the slowest (see statistics.samples_for).
FEWEST = 300
LONGEST_S = 20.0  # for a rate so low that fewer arrive

# What kept a rate from being higher: the servers; the program that sends, which was late itself;
# the time or the greatest rate that the run was given. "failed": it could not be measured.
Limit: TypeAlias = Literal["server", "generator", "time", "asked", "failed"]


@dataclass(frozen=True)
class LoadStep:
    """One rate, held for a while.

    A step at which p99 is lost ends early, so there may be fewer `arrivals` than `planned`.
    `failed` loads failed or showed something else; they count as slower than all others.
    `unanswered` loads were still waiting at the end, and count as long as they had waited. So a
    percentile is a lower bound where some were unanswered, and None where it falls among failures.

    `late_p99_ms` is how late the generator itself took up the arrivals, which is part of the times;
    `generator_busy` is the share of a processor that its busiest process took. `most_waiting` is
    the greatest number of arrivals under way or waiting at once.
    """

    rate: float
    seconds: float
    planned: int
    arrivals: int
    failed: int
    unanswered: int
    p50_ms: float | None
    p99_ms: float | None
    late_p99_ms: float
    generator_busy: float
    most_waiting: int
    is_kept: bool
    generator_was_late: bool
    failure: str | None = None


@dataclass(frozen=True)
class LoadArm:
    """The steps of an arm, and the highest rate at which its p99 stayed below the bound.

    `highest` is None where p99 stayed below it at no rate, or none was tried.
    """

    name: str
    description: str
    steps: list[LoadStep]
    highest: float | None
    limit: Limit
    failure: str | None = None


@dataclass(frozen=True)
class LoadScreen:
    """The load test of a screen."""

    name: str
    shows: str
    arms: list[LoadArm]


@dataclass(frozen=True)
class LoadSettings:
    """How the load test is made.

    `bound_ms` is what p99 must stay below. `users` is how many can be served at once, by
    `processes` of the generator. `step_s` is how long a rate is held at least; it is held longer
    until enough have arrived for a p99. `most_s` limits the search for an arm's rate. Without
    `all_arms`, the first and the last arm of each API are loaded: the textbook's and the best.
    """

    bound_ms: float
    step_s: float
    most_s: float
    users: int
    processes: int
    all_arms: bool
