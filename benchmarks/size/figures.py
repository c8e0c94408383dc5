"""What a document of results says: for tables and pictures, which need no servers."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]  # as `results.document` makes it

FEW_ROUNDS = 20


def groups(measured: Document) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The kinds by group and API, in the order in which they were measured."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for kind in measured["kinds"]:
        found.setdefault((kind["group"], kind["api"]), []).append(kind)
    return found


def typical(kinds: Sequence[Mapping[str, Any]], of: str, books: int) -> float:
    """The geometric mean of the kinds' medians, or of their ratios, at this size."""
    return math.exp(statistics.fmean(math.log(kind[of][str(books)]) for kind in kinds))


def doubts(measured: Document) -> list[str]:
    """What speaks against the figures, a sentence each."""
    found, settings = [], measured["settings"]
    if settings["rounds"] < FEW_ROUNDS:
        found.append(f"Only {settings['rounds']} requests of each: medians of them vary much.")
    load = measured["environment"]["load_average"]
    if load and load[0] > 1:
        found.append(
            f"The machine was busy when this began (load average {load[0]:.1f} on "
            f"{measured['environment']['processors']} processors)."
        )
    spreads = [
        _spread(each)
        for kind in measured["kinds"]
        for each in kind["samples_us"].values()
        if len(each) > 3
    ]
    if spreads:
        found.append(
            f"The middle half of a kind's times spreads over {statistics.median(spreads):.0%} of "
            "its median (median of all kinds and sizes)."
        )
    return found


def _spread(samples: Sequence[int]) -> float:
    low, middle, high = statistics.quantiles(samples, method="inclusive")
    return (high - low) / middle
