"""Makes the advice: reads recordings, finds out what waits for what, and what would be better."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from client_examples.advice import verdict
from client_examples.advice.document import (
    SCHEMA_VERSION,
    Advice,
    CallResult,
    FindingResult,
    OriginResult,
    ViewResult,
    WayResult,
)
from client_examples.advice.findings import all as all_findings
from client_examples.advice.findings.finding import Case, Finding
from client_examples.advice.masking import shown_address
from client_examples.advice.recording.answers import Answer, read_answers
from client_examples.advice.recording.call import UNTOLD, Call
from client_examples.advice.recording.reading import Recording, read
from client_examples.advice.recording.used import UsedPaths
from client_examples.advice.traffic.groups import groups
from client_examples.advice.traffic.polling import polled
from client_examples.advice.traffic.sources import Origins, origins, renewed
from client_examples.advice.traffic.templates import Shaped, shaped
from client_examples.advice.traffic.views import PAUSE_MS, View, cut
from client_examples.advice.what_if.model import Rates, outcome
from client_examples.advice.what_if.plan import Key, recorded
from client_examples.advice.what_if.server_times import RoundTrip, round_trips, server_times, usual
from client_examples.advice.what_if.sizes import AnswerSizes
from client_examples.advice.what_if.ways import Way, ways
from client_examples.comparison.report.numbers import counted

_THIN_CLIENT = 0.1  # of the recorded time, from which on the model's is doubtful


@dataclass(frozen=True)
class Settings:
    """What to look at, and how.

    `recorded_rtt_ms` is the round-trip time of the recording, where the user knows it.
    """

    files: Sequence[Path]
    origins: Sequence[str] = ()
    pages: Sequence[str] = ()
    pause_ms: float = PAUSE_MS
    rates: Rates = None
    recorded_rtt_ms: float | None = None
    used: UsedPaths | None = None
    show_values: bool = False


@dataclass(frozen=True)
class Known:
    """A recording with all that is known of its calls; `origins` are those of each view's page."""

    recording: Recording
    answers: Mapping[Key, Answer]
    views: Sequence[View]
    polled: Sequence[Sequence[Shaped]]
    origins: Mapping[int, Origins]
    calls: Sequence[Shaped]


def known(settings: Settings) -> Known:
    """Read the recordings, and find out what belongs together."""
    recording = read(settings.files, settings.origins, settings.pages)
    used = {} if settings.used is None else settings.used.of(recording.calls)
    answers = read_answers(settings.files, recording.calls, used)
    calls = shaped(recording.calls, answers)
    steady = polled(calls, recording.opened)
    apart = {one.call.key for each in steady for one in each}
    single = [one for one in calls if one.call.key not in apart]
    views = cut(single, recording.opened, settings.pause_ms)
    by_page: dict[object, list[Shaped]] = {}
    for view in views:
        by_page.setdefault(view.page, []).extend(view.calls)
    of_page = {page: origins(each, answers, recording.addresses) for page, each in by_page.items()}
    of_views = {view.number: renewed(view.calls, of_page[view.page]) for view in views}
    return Known(recording, answers, views, steady, of_views, calls)


def advise(found: Known, settings: Settings) -> Advice:
    """The advice."""
    recording = found.recording
    trips = round_trips(recording.calls, recording.connected, settings.recorded_rtt_ms)
    adviser = _Adviser(found, settings, trips)
    views = [adviser.view(view) for view in found.views]
    findings = all_findings.of_recording(found.calls, found.polled, found.answers)
    return Advice(
        schema_version=SCHEMA_VERSION,
        files=[file.name for file in settings.files],
        entries=recording.entries,
        calls=len(recording.calls),
        left_out=dict(recording.left_out.most_common()),
        wrong=recording.wrong,
        origins=_origins(recording.calls, trips),
        verdict=verdict.of_all(adviser.verdicts, adviser.ways),
        views=views,
        findings=[adviser.finding(one) for one in findings],
        pause_ms=settings.pause_ms,
        bandwidth_mbit=None if settings.rates is None else list(settings.rates),
        is_used_known=settings.used is not None,
    )


class _Adviser:
    def __init__(self, found: Known, settings: Settings, trips: Mapping[str, RoundTrip]) -> None:
        self._found = found
        self._settings = settings
        self._server_ms = server_times(trips)
        self._trips = trips
        self._is_one = len(settings.files) == 1
        self.verdicts: list[verdict.Verdict] = []
        self.ways: list[list[Way]] = []

    def view(self, view: View) -> ViewResult:
        """What is to be told of a view."""
        found, rates = self._found, self._settings.rates
        server_ms = usual(view.calls, self._server_ms)
        origins_ = found.origins[view.number]
        together = groups(view, origins_)
        plan = recorded(view, origins_, lambda call: server_ms[call.key], together.retries)
        case = Case(view, origins_, together, plan, found.answers, rates)
        sizes = AnswerSizes(found.answers, self._settings.used is not None)
        each = ways(plan, together, sizes)
        unread = sum(not found.answers[call.key].is_read for call in case.calls if _has_body(call))
        said = verdict.of_view(each, rates, unread, len(plan), _posts(case.calls))
        self.verdicts.append(said)
        self.ways.append(each)
        took = max(call.timing.end_ms for call in case.calls) - case.calls[0].timing.start_ms
        return ViewResult(
            number=view.number,
            shows=shows(view),
            took_ms=took,
            calls=[self._call(one, view) for one in view.calls],
            steps_by_time=case.recorded.steps,
            steps_by_data=outcome(plan, by_data=True).steps,
            ways=[_way(one, each[0], rates) for one in each],
            findings=[self.finding(one) for one in all_findings.of_view(case)],
            cure=said.cure,
            verdict=said.sentence,
            doubts=self._doubts(case, unread, took),
        )

    def finding(self, one: Finding) -> FindingResult:
        """A finding as it is told."""
        names = [self._name(key) for key in one.calls]
        cost = one.cost
        return FindingResult(
            one.kind, one.found, names, cost.requests, cost.bytes, cost.ms, one.fix
        )

    def _call(self, one: Shaped, view: View) -> CallResult:
        call, began = one.call, view.calls[0].call.timing.start_ms
        waits = sorted(self._found.origins[view.number].waits_for.get(call.key, ()))
        return CallResult(
            name=self._name(call.key),
            template=one.template.label,
            origin=call.origin,
            status=call.status,
            start_ms=call.timing.start_ms - began,
            end_ms=call.timing.end_ms - began,
            blocked_ms=max(0.0, call.timing.blocked_ms),
            server_ms=self._server_ms(call),
            sent_bytes=call.sizes.sent,
            received_bytes=call.sizes.received,
            waits_for=[self._name(key) for key in waits],
            address=shown_address(call) if self._settings.show_values else "",
        )

    def _name(self, key: Key) -> str:
        return str(key[1]) if self._is_one else f"{key[0] + 1}:{key[1]}"

    def _doubts(self, case: Case, unread: int, took_ms: float) -> list[str]:
        """What makes a view's numbers doubtful."""
        found = []
        if 0 < unread <= len(case.calls) / 2:
            found.append(
                f"{unread} of {counted(len(case.calls), 'answer')} "
                f"{'has' if unread == 1 else 'have'} no body in the recording: what waits for "
                f"{'it' if unread == 1 else 'them'} is not known"
            )
        found += _unknown_changes(case.calls)
        trip = max(self._trips[call.origin].ms for call in case.calls)
        modelled = case.recorded.ms(trip, None)
        if abs(took_ms - modelled) > max(_THIN_CLIENT * took_ms, 10.0):
            found.append(
                f"it took {took_ms:,.0f} ms, of which the model knows {modelled:,.0f} (servers, "
                f"and steps of {trip:.3g} ms): the rest is the client's own work, transfer and "
                "waiting, which no way changes"
            )
        return found


def _unknown_changes(calls: Sequence[Call]) -> Iterator[str]:
    """What is taken to change something, or not to, though the recording does not tell."""
    posts = _posts(calls)
    if posts and len(calls) > 1:
        yield (
            f"{posts} of {len(calls)} calls {_are(posts)} POST, which may change something: what "
            "follows is taken to wait for it; what only reads could be asked side by side"
        )
    hashes = sum(any(each.kind == UNTOLD for each in one.operations) for one in calls)
    if hashes:
        yield (
            f"{hashes} of {counted(len(calls), 'call')} {_are(hashes)} GraphQL by a hash alone: "
            "whether something is changed is taken from the names"
        )
    procedures = sum(bool(one.procedures) for one in calls)
    if procedures:
        yield (
            f"{procedures} of {counted(len(calls), 'call')} {_are(procedures)} JSON-RPC: whether "
            "something is changed is taken from the names of the methods"
        )


def _posts(calls: Sequence[Call]) -> int:
    return sum(one.method == "POST" and not one.is_graphql and not one.procedures for one in calls)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _has_body(call: Call) -> bool:
    return call.status not in (204, 304) and not call.is_redirected and call.method != "HEAD"


def shows(view: View) -> str:
    """The templates of its calls, as often as each is called."""
    each = Counter(one.template.label for one in view.calls)
    return ", ".join(f"{times} x {label}" if times > 1 else label for label, times in each.items())


def _way(one: Way, recorded_way: Way, rates: Rates) -> WayResult:
    found = one.outcome
    return WayResult(
        name=one.name,
        told=one.told,
        change=one.change,
        requests=found.requests,
        preflights=found.preflights,
        steps=found.steps,
        bytes_low=found.bytes_low,
        bytes_high=found.bytes_high,
        server_ms=found.server_ms,
        predicted_ms=found.predicted(rates),
        break_even=found.overtakes(recorded_way.outcome, rates),
    )


def _origins(calls: Sequence[Call], trips: Mapping[str, RoundTrip]) -> list[OriginResult]:
    return [
        OriginResult(
            origin,
            sum(call.origin == origin for call in calls),
            sorted({call.protocol or "not told" for call in calls if call.origin == origin}),
            trip.ms,
            trip.known_by,
        )
        for origin, trip in trips.items()
    ]
