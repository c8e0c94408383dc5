"""A document as CSV: a row per arm and screen, all numbers, with units in the header.

After them, a row per arm and phase of second visits, a row per arm that watched, and a row per rate
that an arm was loaded at.
"""

import csv
import io
from dataclasses import fields
from typing import TypeAlias

from client_examples.comparison.crowd.report import load_csv
from client_examples.comparison.results.caching import CachingPhase
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.statistics import Summary
from client_examples.comparison.watching.report import watch_csv

Cell: TypeAlias = str | int | float | None

# Counts whose names do not tell their unit.
_UNITS = {
    "over_fetch": "over_fetch (share of leaves)",
    "over_fetch_bytes": "over_fetch_bytes (share of bytes)",
}


def rows_of(document: Document) -> str:
    """The text of the file; a number that is not known is an empty cell."""
    rows = [_row(document, screen, arm) for screen in document.screens for arm in screen.arms]
    rows += [_visits(screen, one) for screen in document.screens for one in screen.caching]
    rows += [watch_csv(result, arm) for result in document.watching for arm in result.arms]
    for screen in document.load:
        rows += [row for arm in screen.arms for row in load_csv(screen, arm)]
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(document: Document, screen: ScreenResult, arm: ArmResult) -> dict[str, Cell]:
    return {
        "screen": screen.name,
        "arm": arm.name,
        "samples": len(arm.samples),
        "code_lines": arm.code_lines,
        **_counts(arm.counts),
        "static_cost (objects at most)": arm.cost.computed if arm.cost else None,
        "static_cost_limit": arm.cost.limit if arm.cost else None,
        **_times(arm.summary),
        "floor_share (rounds x floor / median)": arm.floor_share,
        **{f"predicted_rtt_{rtt}_ms": time for rtt, time in arm.predicted_ms.items()},
        **_links(arm),
        f"loads_if_{document.settings.failure_rate:g}_fail (chance)": arm.failure.loads,
        f"loads_if_{document.settings.failure_rate:g}_fail_with_retries (chance)": (
            arm.failure.loads_with_retries
        ),
        **_resilience(arm),
        "doubts": " ".join(
            f"{one.number or 'all'}: {one.text}"
            for one in screen.doubts
            if one.about in {screen.name, f"{screen.name}/{arm.name}"}
        ),
    }


def _counts(counts: Counts) -> dict[str, Cell]:
    return {_UNITS.get(one.name, one.name): getattr(counts, one.name) for one in fields(counts)}


def _visits(screen: ScreenResult, one: CachingPhase) -> dict[str, Cell]:
    ratio = one.ratio
    return {
        "screen": screen.name,
        "arm": one.arm,
        "samples": len(one.samples),
        **_counts(one.counts),
        **_times(one.summary),
        "phase": one.phase,
        "statuses": " ".join(map(str, one.statuses)),
        "times_uncached (median / uncached median)": None if ratio is None else ratio.ratio,
        "times_uncached_low": None if ratio is None else ratio.low,
        "times_uncached_high": None if ratio is None else ratio.high,
    }


def _times(summary: Summary | None) -> dict[str, Cell]:
    if summary is None:
        return {}
    times = {
        "median": summary.median_ns,
        "median_low": summary.median_low_ns,
        "median_high": summary.median_high_ns,
        "p95": summary.p95_ns,
        "p99": summary.p99_ns,
        "mean": summary.mean_ns,
    }
    return {
        **{f"{name}_ms": None if time is None else time / 1e6 for name, time in times.items()},
        "spread (interquartile range / median)": summary.spread,
    }


def _links(arm: ArmResult) -> dict[str, Cell]:
    return {
        name: value
        for link in arm.links
        for name, value in (
            (f"measured_rtt_{link.rtt_ms:g}_ms", _ms(link.median_ns)),
            (f"model_rtt_{link.rtt_ms:g}_ms", _ms(link.predicted_ns)),
            (f"model_error_rtt_{link.rtt_ms:g} (share)", link.relative_error),
        )
    }


def _resilience(arm: ArmResult) -> dict[str, Cell]:
    return {
        name: value
        for one in arm.resilience
        for name, value in (
            (f"{one.situation}, {one.policy}: loads", one.loads),
            (f"{one.situation}, {one.policy}: loaded", one.loaded),
            (f"{one.situation}, {one.policy}: exchanges", one.exchanges),
            (f"{one.situation}, {one.policy}: in vain", one.in_vain),
            (f"{one.situation}, {one.policy}: not sent", one.refused),
            (f"{one.situation}, {one.policy}: seconds", one.seconds),
            (f"{one.situation}, {one.policy}: longest load s", one.longest_s),
            (f"{one.situation}, {one.policy}: recovery s", one.recovery_s),
        )
    }


def _ms(nanoseconds: float | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e6
