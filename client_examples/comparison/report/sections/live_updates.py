"""Live updates: a row per arm, and which one knows of a change first."""

from collections.abc import Iterator, Sequence
from statistics import fmean, median

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Chart,
    Charts,
    Column,
    Group,
    Number,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.live_updates import Through, WatchArmResult, WatchResult
from client_examples.comparison.statistics import ENOUGH, Ratio, compare, median_resamples

TOO_FEW = f"of too few changes to say who knows first, which takes {ENOUGH}"
COLUMNS = {
    "arm": Column("arm", kind="arm", note="description"),
    "requests": Column("requests", "re-\nquests"),
    "bytes": Column("wire bytes", "wire\nbytes"),
    "median": Column("late ms (95%)", "late ms\n(interval)", brief=("late ms ±95%", "plus_minus")),
    "p95": Column("p95 ms", "p95\nms", keep=False, detail=True),
    "max": Column("max ms", "max\nms", detail=True),
    "rest": Column("by REST", "by\nREST", keep=False, detail=True),
    "graphql": Column("by GraphQL", "by\nGraphQL", keep=False, detail=True),
    "idle": Column("requests per idle hour", "per idle\nhour", brief=("per idle hour", "idle")),
    "code_lines": Column("lines", keep=False, detail=True),
}


def sections(document: Document) -> Iterator[Section]:
    """A section per screen that was watched."""
    for result in document.watching:
        blocks: list[Block] = [
            Table(
                COLUMNS,
                [
                    Group(
                        "",
                        [watch_cells(arm) for arm in result.arms],
                        watch_finding(result),
                        brief=brief_finding(result),
                    )
                ],
            )
        ]
        if any(arm.changes for arm in result.arms):
            note = "a circle was changed by REST, a diamond by GraphQL"
            blocks.append(
                Charts([Chart(f"{result.name}-late", "How late each change was seen", note)])
            )
        blocks.append(Paragraph(about(result), "quiet"))
        made = [_numbers(result, arm) for arm in result.arms]
        yield Section(f"screen-{result.name}", result.name, blocks, result.shows, made)


def watch_cells(arm: WatchArmResult) -> dict[str, str]:
    """The cell of each number."""
    late, summary = [change.seen_ns for change in arm.changes], arm.summary
    return {
        "arm": arm.name,
        "description": arm.description,
        "requests": numbers.mean([order.requests for order in arm.orders]),
        "bytes": numbers.whole(round(fmean([order.wire_bytes for order in arm.orders] or [0]))),
        "median": numbers.median(summary),
        "plus_minus": numbers.plus_minus(summary),
        "p95": numbers.from_nanoseconds(summary.p95_ns if summary else None),
        "max": numbers.from_nanoseconds(max(late, default=None)),
        "rest": _late_by(arm, "rest"),
        "graphql": _late_by(arm, "graphql"),
        "idle": numbers.whole(round(arm.idle_requests_per_hour)),
        "code_lines": numbers.whole(arm.code_lines),
    }


def _late_by(arm: WatchArmResult, through: Through) -> str:
    """The median of the changes that were made through one of the servers."""
    late = [change.seen_ns for change in arm.changes if change.through == through]
    return numbers.from_nanoseconds(median(late) if late else None)


def about(result: WatchResult) -> str:
    """What was done, and what the numbers are."""
    changes = [change for arm in result.arms for change in arm.changes]
    answered = median([change.answered_ns for change in changes]) if changes else None
    orders = max((len(arm.orders) for arm in result.arms), default=0)
    least, most = result.apart_ms, result.apart_ms + result.interval_ms
    return (
        f"All arms watch at the same time, in threads of one process, each "
        f"{numbers.counted(orders, 'order')} of its own. "
        "Another client makes the changes, through REST and GraphQL in turn, at random moments; "
        f"those of an order lie {numbers.milliseconds(least)} to {numbers.milliseconds(most)} ms "
        f"apart, so that a poll every {result.interval_ms:g} ms finds each by itself. Late is from "
        "just before a change is sent until the watcher has the decoded status. (The sender has "
        f"its answer after {numbers.from_nanoseconds(answered)} ms.) It is given as the median of "
        "all changes, of those by REST and of those by GraphQL. Distance adds a round trip to "
        "every arm: half for the change, half for the news (while a round trip is shorter "
        "than the time between two changes). Requests and wire bytes are the mean of an order, "
        "handshakes and WebSocket frames among them. Per idle hour: requests while nothing "
        "happens; a stream's heartbeats do not count. Lines are those of the arm's code."
    )


def watch_finding(result: WatchResult) -> str:
    """One sentence that says what the numbers say, and no more."""
    arms = sorted((arm for arm in result.arms if arm.summary), key=_median_ns)
    if not arms:
        return "Nothing was seen."
    first, *others = arms
    if _is_too_few(arms):
        return f"{first.name} has the lowest median, {_ms(first)} ms, {TOO_FEW}."
    tied = [arm for arm in others if _ratio(arm, first).verdict == "none"]
    opening = f"{first.name} knows of a change {_ms(first)} ms after it was sent, the lowest median"
    if tied:
        beside = numbers.listed([f"{arm.name} ({_ms(arm)} ms)" for arm in tied])
        opening += f"; no material difference to {beside}"
    return f"{opening}{_latest(first, others)}."


def brief_finding(result: WatchResult) -> str:
    """Who knows first, and how many know as early, in a line."""
    arms = sorted((arm for arm in result.arms if arm.summary), key=_median_ns)
    if not arms:
        return "Nothing was seen."
    first, *others = arms
    if _is_too_few(arms):
        return f"{first.name} has the lowest median, {_ms(first)} ms, {TOO_FEW}."
    tied = sum(_ratio(arm, first).verdict == "none" for arm in others)
    beside = f"; {tied} other{'s tie' if tied > 1 else ' ties'}" if tied else ""
    return f"{first.name} knows of a change first, after {_ms(first)} ms{beside}."


def _is_too_few(arms: Sequence[WatchArmResult]) -> bool:
    return min(len(arm.changes) for arm in arms) < ENOUGH


def _latest(first: WatchArmResult, others: Sequence[WatchArmResult]) -> str:
    """The arm that is later than all others, where it is by a material difference."""
    if not others or (ratio := _ratio(others[-1], first)).verdict != "right":
        return ""
    last = others[-1]
    asked = [numbers.mean([order.requests for order in arm.orders]) for arm in (last, first)]
    return (
        f"; {last.name} knows last, after {_ms(last)} ms, {numbers.ratio(ratio.ratio)} "
        f"({numbers.ratios(ratio.low, ratio.high)}) times as late, "
        f"with {asked[0]} request{'' if asked[0] == '1' else 's'} an order instead of {asked[1]}"
    )


def _ratio(left: WatchArmResult, right: WatchArmResult) -> Ratio:
    left_medians, right_medians = (
        median_resamples([change.seen_ns for change in arm.changes], arm.name)
        for arm in (left, right)
    )
    samples = min(len(arm.changes) for arm in (left, right))
    return compare(_median_ns(left), _median_ns(right), left_medians, right_medians, samples)


def _median_ns(arm: WatchArmResult) -> float:
    return arm.summary.median_ns if arm.summary else 0.0


def _ms(arm: WatchArmResult) -> str:
    return numbers.from_nanoseconds(_median_ns(arm))


def _numbers(result: WatchResult, arm: WatchArmResult) -> dict[str, Number]:
    late, summary, orders = [change.seen_ns for change in arm.changes], arm.summary, arm.orders
    times: dict[str, float | None] = {
        "median": summary.median_ns if summary else None,
        "median_low": summary.median_low_ns if summary else None,
        "median_high": summary.median_high_ns if summary else None,
        "p95": summary.p95_ns if summary else None,
        "max": max(late, default=None),
    }
    totals = {
        name: sum(getattr(order, name) for order in orders)
        for name in ("requests", "sent_bytes", "received_bytes", "wire_bytes",
                     "server_timing_bytes")
    }  # fmt: skip
    return {
        "screen": result.name,
        "arm": arm.name,
        "samples": len(arm.changes),
        "code_lines": arm.code_lines,
        "watched_orders": len(orders),
        **{f"watched_{name} (of all orders)": total for name, total in totals.items()},
        **{f"late_{name}_ms": None if ns is None else ns / 1e6 for name, ns in times.items()},
        "idle_requests_per_hour": arm.idle_requests_per_hour,
    }
