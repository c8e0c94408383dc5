"""Builds a call of an entry: what of it matters, as values that can be compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import orjson

from client_examples.advice.recording.address import Address, address
from client_examples.advice.recording.bodies import content_of, procedures
from client_examples.advice.recording.call import (
    UNTOLD,
    Call,
    Headers,
    Operation,
    Protocol,
    Sizes,
    Timing,
    Value,
)
from client_examples.advice.recording.entry import Entry, Header
from client_examples.advice.recording.graphql_request import asked
from client_examples.advice.recording.selecting import Sent, header
from client_examples.advice.recording.values import keys_in, kind_of, leaves, within
from client_examples.comparison.arms.exchanges import server_timing

# Headers that browsers send by themselves.
_OF_BROWSERS = frozenset(
    "accept accept-charset accept-encoding accept-language cache-control connection content-length "
    "content-type dnt host keep-alive origin pragma priority proxy-connection referer te "
    "transfer-encoding upgrade-insecure-requests user-agent".split()
)
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)  # what a header's name may be
_LINE = len(": \r\n")  # what a header's line has besides name and value


@dataclass(frozen=True)
class Heard:
    """A call with its time since 1970, which is that since the first entry once all are read."""

    file: int
    number: int
    start_ms: float
    call: Call

    def at(self, start_ms: float) -> Call:
        """The call, begun at that time."""
        times = self.call.timing
        moved = replace(times, start_ms=start_ms, end_ms=start_ms + times.end_ms)
        return replace(self.call, file=self.file, number=self.number, timing=moved)

    def after(self, start_ms: float, took_ms: float, size: int) -> "Heard":
        """The same after a preflight, with which it begins if that was asked for before it."""
        return replace(self, call=replace(self.call, preflight=(took_ms, size))).begun(start_ms)

    def begun(self, start_ms: float) -> "Heard":
        """The same, begun at that time if that is earlier."""
        begin = min(self.start_ms, start_ms)
        times = replace(self.call.timing, end_ms=self.call.timing.end_ms + self.start_ms - begin)
        return replace(self, start_ms=begin, call=replace(self.call, timing=times))


def call_of(entry: Entry, where: Address, sent: Sent) -> Call:
    """The call; its file, number and time are those of `Heard`."""
    found = list(asked(sent.value))
    called = [] if found or entry.request.method == "GET" else procedures(sent.value)
    is_read = entry.request.method == "GET"  # no mutation may be asked for by it
    operations = tuple(
        replace(one, kind="query") if is_read and one.kind == UNTOLD else one for one, _ in found
    )
    body = content_of(entry.response.content)
    return Call(
        file=0,
        number=0,
        origin=where.origin,
        method=entry.request.method.upper(),
        segments=where.segments,
        names=tuple(sorted({name for name, _ in where.parameters})),
        values=tuple(_values(where, sent, [value for _, each in found for value in each], called,
                             is_graphql=bool(operations))),
        # The numbers by which JSON-RPC matches its answers differ each time.
        same=_mark(f"{entry.request.method} {where.origin}{where.target}".encode(),
                   orjson.dumps(called) if called else sent.body),
        operations=operations,
        procedures=tuple(name for name, _ in called),
        protocol=_protocol(entry.response.httpVersion or entry.request.httpVersion),
        status=entry.response.status,
        timing=_timing(entry),
        sizes=_sizes(entry, len(body) if body is not None else 0),
        headers=_headers(entry),
        answer=b"" if body is None else _mark(body),
        asked_with=tuple(sorted(_own_names(entry.request.headers))),
        credentials=tuple(_credentials(entry.request.headers)),
        page=entry.pageref,
        target=where.target,
    )  # fmt: skip


def _values(
    where: Address,
    sent: Sent,
    of_graphql: list[Value],
    called: list[tuple[str, Any]],
    *,
    is_graphql: bool,
) -> list[Value]:
    found = [
        (f"path:{index}", key)
        for index, segment in enumerate(where.segments)
        for key in keys_in(segment)
    ]
    if is_graphql:
        return found + of_graphql
    for name, value in where.parameters:
        found += within(f"query:{name}", value)
    if called:
        for _, parameters in called:
            found += leaves("params", parameters)
    elif sent.body:
        found += leaves("body", sent.value)
    return found


def _mark(*parts: bytes) -> bytes:
    mark = blake2b(digest_size=16)
    for part in parts:
        mark.update(part + b"\n")
    return mark.digest()


def _protocol(told: str) -> Protocol:
    version = told.lower()
    if version.startswith(("h3", "http/3")) or "quic" in version:
        return "HTTP/3"
    if version in ("h2", "h2c") or version.startswith(("http/2", "spdy")):
        return "HTTP/2"
    return "HTTP/1.1" if version.startswith("http/1") else ""


def connect_ms(entry: Entry) -> float:
    """What TCP took to open the entry's connection; 0 or less where none was opened for it."""
    parts = entry.timings
    return parts.connect - (parts.ssl if 0 < parts.ssl < parts.connect else 0)


def _timing(entry: Entry) -> Timing:
    parts = entry.timings
    metrics = server_timing(header(entry.response.headers, "server-timing"))
    return Timing(0, entry.took_ms, parts.blocked, parts.wait, metrics.get("total", (None, ""))[0])


def _sizes(entry: Entry, held: int) -> Sizes:
    request, response = entry.request, entry.response
    content = response.content.size if response.content.size >= 0 else held
    body = response.bodySize if response.bodySize >= 0 else content
    head = response.headersSize
    if response.transfer_size >= 0:
        body = min(body, response.transfer_size)
        head = response.transfer_size - body
    if head <= 0:  # HTTP/2 does not tell it, but for the sum of both
        head = max(0, body - content) if _is_sum(entry, content) else _head(response.headers)
        body = min(body, content) if _is_sum(entry, content) else body
    posted = request.postData
    sent = request.bodySize if request.bodySize >= 0 else len(posted.text) if posted else 0
    sent_head = request.headersSize if request.headersSize > 0 else _head(request.headers)
    return Sizes(sent_head, sent, head, body, content)


def _is_sum(entry: Entry, content: int) -> bool:
    """Whether a body's size is that of the head as well, as some recorders have it of HTTP/2."""
    is_plain = header(entry.response.headers, "content-encoding") is None
    return is_plain and entry.response.transfer_size == entry.response.bodySize > content


def _head(headers: list[Header]) -> int:
    """A head as HTTP/1.1 would write it: no more than an estimate for other versions."""
    return sum(len(one.name) + len(one.value) + _LINE for one in headers)


def _headers(entry: Entry) -> Headers | None:
    found = entry.response.headers
    if not found:
        return None
    control = (header(found, "cache-control") or "").lower()
    return Headers(
        is_validated=bool(header(found, "etag") or header(found, "last-modified")),
        is_fresh=bool(re.search(r"(max-age|s-maxage)=[1-9]|immutable", control)
                      or header(found, "expires")),
        is_compressed=header(found, "content-encoding") not in (None, "", "identity"),
        links=tuple(_links(found, entry.request.url)),
    )  # fmt: skip


def _own_names(headers: list[Header]) -> set[str]:
    names = {one.name.lower() for one in headers if _TOKEN.fullmatch(one.name)}
    return {name for name in names if not name.startswith((":", "sec-", "if-"))} - _OF_BROWSERS


def _credentials(headers: list[Header]) -> Iterator[str]:
    """What the app's own headers hold that no chance repeats, such as a token."""
    names = _own_names(headers) - {"cookie"}
    for one in headers:
        if one.name.lower() in names:
            yield from (part for part in one.value.split()
                        if kind_of(part) == "id" and not part.isdigit())  # fmt: skip


def referred(headers: list[Header]) -> frozenset[str]:
    """What the address of the page holds that asks, as far as it is told."""
    return values_of(header(headers, "referer") or "")


@lru_cache(maxsize=1_000)
def values_of(url: str) -> frozenset[str]:
    """The values in an address."""
    try:
        where = address(url)
    except ValueError:
        return frozenset()
    of_path = {key for segment in where.segments for key in keys_in(segment)}
    of_query = {one for name, value in where.parameters for _, one in within(name, value)}
    return frozenset(of_path | of_query)


def _links(headers: list[Header], url: str) -> list[str]:
    """Paths, as calls have them, of the addresses in Location and Link."""
    told = [header(headers, "location") or ""]
    told += re.findall(r"<([^>]*)>", header(headers, "link") or "")
    found = []
    for one in filter(None, told):
        try:
            parts = urlsplit(urljoin(url, one))
        except ValueError:
            continue
        found += [f"{parts.path}?{parts.query}" if parts.query else parts.path]
        found += [unquote(part) for part in parts.path.split("/") if part][-1:]
    return found


def with_kinds(calls: Sequence[Call]) -> list[Call]:
    """The calls, with the kinds of operations whose documents were sent at another time."""
    known = {
        (call.origin, mark): one.kind
        for call in calls
        for one in call.operations
        if one.document_bytes
        for mark in filter(None, (one.persisted, one.name))
    }

    def told(call: Call, one: Operation) -> Operation:
        by_name = known.get((call.origin, one.name), one.kind)
        return replace(one, kind=known.get((call.origin, one.persisted), by_name))

    return [
        replace(call, operations=tuple(told(call, one) for one in call.operations))
        if any(one.kind == UNTOLD for one in call.operations)
        else call
        for call in calls
    ]


def operations_named(operations: tuple[Operation, ...]) -> str:
    """The names of all, as one text."""
    return " + ".join(dict.fromkeys(one.name for one in operations))
