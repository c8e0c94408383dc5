"""What was measured at each size, as the document that tables and pictures are made of."""

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from benchmarks.size.asking import Kind
from benchmarks.size.figures import Document
from benchmarks.size.servers import Sized
from client_examples.comparison.results.environment import environment

SCHEMA = 1

Samples: TypeAlias = Mapping[int, Sequence[int]]  # µs, by size


def document(
    kinds: Sequence[Kind],
    samples: Sequence[Samples],
    settings: Mapping[str, Any],
    sized: Sequence[Sized],
    began: datetime,
) -> Document:
    """All of a run.

    Returns:
        `schema`, `began` (UTC), `environment`, `settings`, `making` (by size: seconds, bytes) and
        `kinds`: of each its group, name, API, target, whether it was missed at the largest size,
        and by size the median in µs, its ratio to that at the smallest size, and the samples in µs.
    """
    return {
        "schema": SCHEMA,
        "began": began.isoformat(timespec="seconds"),
        "environment": environment(),
        "settings": dict(settings),
        "making": {str(one.books): one.making.as_json() for one in sized},
        "kinds": [_kind(kind, each) for kind, each in zip(kinds, samples, strict=True)],
    }


def _kind(kind: Kind, by_size: Samples) -> dict[str, Any]:
    medians = {books: statistics.median(each) for books, each in by_size.items()}
    smallest = medians[min(medians)]
    ratios = {books: round(median / smallest, 3) for books, median in medians.items()}
    return {
        "group": kind.group,
        "name": kind.name,
        "api": kind.api,
        "objects": kind.objects,
        "target": kind.target,
        "missed": ratios[max(ratios)] > kind.target,
        "median_us": {str(books): median for books, median in medians.items()},
        "ratio": {str(books): ratio for books, ratio in ratios.items()},
        "samples_us": {str(books): list(each) for books, each in by_size.items()},
    }
