"""The sections of the advice: the verdicts, each view, and what was recorded."""

from collections.abc import Iterator, Mapping, Sequence

from client_examples.advice.document import (
    Advice,
    CallResult,
    FindingResult,
    ViewResult,
    WayResult,
)
from client_examples.advice.recording.reading import PREFLIGHT
from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.sections.section import (
    Bar,
    Block,
    Column,
    Group,
    Items,
    Notes,
    Paragraph,
    Row,
    Section,
    Table,
    Timeline,
)

FINDINGS = f"Findings, the largest saving (at {numbers.rtt(TYPICAL_RTT_MS)}) first"
_SEVERAL = {  # reasons that name what an entry is, of several entries
    "web socket": "web sockets",
    "event stream": "event streams",
    "with its data in the address": "with their data in the address",
    "page": "pages",
    "script, style, image, font or media": "scripts, styles, images, fonts or media",
    "redirect": "redirects",
    PREFLIGHT: "preflights, told with their requests",
}
_SHOWN = 6  # findings at a first look
_BARS = 200  # calls in a timeline
_RTTS = {"0": "server ms", "1": "1 ms", "20": "20 ms", "100": "100 ms", "300": "300 ms"}


def sections(advice: Advice) -> list[Section]:
    """All that have something to show."""
    found = [_answer(advice), *map(_view, advice.views)]
    if advice.findings:
        items = [_finding(one) for one in advice.findings]
        found.append(Section("answers", "All views", [Items(FINDINGS, items, _SHOWN)]))
    return [*found, _calls(advice), _recorded(advice)]


def left_out(reasons: Mapping[str, int]) -> str:
    """How many entries are no calls, and why: `12 pages, 1 web socket`."""
    return ", ".join(
        f"{number:,} {reason if number == 1 else _SEVERAL.get(reason, reason)}"
        for reason, number in reasons.items()
    )


def _answer(advice: Advice) -> Section:
    blocks: list[Block] = [Paragraph(f"{advice.verdict[:1].upper()}{advice.verdict[1:]}")]
    if len(advice.views) > 1:
        blocks.append(Items("View by view", list(_verdicts(advice.views)), 8))
    blocks.append(Items("What a recording does not show", list(_limits(advice)), 3))
    return Section("answer", "The answer", blocks)


def _verdicts(views: Sequence[ViewResult]) -> Iterator[str]:
    """A sentence of each view; one that is the same for several stands there once."""
    by_verdict: dict[str, list[str]] = {}
    for view in views:
        by_verdict.setdefault(view.verdict, []).append(str(view.number))
    for sentence, numbers_ in by_verdict.items():
        yield f"View{'s' if len(numbers_) > 1 else ''} {_spans(numbers_)}: {sentence}."


def _limits(advice: Advice) -> Iterator[str]:
    if not advice.is_used_known:
        yield (
            "What a screen uses of its answers: bytes of a selection lie between each object once "
            "and all that was received; less where the screen shows only a part. `--used FILE` "
            "makes them exact."
        )
    known_by = {one.round_trip_known_by for one in advice.origins}
    if "the quickest answer" in known_by:
        yield (
            "How far away the servers were: no connection was opened, so the quickest answer "
            "stands for a round trip. `--recorded-rtt MS` says it."
        )
    yield (
        "What new endpoints would cost their servers: an answer that stands for several is taken "
        "to need what the slowest of each step needed."
    )
    yield (
        "Times are computed: servers' times + steps x round trip"
        + (
            f" + bytes by {'/'.join(f'{rate:g}' for rate in advice.bandwidth_mbit)} Mbit/s down/up"
            if advice.bandwidth_mbit is not None
            else ""
        )
        + ", over open connections; the client's own work is left out."
    )


def _view(view: ViewResult) -> Section:
    blocks: list[Block] = [Paragraph(f"{view.verdict[:1].upper()}{view.verdict[1:]}.")]
    blocks.append(_ways(view.ways))
    if view.findings:
        blocks.append(Items(FINDINGS, [_finding(one) for one in view.findings], _SHOWN))
    blocks.append(_timeline(view))
    blocks += [Notes([Note("", one) for one in view.doubts])] if view.doubts else []
    return Section(f"view-{view.number}", f"View {view.number}", blocks, shows=view.shows)


def _ways(ways: Sequence[WayResult]) -> Table:
    columns = {
        "way": Column("way", kind="text"),
        "requests": Column("requests"),
        "steps": Column("steps"),
        "bytes": Column("bytes"),
        **{
            f"at {rtt}": Column(heading, keep=rtt in ("20", "100"), detail=rtt in ("0", "1"))
            for rtt, heading in _RTTS.items()
        },
        "even": Column("ahead of the recorded", kind="text", detail=True, keep=False),
    }
    return Table(columns, [Group("", [_way(one) for one in ways])])


def _way(way: WayResult) -> Row:
    low, high = numbers.whole(way.bytes_low), numbers.whole(way.bytes_high)
    preflights = f" +{way.preflights:,}" if way.preflights else ""
    return {
        "way": way.told,
        "requests": f"{way.requests:,}{preflights}",
        "steps": f"{way.steps:,}",
        "bytes": high if low == high else f"{low}\N{EN DASH}{high}",
        **{f"at {rtt}": numbers.milliseconds(way.predicted_ms[rtt]) for rtt in _RTTS},
        "even": _even(way),
    }


def _even(way: WayResult) -> str:
    even = way.break_even
    if even.kind == "at" and even.rtt_ms is not None:
        where = "above" if even.ahead_above == "left" else "below"
        return f"{where} an RTT of {numbers.distance(even.rtt_ms)} ms"
    return {"always": "always", "never": "never"}.get(even.kind, "tie")


def _finding(one: FindingResult) -> str:
    costs = [
        numbers.counted(one.requests, "request") if one.requests > 0 else "",
        numbers.counted(one.bytes, "byte") if one.bytes > 0 else "",
        f"{numbers.milliseconds(one.ms)} ms" if one.ms >= 0.1 else "",
    ]
    told = ", ".join(filter(None, costs))
    cost = f"; costs {told}" if told else ""
    calls = f"call{'' if len(one.calls) == 1 else 's'} {_spans(one.calls)}"
    return f"{one.found} ({calls}){cost}. Fix: {one.fix}."


def _spans(names: Sequence[str]) -> str:
    """`3-7, 9` of the names of calls; those of several files one by one."""
    if not all(name.isdigit() for name in names):
        return _cut(list(names))
    found: list[list[int]] = []
    for number in sorted(map(int, names)):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    each = [str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in found]
    return _cut(each)


def _cut(names: list[str], shown: int = 8) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def _timeline(view: ViewResult) -> Timeline:
    shown = view.calls[:_BARS]
    rows = {call.name: row for row, call in enumerate(shown)}
    bars = [
        Bar(
            label=f"{call.name} {call.address or call.template}",
            told=_took(call),
            start_ms=call.start_ms,
            end_ms=call.end_ms,
            waits_for=[rows[name] for name in call.waits_for if name in rows],
        )
        for call in shown
    ]
    more = f" The first {_BARS} of {len(view.calls)} calls." if len(view.calls) > _BARS else ""
    note = f"in ms; lines lead from an answer to the calls that ask by its values.{more}"
    return Timeline("Waterfall", note, bars, max((bar.end_ms for bar in bars), default=0) or 1.0)


def _took(call: CallResult) -> str:
    took = f"{call.end_ms - call.start_ms:,.0f} ms"
    return f"{took} \N{MIDDLE DOT} {numbers.counted(call.received_bytes, 'byte')}"


def _calls(advice: Advice) -> Section:
    columns = {
        "call": Column("call", kind="text"),
        "template": Column("template", kind="text"),
        "status": Column("status", keep=False),
        "start": Column("start ms"),
        "took": Column("took ms"),
        "server": Column("server ms", keep=False),
        "bytes": Column("bytes"),
        "needs": Column("needs", kind="text"),
    }
    groups = [
        Group(f"View {one.number}", [_call(call) for call in one.calls]) for one in advice.views
    ]
    about = (
        "Needs: the calls whose answers hold what a call asks with. Bytes: both ways. Server: "
        "as it says itself (`Server-Timing`), or what is left of the wait without a round trip."
    )
    blocks: list[Block] = [Table(columns, groups, apart=True), Paragraph(about, "quiet")]
    return Section("calls", "All calls", blocks, detail=True)


def _call(one: CallResult) -> Row:
    return {
        "call": one.name,
        "template": one.address or one.template,
        "status": str(one.status),
        "start": f"{one.start_ms:,.0f}",
        "took": f"{one.end_ms - one.start_ms:,.0f}",
        "server": numbers.milliseconds(one.server_ms),
        "bytes": f"{one.sent_bytes + one.received_bytes:,}",
        "needs": _spans(one.waits_for) if one.waits_for else "",
    }


def _recorded(advice: Advice) -> Section:
    """What was read, and what of it was looked at."""
    rows = [
        {
            "origin": one.origin,
            "calls": f"{one.calls:,}",
            "protocol": ", ".join(one.protocols),
            "rtt": f"{one.round_trip_ms:.3g}",
            "known": one.round_trip_known_by,
        }
        for one in advice.origins
    ]
    columns = {
        "origin": Column("origin", kind="text"),
        "calls": Column("calls"),
        "protocol": Column("protocol", kind="text"),
        "rtt": Column("round trip ms", "round\ntrip ms"),
        "known": Column("known by", kind="text", keep=False),
    }
    out = left_out(advice.left_out)
    read = (
        f"{numbers.counted(advice.entries, 'entry')}, of which "
        f"{numbers.counted(advice.calls, 'API call')}"
    )
    blocks: list[Block] = [
        Paragraph(f"{read}.{f' Left out: {out}.' if out else ''}"),
        Table(columns, [Group("", rows)]),
    ]
    return Section("recorded", "What was recorded", blocks)
