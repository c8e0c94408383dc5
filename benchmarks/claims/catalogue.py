"""All claims of docs/claims.md in their order, each with the results that it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from benchmarks.claims.claim import Claim, NothingToJudge
from benchmarks.claims.compared.bandwidth import over_fetching
from benchmarks.claims.compared.http2 import http2
from benchmarks.claims.compared.mobile import mobile
from benchmarks.claims.compared.processors import processor_cost
from benchmarks.claims.compared.requests import fewer_requests
from benchmarks.claims.compared.shared_cache import only_rest, persisted
from benchmarks.claims.compared.statements import dataloaders, moves_n_plus_one
from benchmarks.claims.compared.tuning import tuning
from benchmarks.claims.measurements import MEASUREMENTS, Measurement
from benchmarks.claims.page import Origin, claim_block, verdicts_block
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
    files: tuple[str, ...]
    make: Callable[..., Claim]


COMPARED: Final = (
    Entry(1, (COMPARISON,), fewer_requests),
    Entry(2, (COMPARISON,), over_fetching),
    Entry(3, (COMPARISON,), http2),
    Entry(4, (SHARED_CACHE,), only_rest),
    Entry(5, (SHARED_CACHE, COMPARISON), persisted),
    Entry(6, (CPU,), processor_cost),
    Entry(7, (COMPARISON,), moves_n_plus_one),
    Entry(8, (COMPARISON, SLOW_DATABASE, CPU), dataloaders),
    Entry(9, (NETWORKS,), mobile),
    Entry(12, (COMPARISON, SLOW_DATABASE), tuning),
)
NUMBERS: Final = tuple(
    sorted([*(one.number for one in COMPARED), *(one.number for one in MEASUREMENTS)])
)


def page_parts(found: Found) -> dict[str, str]:
    """The parts of the page that can be made of what is there, by the names of their marks."""
    made, parts = [], {}
    for number in NUMBERS:
        try:
            one = _made(number, found)
        except NothingToJudge as reason:
            parts[f"claim-{number}"] = f"Claim {number} is not judged: {reason}."
            continue
        if one is not None:
            made.append(one[0])
            parts[f"claim-{number}"] = claim_block(*one)
    return {"verdicts": verdicts_block(made), **parts} if made else parts


def _made(number: int, found: Found) -> tuple[Claim, list[Origin]] | None:
    for one in MEASUREMENTS:
        if one.number == number:
            return _of_measurement(one, found)
    entry = next(one for one in COMPARED if one.number == number)
    documents = [found.get(name) for name in entry.files]
    if any(document is None for document in documents):
        return None
    return entry.make(*documents), [
        Origin(name, document.began, document.environment["revision"])
        for name, document in zip(entry.files, documents, strict=True)
        if isinstance(document, Document)
    ]


def _of_measurement(one: Measurement, found: Found) -> tuple[Claim, list[Origin]] | None:
    parts: Any = found.get(MEASURED)
    if not parts or one.number not in parts:
        return None
    part: Part = parts[one.number]
    results = TypeAdapter(one.results).validate_python(part.found)
    origin = Origin(MEASURED, part.began, part.environment["revision"])
    return one.claim(results), [origin]
