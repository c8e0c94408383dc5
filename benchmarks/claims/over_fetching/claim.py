"""Claim 11: GraphQL is 566 times faster."""

from typing import NamedTuple

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, Claim, Source, Table, Usual, Verdict
from benchmarks.claims.over_fetching.results import (
    ALL_ROWS,
    DATALOADER,
    FIELDS,
    PLANNED,
    REFUSED,
    SAME_FIELDS,
    SAME_INDEX,
    SAME_PAGE,
    Answers,
    OverFetchingResults,
)
from client_examples.comparison.report import numbers

WORDS = "GraphQL is 566 times faster"
HUNDREDS = 100.0  # times: of the size of what is claimed
_REPOSITORY = "https://github.com/JakubMiko/graphql-vs-rest-benchmark/blob"
_BEFORE = (
    f"{_REPOSITORY}/d6853442c66fcbadfa3b48d0a8c4893a16d77e32"
    "/docs/results/before_optimization/03-selective-fields"
)
_AFTER = (
    f"{_REPOSITORY}/0659323ab3fa822540ccfcb84d3da7767e2463d4"
    "/docs/results/after_optimization/03-selective-fields"
)
_SOURCES = (
    Source(
        "JakubMiko/graphql-vs-rest-benchmark",
        f"{_BEFORE}/load-summary.md",
        "566 times at p95, 11.79 ms and 6.67 s, for ids and names under the load of 50 users",
    ),
    Source(
        "its run of GraphQL",
        f"{_BEFORE}/load-graphql-20251117_225247.txt",
        "each of the 11,964 requests failed two of five checks (of errors and of data, since all "
        "were answered within 41 ms), and its answers of about 700 bytes are too small for 100 "
        "events",
    ),
    Source(
        "its later run with pages of 10 on both",
        f"{_AFTER}/load-summary.md",
        "1.4 times at p95, 14.70 and 20.77 ms",
    ),
    Source(
        "its conclusion",
        f"{_REPOSITORY}/22108e0dc0ff5101b07a00e28dc4f1e194a7d9cd/README.md",
        "REST is 25% faster, GraphQL transfers over 90% less",
    ),
)


class _Step(NamedTuple):
    """What both sides are asked for: who answers, by the names of the results."""

    told: str
    rest: str
    graphql: str


_STEPS = (
    _Step("all rows / a query that is refused", ALL_ROWS, REFUSED),
    _Step("all rows / two fields of a page", ALL_ROWS, DATALOADER),
    _Step("the same page", SAME_PAGE, DATALOADER),
    _Step("the same fields", SAME_FIELDS, DATALOADER),
    _Step("the same index", SAME_INDEX, DATALOADER),
    _Step("`rest/fields` / `graphql/planned`", FIELDS, PLANNED),
)
# What is different on REST's side alone, the last step first.
_UNEQUAL = {
    SAME_FIELDS: "REST has no index for the order of the list",
    SAME_PAGE: "REST answers with all members of each row",
    ALL_ROWS: "REST answers with every row, and GraphQL with two fields of a page",
}


def much_faster(found: OverFetchingResults) -> Claim:
    """By the 95th percentile under load, with each difference taken away in turn."""
    return Claim(
        11,
        WORDS,
        _verdict(found, PLANNED, FIELDS),
        Usual(f"`{DATALOADER}`", _verdict(found, DATALOADER, SAME_INDEX)),
        _SOURCES,
        _why(found),
        Table(_HEADER, [_row(found, step) for step in _STEPS]),
        ".venv/bin/python -m benchmarks.claims --claim 11",
        "that benchmark's own servers, by Ruby on Rails. Neither side has a cache or compression "
        "here, as in its first runs. All users are on the servers' machine, so that bytes cost "
        "next to nothing: over a slow network, what is over-fetched takes longer.",
    )


def _verdict(found: OverFetchingResults, graphql: str, equal: str) -> Verdict:
    """Whether p95 is hundreds of times GraphQL's where all is equal, or else what must differ."""
    at_last = _p95(found, equal, graphql)
    if at_last >= HUNDREDS:
        return HOLDS
    for rest, differs in _UNEQUAL.items():
        if _p95(found, rest, graphql) >= HUNDREDS:
            alike = f"REST's p95 is {_times(at_last)} GraphQL's"
            return Verdict("holds if", f"{differs}; with the same page, fields and index {alike}")
    return DOES_NOT_HOLD


def _why(found: OverFetchingResults) -> tuple[str, str, str]:
    rows, graphql = _of(found, ALL_ROWS), _of(found, DATALOADER)
    queue = (
        f"All {found.rows:,} rows take REST {numbers.milliseconds(rows.alone_ms)} ms for one user, "
        f"{_times(rows.alone_ms / graphql.alone_ms)} GraphQL's page; {found.users} users then wait "
        f"for each other, which makes it {_times(_p95(found, ALL_ROWS, DATALOADER))}."
    )
    page, fields, index = (
        _ratio(_p95(found, rest, DATALOADER)) for rest in (SAME_PAGE, SAME_FIELDS, SAME_INDEX)
    )
    steps = (
        f"With the same page {page} times are left, with the same fields too {fields}, and with "
        f"the same index {index}."
    )
    published = (
        "The published number seems to be of GraphQL's error message; the same benchmark has 1.4 "
        "times with pages on both sides, and at its end a faster REST."
    )
    return queue, steps, published


_HEADER = (
    "REST / GraphQL",
    "p95, ms",
    "times",
    "median, times",
    "one user, times",
    "bytes",
    "answers/s",
)


def _row(found: OverFetchingResults, step: _Step) -> list[str]:
    rest, graphql = _of(found, step.rest), _of(found, step.graphql)
    return [
        step.told,
        f"{numbers.milliseconds(rest.p95_ms)} / {numbers.milliseconds(graphql.p95_ms)}",
        _ratio(rest.p95_ms / graphql.p95_ms),
        _median(rest, graphql),
        _ratio(rest.alone_ms / graphql.alone_ms),
        f"{rest.body_bytes:,} / {graphql.body_bytes:,}",
        f"{rest.per_s:.1f} / {graphql.per_s:.1f}",
    ]


def _median(rest: Answers, graphql: Answers) -> str:
    beside = rest.beside.get(graphql.name)
    if beside is not None and beside.is_tie:
        return "tie"
    return _ratio(rest.median_ms / graphql.median_ms)


def _ratio(value: float) -> str:
    """A ratio; of hundreds, without decimals."""
    return f"{value:,.0f}" if value >= 99.5 else numbers.ratio(value)


def _times(value: float) -> str:
    return f"{_ratio(value)} times"


def _p95(found: OverFetchingResults, rest: str, graphql: str) -> float:
    return _of(found, rest).p95_ms / _of(found, graphql).p95_ms


def _of(found: OverFetchingResults, name: str) -> Answers:
    return next(one for one in found.servers if one.name == name)
