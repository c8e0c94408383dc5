"""All claims of docs/claims.md in their order, each with the results that it is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from benchmarks.claims.claim import Claim, NothingToJudge, heading
from benchmarks.claims.compared import (
    bandwidth,
    http2,
    mobile,
    processors,
    requests,
    shared_cache,
    statements,
    tuning,
)
from benchmarks.claims.measurements import MEASUREMENTS, Measurement
from benchmarks.claims.page import Origin, Row, claim_block, row_of, unjudged_block, verdicts_block
from benchmarks.claims.results import Part
from client_examples.comparison.results.document import Document

COMPARISON: Final = "comparison.json"
CPU: Final = "cpu.json"
NETWORKS: Final = "networks.json"
SHARED_CACHE: Final = "shared_cache.json"
SLOW_DATABASE: Final = "slow_database.json"
MEASURED: Final = "claims.json"  # by `python -m benchmarks.claims`

COMPARISONS: Final = (COMPARISON, CPU, NETWORKS, SHARED_CACHE, SLOW_DATABASE)

# What is known of each file in docs/results/, by its name: a comparison, or the parts of MEASURED.
Found: TypeAlias = Mapping[str, Document | Mapping[int, Part] | None]


@dataclass(frozen=True)
class Entry:
    """A claim, the names of the files that it needs, and what makes it of their contents."""

    number: int
    words: str
    files: tuple[str, ...]
    make: Callable[..., Claim]


COMPARED: Final = (
    Entry(1, requests.WORDS, (COMPARISON,), requests.fewer_requests),
    Entry(2, bandwidth.WORDS, (COMPARISON,), bandwidth.over_fetching),
    Entry(3, http2.WORDS, (COMPARISON,), http2.http2),
    Entry(4, shared_cache.ONLY_REST, (SHARED_CACHE,), shared_cache.only_rest),
    Entry(5, shared_cache.PERSISTED, (SHARED_CACHE, COMPARISON), shared_cache.persisted),
    Entry(6, processors.WORDS, (CPU,), processors.processor_cost),
    Entry(7, statements.MOVED, (COMPARISON,), statements.moves_n_plus_one),
    Entry(8, statements.CURED, (COMPARISON, SLOW_DATABASE, CPU), statements.dataloaders),
    Entry(9, mobile.WORDS, (NETWORKS,), mobile.mobile),
    Entry(12, tuning.WORDS, (COMPARISON, SLOW_DATABASE), tuning.tuning),
)
NUMBERS: Final = tuple(
    sorted([*(one.number for one in COMPARED), *(one.number for one in MEASUREMENTS)])
)


def page_parts(found: Found) -> dict[str, str]:
    """The parts of the page that can be made of what is there, by the names of their marks."""
    made = {number: one for number in NUMBERS if (one := _made(number, found)) is not None}
    if not made:
        return {}
    return {
        "verdicts": verdicts_block(row for row, _ in made.values()),
        **{f"claim-{number}": block for number, (_, block) in made.items()},
    }


def _made(number: int, found: Found) -> tuple[Row, str] | None:
    for one in MEASUREMENTS:
        if one.number == number:
            return _of_measurement(one, found)
    entry = next(one for one in COMPARED if one.number == number)
    documents = [found.get(name) for name in entry.files]
    if any(document is None for document in documents):
        return None
    origins = [
        Origin(name, document.began, document.environment["revision"])
        for name, document in zip(entry.files, documents, strict=True)
        if isinstance(document, Document)
    ]
    return _judged(number, entry.words, partial(entry.make, *documents), origins)


def _of_measurement(one: Measurement, found: Found) -> tuple[Row, str] | None:
    parts: Any = found.get(MEASURED)
    if not parts or one.number not in parts:
        return None
    part: Part = parts[one.number]
    results = TypeAdapter(one.results).validate_python(part.found)
    origin = Origin(MEASURED, part.began, part.environment["revision"])
    return _judged(one.number, one.words, partial(one.claim, results), [origin])


def _judged(
    number: int, words: str, make: Callable[[], Claim], origins: Sequence[Origin]
) -> tuple[Row, str]:
    """The claim in the table of verdicts and its part; where it cannot be judged, why not."""
    try:
        claim = make()
    except NothingToJudge as error:
        title = heading(number, words)
        return Row(title, error.verdict), unjudged_block(title, error.verdict, origins)
    return row_of(claim), claim_block(claim, origins)
