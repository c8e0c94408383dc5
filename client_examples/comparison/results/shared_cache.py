"""What a cache that clients share saves: visitors one after the other, and how stale a view was.

Times are milliseconds.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SharedCacheSettings:
    """Two links, from clients to the edge and from the edge to the servers, and the visitors."""

    near_rtt_ms: float
    far_rtt_ms: float
    visitors: int


@dataclass(frozen=True)
class SharedCacheWay:
    """One way of loading a screen, by so many visitors who have no cache of their own.

    `times_ms` are theirs, in their order. Of their `requests`, `hits` were answered by the edge
    alone, and the others by the servers, whose processors took `cpu_ms` for all visitors; None
    where that cannot be seen. `changed_ms` is the time of the first load after another client's
    change, `stale_ms` how long after that change a view was still shown without it, 0 where none.
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
