"""The load test: the rates that were tried for each arm, and what came of them.

Rates are arrivals per second: of people who open the screen, whether or not others have it yet.
Times are milliseconds, from when the arrival was due to when the arm had the whole view.
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

    `arrivals` of the `planned` came, as a step that is lost ends early. `failed` are loads that
    failed or showed something else; they count as slower than any other. `unanswered` are those
    that were still waiting at the end, by as long as they had waited then. So a percentile is a
    lower bound where some were unanswered, and None where it falls among those that failed.

    `late_p99_ms` is how late the generator itself took up the arrivals, a part of the times;
    `generator_busy` the share of a processor that its busiest process took. `most_waiting` is the
    greatest number of arrivals under way or waiting at once.
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
    """The steps of an arm, and the highest rate at which its p99 kept below the bound.

    `highest` is None where no rate was kept, or none was tried.
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

    `bound_ms` is what p99 must keep below; `users` are those who can be served at once, in
    `processes` of the generator; `step_s` is how long a rate is held, or longer until enough have
    arrived for a p99; `most_s` ends an arm's search. Not `all_arms`: the first and the last of
    each API, which are the textbook's and the best.
    """

    bound_ms: float
    step_s: float
    most_s: float
    users: int
    processes: int
    all_arms: bool
