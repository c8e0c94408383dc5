"""All claims of docs/claims.md in their order, each with the results that it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from benchmarks.claims.claim import Claim
from benchmarks.claims.compared.requests import fewer_requests
from benchmarks.claims.measurements import MEASUREMENTS, Measurement
from benchmarks.claims.page import Origin, claim_block, verdicts_block
from benchmarks.claims.results import Part
from client_examples.comparison.results.document import Document

COMPARISON, NETWORKS, CPU, SHARED_CACHE = (
    "comparison.json",
    "networks.json",
    "cpu.json",
    "shared_cache.json",
)
MEASURED: Final = "claims.json"  # by `python -m benchmarks.claims`

FILES: Final = (COMPARISON, NETWORKS, CPU, SHARED_CACHE, MEASURED)

# What is known of each file in docs/results/, by its name: a comparison, or the parts of MEASURED.
Found: TypeAlias = Mapping[str, Document | Mapping[int, Part] | None]


@dataclass(frozen=True)
class Entry:
    """A claim, the names of the files that it needs, and what makes it of their contents."""

    number: int
    files: tuple[str, ...]
    make: Callable[..., Claim]


COMPARED: Final = (Entry(1, (COMPARISON,), fewer_requests),)
NUMBERS: Final = tuple(
    sorted([*(one.number for one in COMPARED), *(one.number for one in MEASUREMENTS)])
)


def page_parts(found: Found) -> dict[str, str]:
    """The parts of the page that can be made of what is there, by the names of their marks."""
    made = {number: one for number in NUMBERS if (one := _made(number, found)) is not None}
    if not made:
        return {}
    parts = {f"claim-{number}": claim_block(*one) for number, one in made.items()}
    return {"verdicts": verdicts_block(claim for claim, _ in made.values()), **parts}


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
