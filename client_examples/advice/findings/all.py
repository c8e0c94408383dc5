"""All findings, the largest saving first."""

from collections.abc import Mapping, Sequence

from client_examples.advice.findings import requests, responses
from client_examples.advice.findings.finding import Case, Finding
from client_examples.advice.recording.answers import Answer
from client_examples.advice.traffic.templates import Shaped
from client_examples.advice.what_if.plan import Key

_OF_A_VIEW = (
    requests.n_plus_one,
    requests.repeats,
    requests.ranges,
    requests.chain,
    requests.connections,
    requests.preflights,
)


def of_view(case: Case) -> list[Finding]:
    """Those of how a view's calls are made."""
    return _sorted([finding for make in _OF_A_VIEW for finding in make(case)])


def of_recording(
    calls: Sequence[Shaped],
    polled: Sequence[Sequence[Shaped]],
    answers: Mapping[Key, Answer],
) -> list[Finding]:
    """Those of all answers, and of what belongs to no view."""
    return _sorted([*requests.polling(polled), *responses.in_answers(calls, answers)])


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    def weight(finding: Finding) -> tuple[float, int, int]:
        return -finding.cost.ms, -finding.cost.requests, -finding.cost.bytes

    return sorted(findings, key=weight)
