"""Caching: what the first and later visits of clients with a cache took."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.timing import Sample
from client_examples.comparison.statistics import Ratio, Summary

Phase: TypeAlias = Literal["first ever", "cold", "warm", "changed"]


@dataclass(frozen=True)
class CachingPhase:
    """Loads by an arm with a cache, or by the arm beside it without one, in a phase of its visits.

    "cold": the client has kept nothing; "warm": nothing has changed since; "changed": another
    client has changed what is shown; "first ever": the client has kept nothing, and the server
    has never seen the query, as it has in all other phases. `statuses` are those on the wire.
    `uncached` is the arm beside, None for that one itself; `ratio` is the median over that of the
    arm beside in the same phase (in "cold" for "first ever"), where its verdict "left" means that
    the cache is faster.
    """

    arm: str
    description: str
    phase: Phase
    uncached: str | None
    statuses: list[int]
    counts: Counts
    samples: list[Sample]
    summary: Summary | None
    ratio: Ratio | None
