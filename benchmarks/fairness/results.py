"""What was measured: how long point reads waited, alone and beside each attack."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from benchmarks.fairness.clients import Sent

SCHEMA = 1
TARGETS_MS = ((1_000, 60.0), (100_000, 300.0))  # the longest wait, by the number of books
_FEW = 100  # reads, below which there is no 99th percentile to speak of


@dataclass(frozen=True)
class Waits:
    """Of the point reads, in ms."""

    reads: int
    median: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Beside:
    """The waits of point reads beside one attack; `target` is in ms, None where there is none."""

    attack: str
    server: str
    books: int
    waits: Waits
    sent: Sent | None
    target: float | None

    @property
    def is_missed(self) -> bool:
        """Whether somebody waited for longer than the target."""
        return self.target is not None and self.waits.longest > self.target


@dataclass(frozen=True)
class Alone:
    """The waits of point reads with nobody else there."""

    server: str
    books: int
    waits: Waits


def waits_of(times: Sequence[float]) -> Waits:
    """The figures of some reads.

    Raises:
        ValueError: they are fewer than 2.
    """
    return Waits(
        len(times), median(times), quantiles(times, n=100, method="inclusive")[98], max(times)
    )


def target_of(books: int) -> float | None:
    """The longest wait that a bookstore of this size is to have, in ms."""
    return next((target for most, target in TARGETS_MS if books <= most), None)


def document(
    alone: Sequence[Alone],
    beside: Sequence[Beside],
    environment: dict[str, Any],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """All of it, for the results file."""
    return {
        "schema": SCHEMA,
        "environment": environment,
        "settings": settings,
        "alone": [asdict(one) for one in alone],
        "beside": [{**asdict(one), "missed": one.is_missed} for one in beside],
        "doubts": doubts(alone, beside),
    }


def doubts(alone: Sequence[Alone], beside: Sequence[Beside]) -> list[str]:
    """What makes a figure less sure than it looks."""
    found = []
    for one in alone:
        target = target_of(one.books)
        if target is not None and one.waits.longest > target / 2:
            found.append(
                f"{one.server}, {one.books:,} books: a read waited for {one.waits.longest:.0f} ms "
                "with nobody else there: something else ran on this machine"
            )
    for each in beside:
        where = f"{each.server}, {each.books:,} books, {each.attack}"
        if each.waits.reads < _FEW:
            found.append(f"{where}: only {each.waits.reads} point reads")
        if each.sent is None:
            found.append(f"{where}: the hostile client did not come to an end")
    return found
