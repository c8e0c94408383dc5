"""Whether a performance budget was kept: what broke it first, then the limits that were kept."""

from collections import Counter
from collections.abc import Iterable

from client_examples.comparison.analysis.regressions.budget import KEPT
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.regressions.measures import HEADINGS, written
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.judging.regressions import Limit, LimitResult, Outcome
from client_examples.comparison.statistics import ENOUGH

_WORST_FIRST: tuple[Outcome, ...] = ("broken", "not known", "within noise", "kept")
COLUMNS = {
    "arm": Column("arm", kind="arm"),
    "measure": Column("measure", kind="text"),
    "most": Column("at most"),
    "found": Column("found"),
    "outcome": Column("outcome", kind="text"),
}
NOISE = (
    "Within noise: the time is above the limit, but not the whole of its 95% interval, which takes "
    f"{ENOUGH} loads, so it does not count as broken; more loads would settle it (--samples; over "
    "a link, a run without --quick)."
)


def section(document: Document) -> Section | None:
    """None where there is no budget."""
    if not document.budget:
        return None
    open_ = [one for one in document.budget if one.outcome != "kept"]
    open_.sort(key=lambda one: _WORST_FIRST.index(one.outcome))
    kept = [one for one in document.budget if one.outcome == "kept"]
    reasons = {_outcome(one) for one in open_ if one.why}
    said = reasons.pop() if len(reasons) == 1 else ""  # once, below the table
    is_broken = any(one.outcome not in KEPT for one in document.budget)
    told = summary(document)
    blocks: list[Block] = [
        Paragraph(f"The budget is broken. {told}", "warning") if is_broken else Paragraph(told)
    ]
    if open_:
        table = Table(COLUMNS, _groups(open_, said), apart=True)
        blocks.insert(len(blocks) if is_broken else 0, table)
    if said:
        blocks.append(Paragraph(f"{said[:1].upper()}{said[1:]}."))
    if any(one.outcome == "within noise" for one in open_):
        blocks.append(Paragraph(NOISE, "quiet"))
    if kept:
        blocks.append(Table(COLUMNS, _groups(kept), intro="Kept:", keep=False, folded=True))
    return Section("budget", "Performance budget", blocks, urgent=is_broken)


def summary(document: Document) -> str:
    """How many limits were broken, and how many were not, as a sentence."""
    outcomes = Counter(one.outcome for one in document.budget)
    said = [f"{outcomes[outcome]:,} {outcome}" for outcome in _WORST_FIRST if outcomes[outcome]]
    return f"Of {numbers.counted(len(document.budget), 'limit')}: {', '.join(said)}."


def _groups(limits: Iterable[LimitResult], said: str = "") -> list[Group]:
    by_screen: dict[str, list[Row]] = {}
    for one in limits:
        by_screen.setdefault(one.limit.screen, []).append(_cells(one, said))
    return [Group(screen, rows) for screen, rows in by_screen.items()]


def _outcome(one: LimitResult) -> str:
    return f"{one.outcome}: {one.why}" if one.why else one.outcome


def _cells(one: LimitResult, said: str) -> Row:
    limit, outcome = one.limit, _outcome(one)
    return {
        "arm": limit.arm,
        "measure": measure(limit),
        "most": most(one),
        "found": written(limit.measure, one.found),
        "outcome": one.outcome if outcome == said else outcome,
    }


def measure(limit: Limit) -> str:
    """What is limited, and where: `median ms, http2, 20 ms`."""
    return ", ".join(filter(None, (HEADINGS[limit.measure], limit.condition)))


def most(one: LimitResult) -> str:
    """A limit as it was set, and what that comes to."""
    asked = asked_for(one.limit)
    if not one.limit.of or one.allowed is None:
        return asked
    return f"{written(one.limit.measure, one.allowed)} ({asked})"


def asked_for(limit: Limit) -> str:
    """A limit as it was set, the same in every run."""
    return f"{limit.most:g} x {limit.of}" if limit.of else written(limit.measure, limit.most)
