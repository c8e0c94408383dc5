"""Loads while exchanges failed: a section per situation, a row per arm and policy."""

from collections.abc import Iterator
from itertools import groupby

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Column,
    Group,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.resilience import ResilienceResult

WORDS = (
    "In vain: sent to a server that could not answer. Not sent: held back by the circuit breaker. "
    "Recovery: from the server's return until a load succeeded, in this one outage; a breaker "
    "notices the return by its next trial."
)
COLUMNS = {
    "arm": Column("arm", kind="arm", once=True),
    "policy": Column("policy", kind="text"),
    "loaded": Column("loaded"),
    "sent": Column("sent"),
    "in vain": Column("in vain", "in\nvain"),
    "not sent": Column("not sent", "not\nsent"),
    "longest": Column("longest load s", "longest\nload\ns"),
    "recovery": Column("recovery s", "recovery\ns"),
}
MANY = 16  # rows, which are more than fit below the screens
_OFTEN_EMPTY = {"not sent": "0", "longest": numbers.NONE, "recovery": numbers.NONE}


def sections(document: Document) -> Iterator[Section]:
    """None where it was not asked for."""
    found: dict[str, list[tuple[str, str, ResilienceResult]]] = {}
    for screen in document.screens:
        for arm in screen.arms:
            for one in arm.resilience:
                found.setdefault(one.situation, []).append((screen.name, arm.name, one))
    for number, (situation, each) in enumerate(found.items(), 1):
        paced = next((one.pace_s for _, _, one in each if one.pace_s is not None), None)
        pace = "" if paced is None else f", a load every {paced * 1000:g} ms"
        groups = [
            Group(screen, [_cells(arm, one) for _, arm, one in rows])
            for screen, rows in groupby(each, key=lambda row: row[0])
        ]
        yield Section(
            f"failing-{number}",
            f"While exchanges failed: {situation}{pace}",
            [
                Table(_columns([row for group in groups for row in group.rows]), groups),
                *([Paragraph(WORDS, "quiet")] if number == len(found) else []),
            ],
            detail=len(each) > MANY,
        )


def _columns(rows: list[Row]) -> dict[str, Column]:
    """Those that say something in some row."""
    return {
        name: column
        for name, column in COLUMNS.items()
        if any(row[name] != _OFTEN_EMPTY.get(name) for row in rows)
    }


def _cells(arm: str, one: ResilienceResult) -> Row:
    return {
        "arm": arm,
        "policy": one.policy,
        "loaded": f"{one.loaded:,} of {one.loads:,}",
        "sent": numbers.whole(one.exchanges),
        "in vain": numbers.whole(one.in_vain),
        "not sent": numbers.whole(one.refused),
        "longest": _seconds(one.longest_s),
        "recovery": _seconds(one.recovery_s),
    }


def _seconds(value: float | None) -> str:
    return numbers.NONE if value is None else f"{value:.2f}"
