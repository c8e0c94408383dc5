"""Faults in the answers: too large, not compressed, not cacheable, errors; and in GraphQL's use."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from client_examples.advice.findings.finding import Cost, Finding, keys
from client_examples.advice.recording.answers import Answer
from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.groups import registered
from client_examples.advice.traffic.templates import Shaped
from client_examples.advice.what_if.plan import Key
from client_examples.comparison.report.numbers import counted, times

_LARGE = 100_000  # bytes
_DOCUMENTS = 2_000  # bytes of them, from which on it is worth the while to send hashes


def in_answers(calls: Sequence[Shaped], answers: Mapping[Key, Answer]) -> Iterator[Finding]:
    """All faults in the answers of a recording, by template."""
    by_template: dict[object, list[Shaped]] = {}
    for one in calls:
        by_template.setdefault(one.template, []).append(one)
    asked_again = {
        later: earlier
        for later, earlier in registered(one.call for one in calls).items()
        if answers[earlier].has_errors or not answers[earlier].is_read
    }
    yield from _not_registered([one.call for one in calls if one.call.key in asked_again])
    no_faults = frozenset(asked_again.values())  # a hash that is not known yet
    for each in by_template.values():
        label = f"`{each[0].template.label}`"
        found = [one.call for one in each]
        for make in (_uncached, _large, _uncompressed, _errors, _redirects):
            yield from make(label, found, answers)
        yield from _masked_errors(
            label, [one for one in found if one.key not in no_faults], answers
        )
    yield from _not_persisted([one.call for one in calls if one.call.operations])


def _uncached(label: str, calls: Sequence[Call], _: Mapping[Key, Answer]) -> Iterator[Finding]:
    """Answers that came again unchanged, which no client could have known."""
    seen: set[tuple[bytes, bytes]] = set()
    again = []
    for call in calls:
        if call.status != 200 or not call.answer or call.is_write or call.headers is None:
            continue
        if call.headers.is_validated or (
            (call.operations or call.procedures) and call.method != "GET"
        ):
            continue
        if (call.same, call.answer) in seen:
            again.append(call)
        seen.add((call.same, call.answer))
    if again:
        lacks = "no validator" + (
            "" if any(call.headers and call.headers.is_fresh for call in again)
            else " and no time to keep them for"
        )  # fmt: skip
        found = f"{counted(len(again), 'answer')} of {label} came again unchanged, with {lacks}"
        fix = "`ETag` or `Last-Modified`, and `Cache-Control`"
        size = sum(call.sizes.received_body for call in again)
        yield Finding("not cacheable", found, keys(again), Cost(0, size, 0.0), fix)


def _large(label: str, calls: Sequence[Call], _: Mapping[Key, Answer]) -> Iterator[Finding]:
    large = [call for call in calls if call.sizes.content > _LARGE]
    if large:
        most = max(call.sizes.content for call in large)
        found = f"{counted(len(large), 'answer')} of {label} over 100 KB, up to {most:,} bytes"
        fix = "fewer fields, or pages: `fields` or GraphQL, if the screen does not show all"
        over = sum(min(call.sizes.received_body, call.sizes.content - _LARGE) for call in large)
        yield Finding("large", found, keys(large), Cost(0, over, 0.0), fix)


def _uncompressed(
    label: str, calls: Sequence[Call], answers: Mapping[Key, Answer]
) -> Iterator[Finding]:
    saved = {
        call.key: call.sizes.content - size
        for call in calls
        if (size := answers[call.key].compressed) is not None and size < call.sizes.content
    }
    if saved:
        plain = [call for call in calls if call.key in saved]
        found = f"{counted(len(plain), 'answer')} of {label} without compression"
        size = sum(saved.values())
        yield Finding("uncompressed", found, keys(plain), Cost(0, size, 0.0), "gzip, br or zstd")


def _redirects(label: str, calls: Sequence[Call], _: Mapping[Key, Answer]) -> Iterator[Finding]:
    moved = [call for call in calls if call.is_redirected]
    if moved:
        found = f"{counted(len(moved), 'call')} of {label} redirected, a round trip each"
        size = sum(call.sizes.sent + call.sizes.received for call in moved)
        cost = Cost(len(moved), size, 0.0)
        fix = "ask at the address to which it leads: often a slash at the end, or https"
        yield Finding("redirects", found, keys(moved), cost, fix)


def _errors(label: str, calls: Sequence[Call], _: Mapping[Key, Answer]) -> Iterator[Finding]:
    failed = [call for call in calls if call.has_failed]
    if failed:
        by_status = Counter(call.status for call in failed)
        told = ", ".join(
            f"{status} {times(number)}" for status, number in sorted(by_status.items())
        )
        size = sum(call.sizes.sent + call.sizes.received for call in failed)
        found = f"{counted(len(failed), 'error')} of {label}: {told}"
        cost = Cost(len(failed), size, 0.0)
        yield Finding("errors", found, keys(failed), cost, "find out why; retry after a while only")


def _masked_errors(
    label: str, calls: Sequence[Call], answers: Mapping[Key, Answer]
) -> Iterator[Finding]:
    wrong = [call for call in calls if not call.has_failed and answers[call.key].has_errors]
    if wrong:
        is_graphql = wrong[0].is_graphql
        style, member = ("GraphQL", "errors") if is_graphql else ("JSON-RPC", "error")
        found = f"{counted(len(wrong), 'answer')} of {label} with status 200 and {style} errors"
        fix = f"look at `{member}` in the client and in the monitoring, which count these as good"
        yield Finding(f"{style.lower()} errors", found, keys(wrong), Cost(len(wrong), 0, 0.0), fix)


def _not_registered(calls: Sequence[Call]) -> Iterator[Finding]:
    """Documents that the server had to be told, after it had been asked by their hashes."""
    if calls:
        found = (
            f"{counted(len(calls), 'operation')} asked for by hash first, which the server did not "
            "know, and then again with the document"
        )
        fix = "give the server the operations' documents when the client is built"
        yield Finding("not registered", found, keys(calls), Cost(len(calls), 0, 0.0), fix)


def _not_persisted(calls: Sequence[Call]) -> Iterator[Finding]:
    """Documents that are sent each time, and outweigh what changes between the times."""
    sent = [call for call in calls if any(one.document_bytes for one in call.operations)]
    documents = sum(one.document_bytes for call in sent for one in call.operations)
    variables = sum(one.variables_bytes for call in sent for one in call.operations)
    if documents > max(variables, _DOCUMENTS):
        found = (
            f"{counted(len(sent), 'operation')} sent with {documents:,} bytes of documents and "
            f"{variables:,} of variables"
        )
        fix = "persisted queries: a hash in place of the document, over GET where it may be cached"
        cost = Cost(0, documents - _HASH * len(sent), 0.0)
        if cost.bytes > 0:
            yield Finding("not persisted", found, keys(sent), cost, fix)


_HASH = 110  # bytes of a hash and what it stands in
