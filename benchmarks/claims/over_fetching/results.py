"""What was measured of over-fetching under load: times in milliseconds, of answers to users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from client_examples.comparison.statistics import compare, median_resamples

# Who answers. The first GraphQL one has a query that does not fit the schema.
REFUSED, DATALOADER, PLANNED = "graphql/refused", "graphql/dataloader", "graphql/planned"
ALL_ROWS, SAME_PAGE, SAME_FIELDS, SAME_INDEX = "all rows", "same page", "same fields", "same index"
FIELDS = "rest/fields"


@dataclass(frozen=True)
class Beside:
    """A median over that of a GraphQL endpoint, with its 95% interval, and whether it is a tie."""

    times: float
    low: float
    high: float
    is_tie: bool


@dataclass(frozen=True)
class Answers:
    """How one server has answered one request, which all users sent.

    `alone_ms` is the median with a single user who does not pause; all others are with all users:
    `answers` in `seconds` of the rounds together. `beside` are the medians over those of the two
    GraphQL endpoints, by their names.
    """

    name: str
    body_bytes: int
    alone_ms: float
    median_ms: float
    p95_ms: float
    per_s: float
    answers: int
    beside: dict[str, Beside]


@dataclass(frozen=True)
class OverFetchingResults:
    """All of it: `rounds` in which each was asked for `seconds` by so many users, who pause.

    `rows` are the books that there are, `page` those of a page.
    """

    servers: list[Answers]
    users: int
    pause_s: float
    seconds: float
    rounds: int
    rows: int
    page: int


@dataclass(frozen=True)
class Samples:
    """Of one server: times in ms, and answers per second in each round."""

    body_bytes: int
    alone: Sequence[float]
    loaded: Sequence[float]
    per_s: Sequence[float]


def answers_of(samples: Mapping[str, Samples], seed: str) -> list[Answers]:
    """The figures of all servers, in their order."""
    medians = {
        name: median_resamples(list(one.loaded), f"{seed}/{name}") for name, one in samples.items()
    }
    middle = {name: float(np.median(list(one.loaded))) for name, one in samples.items()}

    def beside(name: str, endpoint: str) -> Beside:
        fewer = min(len(samples[name].loaded), len(samples[endpoint].loaded))
        ratio = compare(middle[name], middle[endpoint], medians[name], medians[endpoint], fewer)
        return Beside(ratio.ratio, ratio.low, ratio.high, ratio.verdict == "none")

    return [
        Answers(
            name=name,
            body_bytes=one.body_bytes,
            alone_ms=float(np.median(list(one.alone))),
            median_ms=middle[name],
            p95_ms=float(np.quantile(list(one.loaded), 0.95)),
            per_s=float(np.mean(list(one.per_s))),
            answers=len(one.loaded),
            beside={endpoint: beside(name, endpoint) for endpoint in (DATALOADER, PLANNED)},
        )
        for name, one in samples.items()
    ]
