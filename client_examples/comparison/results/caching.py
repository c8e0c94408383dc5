"""Caching: first and later visits of clients with a cache, and a cache that clients share."""

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class SharedCacheSettings:
    """Two links, from clients to the edge and from the edge to the servers, and the visitors."""

    near_rtt_ms: float
    far_rtt_ms: float
    visitors: int


@dataclass(frozen=True)
class SharedCacheWay:
    """One way of loading a screen, by so many visitors who have no cache of their own.

    Times are milliseconds. `times_ms` are theirs, in their order. Of their `requests`, `hits` were
    answered by the edge alone, and the others by the servers, whose processors took `cpu_ms` for
    all visitors; None where that cannot be seen. `changed_ms` is the time of the first load after
    another client's change, `stale_ms` how long after that change a view was still shown without
    it, 0 where none.
    """

    arm: str
    description: str
    method: str
    times_ms: list[float]
    requests: int
    hits: int
    cpu_ms: float | None
    changed_ms: float | None = None
    stale_ms: float | None = None

    @property
    def reached(self) -> int:
        """The requests that reached the servers."""
        return self.requests - self.hits


@dataclass(frozen=True)
class SharedCacheScreen:
    """The ways of loading a screen."""

    name: str
    ways: list[SharedCacheWay]


@dataclass(frozen=True)
class SharedCacheResults:
    """What was measured; `missing` says in a line why it was not, "" where it was.

    `max_age_s` are the seconds for which the servers let a shared cache show an answer.
    """

    missing: str = ""
    max_age_s: int = 0
    screens: list[SharedCacheScreen] = field(default_factory=list)
