"""What is another number than in an earlier run, beyond noise."""

from itertools import groupby

from client_examples.comparison.analysis.regressions.changes import MATERIAL_BETWEEN_RUNS
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.sections.regressions.measures import HEADINGS, written
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Notes,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.judging.regressions import Against, Change

COLUMNS = {
    "arm": Column("arm", kind="arm", once=True),
    "measure": Column("measure", kind="text"),
    "before": Column("before"),
    "now": Column("now"),
    "ratio": Column("times as much", "times as\nmuch"),
}
NOISE = (
    "A time has changed where the whole 95% interval of its ratio is more than "
    f"{MATERIAL_BETWEEN_RUNS - 1:.0%} away from 1"
)
UNFINISHED = (
    "The earlier run did not end, or some of its screens failed: what it lacks is not compared."
)
NO_FLOOR = (
    "No floor was timed in both runs (--floor-rest, --floor-graphql), so a machine that is slower "
    "now counts as a change."
)


def section(document: Document) -> Section | None:
    """None where there is no earlier run."""
    found = document.against
    if found is None:
        return None
    groups = [
        Group(screen, [_cells(change) for change in changes])
        for screen, changes in groupby(found.changes, key=lambda change: change.screen)
    ]
    blocks: list[Block] = [Table(COLUMNS, groups)] if groups else []
    blocks += [Paragraph(_opening(found, is_own=document.settings.is_own))]
    if not found.complete:
        blocks += [Paragraph(UNFINISHED, "warning")]
    if found.compared and not found.floors:
        blocks += [Paragraph(NO_FLOOR)]
    blocks += [Notes([Note("", text) for text in _notes(found)])]
    return Section("changes", "What changed since the earlier run", blocks)


def _opening(found: Against, *, is_own: bool) -> str:
    # The revision is the bookstore's, which says nothing of other servers.
    revision = f" (revision {found.revision})" if found.revision and not is_own else ""
    if not found.compared:
        return (
            f"Against the run of {found.began}{revision}: nothing could be compared, since it has "
            "no arm of this run's screens."
        )
    arms = numbers.counted(found.compared, "arm")
    changes = numbers.counted(len(found.changes), "number") if found.changes else "nothing"
    return f"Against the run of {found.began}{revision}: of {arms}, {changes} changed beyond noise."


def _notes(found: Against) -> list[str]:
    floors = ", ".join(f"{name} {numbers.ratio(ratio)}" for name, ratio in found.floors.items())
    noise = (
        f"{NOISE}, both as it is and as a multiple of the floor, an empty request to the same "
        "server: a machine that is slower now is no change. The floors' medians, now over before: "
        f"{floors}."
    )
    if not floors:
        noise = f"{NOISE}."
    names = {
        "Only in the earlier run": found.only_before,
        "Only in this run": found.only_now,
        "Screens that show something else than before, so that their numbers may differ": (
            found.other_views
        ),
    }
    return [noise, *(f"{text}: {', '.join(each)}." for text, each in names.items() if each)]


def _cells(change: Change) -> Row:
    if change.ratio is None or change.ratio_low is None or change.ratio_high is None:
        ratio = numbers.ratio(change.now / change.before) if change.before else numbers.NONE
    else:
        interval = numbers.ratios(change.ratio_low, change.ratio_high)
        ratio = f"{numbers.ratio(change.ratio)} ({interval})"
    return {
        "arm": change.arm,
        "measure": HEADINGS[change.measure],
        "before": written(change.measure, change.before),
        "now": written(change.measure, change.now),
        "ratio": ratio,
    }
