"""The load test: the highest rate of each arm, what limited it, and how the APIs compare."""

from collections.abc import Iterator

from client_examples.clients.addresses import is_here
from client_examples.comparison.analysis.ranking import api_of
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Chart,
    Column,
    Group,
    Number,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.load_test import (
    FEWEST,
    LONGEST_S,
    NEAR,
    LoadArm,
    LoadScreen,
    LoadSettings,
    LoadStep,
)

TITLE = "Under load"
COLUMNS = {
    "arm": Column("arm", kind="arm"),
    "highest": Column("views/s", "views/s\nat most"),
    "limit": Column("limited by", "limited\nby"),
    "p50": Column("p50 ms", "p50\nms"),
    "p99": Column("p99 ms", "p99\nms"),
    "late": Column("sent late ms", "late\nms", keep=False, detail=True),
    "failed": Column("failed", keep=False, detail=True),
    "lost": Column("lost: p99 ms", "next rate:\np99 ms"),
}
_LIMITS = {
    "server": "the servers",
    "generator": "the generator",
    "time": "time",
    "asked": "what was asked",
    "failed": "a failure",
}


def section(document: Document) -> Section | None:
    """The highest rates; None where none were asked for."""
    if not document.load:
        return None
    groups = [
        Group(
            screen.name,
            [{"arm": arm.name, **cells(arm)} for arm in screen.arms],
            finding(screen),
            _chart(screen),
        )
        for screen in document.load
    ]
    blocks: list[Block] = [Table(COLUMNS, groups, apart=True)]
    if document.settings.load is not None:
        blocks.append(Paragraph(about(document.settings.load), "quiet"))
    blocks += [Paragraph(text, "warning") for text in caveats(document)]
    made = [row for screen in document.load for arm in screen.arms for row in _numbers(screen, arm)]
    return Section("load", TITLE, blocks, numbers=made)


def cells(arm: LoadArm) -> dict[str, str]:
    """The cell of each number."""
    at = best(arm)
    lost = [one for one in arm.steps if not one.is_kept and one.rate > (arm.highest or 0)]
    nearest = min(lost, key=lambda one: one.rate, default=None)
    return {
        "highest": rate_of(arm),
        "limit": _LIMITS[arm.limit],
        "p50": numbers.milliseconds(at.p50_ms if at else None),
        "p99": numbers.milliseconds(at.p99_ms if at else None),
        "late": numbers.milliseconds(at.late_p99_ms if at else None),
        "failed": numbers.whole(sum(one.failed for one in arm.steps)),
        "lost": f"{_rate(nearest.rate)}: {_p99(nearest)}" if nearest else numbers.NONE,
    }


def rate_of(arm: LoadArm) -> str:
    """The highest rate; with a sign where the test, not the servers, set the limit."""
    if arm.highest is None:
        tried = min((one.rate for one in arm.steps), default=None)
        return numbers.NONE if tried is None else f"< {_rate(tried)}"
    return f"{'' if arm.limit == 'server' else '≥ '}{_rate(arm.highest)}"


def best(arm: LoadArm) -> LoadStep | None:
    """The last step that kept the highest rate."""
    kept = [one for one in arm.steps if one.is_kept and one.rate == arm.highest]
    return kept[-1] if kept else None


def finding(screen: LoadScreen) -> str:
    """One sentence that says what the numbers say, and no more."""
    known = [arm for arm in screen.arms if arm.highest is not None]
    if not known:
        return "No arm kept any rate that was tried."
    ahead = max(known, key=lambda arm: arm.highest or 0.0)
    text = f"{ahead.name} keeps p99 below the bound up to {_in_words(ahead)}"
    api = api_of(ahead.name)
    others = [arm for arm in known if api_of(arm.name) != api]
    if others:
        other = max(others, key=lambda arm: arm.highest or 0.0)
        text += f"; {api_of(other.name) or 'the other'}'s best, {other.name}, up to "
        text += f"{_in_words(other)}{_compared(ahead, other)}"
    return f"{text}."


def _in_words(arm: LoadArm) -> str:
    more = "" if arm.limit == "server" else ", or more"
    return f"{_rate(arm.highest or 0.0)} views a second{more}"


def _compared(ahead: LoadArm, other: LoadArm) -> str:
    """Compares the APIs' rates, if they differ by more than the search's own step."""
    assert ahead.highest is not None
    assert other.highest is not None
    if {ahead.limit, other.limit} != {"server"}:
        return "; how they compare is not known, as it was not always the servers that ended it"
    if ahead.highest / other.highest <= NEAR**2:
        return ", no more apart than the search can tell"
    return ""


def about(settings: LoadSettings) -> str:
    """What was done, and what the numbers are."""
    processes = "1 process" if settings.processes == 1 else f"{settings.processes} processes"
    users = numbers.counted(settings.users, "user")
    return (
        f"The highest rate of arrivals at which 99 of 100 have the whole view within "
        f"{settings.bound_ms:g} ms. Arrivals come at random moments (a Poisson process) that take "
        "no notice of the answers, and each is timed from when it was due, so that waiting counts. "
        f"A rate is held for {settings.step_s:g} s, or up to {LONGEST_S:g} s until {FEWEST} have "
        "arrived; it is doubled until it is lost, then what lies between is halved, until kept "
        f"and lost are within {NEAR - 1:.0%}. A rate counts as lost when it was lost twice. The "
        "times are those at the highest rate, and the p99 of the next one that was lost. Every "
        "view is checked: one that fails, or differs, counts as slower than any other. Sent by "
        f"Locust from {processes} with connections for {users}; how late it sent is "
        "a part of the times, and where it was later than a tenth of the bound, or had no time "
        "left, the rate was limited by the generator: then the servers may keep more (≥)."
    )


def caveats(document: Document) -> list[str]:
    """What a reader must bear in mind."""
    shared = (
        "Generator and servers share one machine and its processors: each takes time from the "
        "other, and on machines of their own both rates and times would be better."
    )
    settings = document.settings
    said = [shared] if is_here(settings.rest_url) or is_here(settings.graphql_url) else []
    late = [
        f"{screen.name} ({', '.join(names)})"
        for screen in document.load
        if (names := [arm.name for arm in screen.arms if arm.limit == "generator"])
    ]
    if late:
        said.append(
            f"The generator was the limit, not the servers, for {numbers.listed(late)}: "
            "--load-processes, or more machines (docs/load.md), find more."
        )
    return said


def _chart(screen: LoadScreen) -> Chart | None:
    if not any(arm.steps for arm in screen.arms):
        return None
    note = "full line: p99; dotted: p50; across: the bound; an empty mark was lost"
    return Chart(f"{screen.name}-load", "Time by rate of arrivals", note)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:g}"


def _p99(step: LoadStep) -> str:
    """The p99 of a step above the bound; a lower bound where loads were given up."""
    if step.p99_ms is None:
        return "failed"
    return f"{'> ' if step.unanswered else ''}{numbers.milliseconds(step.p99_ms)}"


def _numbers(screen: LoadScreen, arm: LoadArm) -> Iterator[dict[str, Number]]:
    """A row per step."""
    for step in arm.steps:
        yield {
            "screen": screen.name,
            "arm": arm.name,
            "samples": step.arrivals,
            "load_rate (arrivals/s)": step.rate,
            "load_kept": int(step.is_kept),
            "load_p50_ms": step.p50_ms,
            "load_p99_ms": step.p99_ms,
            "load_late_p99_ms": step.late_p99_ms,
            "load_failed": step.failed,
            "load_unanswered": step.unanswered,
            "load_generator_busy (share)": step.generator_busy,
            "load_highest (arrivals/s)": arm.highest,
            "load_limit": arm.limit,
        }
