"""What was measured while exchanges failed, as tables that are the same in every report."""

from collections.abc import Iterator
from dataclasses import dataclass

from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.resilience import ResilienceResult

WORDS = (
    "in vain: sent to a server that could not answer; not sent: refused by the circuit breaker; "
    "recovery: from the server's return until a load succeeded, in this one outage; a breaker sees "
    "it by its next trial"
)


@dataclass(frozen=True)
class ResilienceTable:
    """How the policies fared in a situation; the first three columns are words."""

    title: str
    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class _Row:
    screen: str
    arm: str
    result: ResilienceResult


def resilience_tables(document: Document) -> list[ResilienceTable]:
    """A table per situation, a row per arm and policy; none where it was not asked for."""
    rows: dict[str, list[_Row]] = {}
    for screen in document.screens:
        for arm in screen.arms:
            for one in arm.resilience:
                rows.setdefault(one.situation, []).append(_Row(screen.name, arm.name, one))
    return [_table(situation, each) for situation, each in rows.items()]


def _table(situation: str, rows: list[_Row]) -> ResilienceTable:
    """Columns that say nothing in any row are left out."""
    paced = next((row.result.pace_s for row in rows if row.result.pace_s is not None), None)
    pace = "" if paced is None else f", a load every {paced * 1000:g} ms"
    columns = {
        "loaded": [f"{row.result.loaded:,} of {row.result.loads:,}" for row in rows],
        "sent": [numbers.whole(row.result.exchanges) for row in rows],
        "in vain": [numbers.whole(row.result.in_vain) for row in rows],
    }
    if any(row.result.refused for row in rows):
        columns["not sent"] = [numbers.whole(row.result.refused) for row in rows]
    columns["longest load s"] = [_seconds(row.result.longest_s) for row in rows]
    columns["recovery s"] = [_seconds(row.result.recovery_s) for row in rows]
    shown = {name: cells for name, cells in columns.items() if set(cells) != {numbers.NONE}}
    return ResilienceTable(
        f"While exchanges failed: {situation}{pace}",
        ["screen", "arm", "policy", *shown],
        [
            [row.screen, row.arm, row.result.policy, *cells]
            for row, *cells in zip(rows, *shown.values(), strict=True)
        ],
    )


def grouped(rows: list[list[str]]) -> Iterator[list[str]]:
    """The rows without the screen and the arm where they are those of the row above."""
    above: list[str] = []
    for row in rows:
        same_arm = row[:2] == above[:2]
        screen = "" if row[:1] == above[:1] else row[0]
        yield [screen, "" if same_arm else row[1], *row[2:]]
        above = row


def _seconds(value: float | None) -> str:
    return numbers.NONE if value is None else f"{value:.2f}"
