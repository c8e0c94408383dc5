"""Reads recordings into calls. Bodies are counted and forgotten; `answers.py` reads them again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from client_examples.advice.recording.address import RELATIVE, address
from client_examples.advice.recording.building import (
    Heard,
    call_of,
    connect_ms,
    referred,
    values_of,
    with_kinds,
)
from client_examples.advice.recording.call import Call, Tab
from client_examples.advice.recording.entry import BadEntry, Entry, checked
from client_examples.advice.recording.har_file import BadRecording, read_entries
from client_examples.advice.recording.selecting import (
    header,
    is_document,
    is_preflight,
    left_out,
    sent_with,
)

DUPLICATE = "recorded twice"
PREFLIGHT = "preflight, told with its request"
OTHER_ORIGIN, OTHER_PAGE = "of another origin", "of another page"
_NEAR_MS = 2_000.0  # a preflight is that near to the request that it is for


@dataclass
class Recording:
    """What the files hold, in the order of time.

    Attributes:
        calls: the API calls.
        entries: how many there are in all.
        left_out: how many of them are no calls, by the reason.
        opened: when pages were opened, ms since the first entry, and in which tab.
        addresses: the first moment at which a value stood in the address of a page, likewise.
        pages: the recorder's names of pages, in order.
        connected: the quickest opening of a connection to each origin, ms: a round trip of TCP.
        wrong: what could not be read, a line each.
    """

    calls: list[Call] = field(default_factory=list)
    entries: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    opened: list[tuple[float, Tab]] = field(default_factory=list)
    addresses: dict[str, float] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    connected: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def read(
    files: Sequence[Path], origins: Sequence[str] = (), pages: Sequence[str] = ()
) -> Recording:
    """The recordings together.

    Args:
        files: HAR files.
        origins: those whose calls to take; all of none.
        pages: names or numbers (from 1) of the recorder's pages, likewise.
    """
    reader = _Reader()
    for index, file in enumerate(files):
        reader.read(index, file)
    return reader.recording(origins, pages)


class _Reader:
    def __init__(self) -> None:
        self.found = Recording()
        self._heard: list[Heard] = []
        self._documents: list[tuple[float, Tab]] = []
        self._addresses: dict[str, float] = {}
        self._preflights: list[tuple[float, float, str, str, int]] = []
        self._seen: set[int] = set()
        self._hosts: dict[str, str] = {}
        self._first = float("inf")

    def read(self, index: int, file: Path) -> None:
        """One file's entries; a bad one is left out and named."""
        bad: list[str] = []
        try:
            for number, raw in read_entries(file):
                self.found.entries += 1
                try:
                    self._take(index, number, raw)
                except BadEntry as error:
                    bad.append(f"{file}: entry {number}: {error}")
        except BadRecording as error:
            bad.append(str(error))
        if bad:
            more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
            self.found.wrong.append(bad[0] + more)

    def _take(self, index: int, number: int, raw: dict[str, Any]) -> None:
        entry = checked(raw)
        try:
            where = address(entry.request.url)
        except ValueError as error:
            raise BadEntry("request.url must be an address") from error
        self._first = min(self._first, entry.start_ms)
        if entry.pageref and entry.pageref not in self.found.pages:
            self.found.pages.append(entry.pageref)
        self._note_page(index, entry)
        if self._is_known(raw):
            self.found.left_out[DUPLICATE] += 1
            return
        if where.origin == RELATIVE:
            where = replace(where, origin=self._relative(entry))
        if (took := connect_ms(entry)) > 0:
            known = self.found.connected.get(where.origin, took)
            self.found.connected[where.origin] = min(known, took)
        if is_preflight(entry):
            self._note_preflight(entry, where.origin, where.target)
            return
        sent = sent_with(entry, dict(where.parameters))
        reason = left_out(entry, sent)
        if reason is None:
            self._heard.append(Heard(index, number, entry.start_ms, call_of(entry, where, sent)))
        else:
            self.found.left_out[reason] += 1

    def _note_page(self, index: int, entry: Entry) -> None:
        """What the page's address held when this was asked for."""
        known = referred(entry.request.headers)
        if is_document(entry):
            self._documents.append((entry.start_ms, (index, entry.pageref)))
            known |= values_of(entry.request.url)
        for value in known:
            first = self._addresses.get(value, entry.start_ms)
            self._addresses[value] = min(first, entry.start_ms)

    def _is_known(self, raw: dict[str, Any]) -> bool:
        """Whether an entry is equal in all: two requests differ in their times at least."""
        told = {name: value for name, value in raw.items() if name not in ("pageref", "comment")}
        response = raw["response"]
        content = dict(response.get("content") or {})
        text = hash(content.pop("text", None))  # which may be too large for one copy more
        told["response"] = response | {"content": content}
        mark = hash((orjson.dumps(told), text))
        if mark in self._seen:
            return True
        self._seen.add(mark)
        return False

    def _relative(self, entry: Entry) -> str:
        """Hosts are told apart without naming them, since only a header does."""
        host = header(entry.request.headers, "host") or header(entry.request.headers, ":authority")
        number = len(self._hosts) + 1
        return self._hosts.setdefault(
            host or "", RELATIVE if number == 1 else f"{RELATIVE} {number}"
        )

    def _note_preflight(self, entry: Entry, origin: str, target: str) -> None:
        size = max(0, entry.response.headersSize) + max(0, entry.request.headersSize)
        self._preflights.append((entry.start_ms, entry.took_ms, origin, target, size))
        self.found.left_out[PREFLIGHT] += 1

    def recording(self, origins: Sequence[str], pages: Sequence[str]) -> Recording:
        """All that was read, in the order of time."""
        found = self.found
        self._heard.sort(key=lambda one: (one.start_ms, one.file, one.number))
        self._match_preflights()
        calls = with_kinds([one.at(one.start_ms - self._first) for one in self._heard])
        found.opened = sorted((moment - self._first, page) for moment, page in self._documents)
        found.addresses = {value: moment - self._first for value, moment in self._addresses.items()}
        found.wrong += [*_unknown_origins(origins, calls), *self._unknown_pages(pages)]
        for reason, chosen in (
            (OTHER_ORIGIN, _by_origin(origins)),
            (OTHER_PAGE, self._by_page(pages)),
        ):
            kept = [call for call in calls if chosen(call)]
            found.left_out[reason] += len(calls) - len(kept)
            calls = kept
        found.left_out = +found.left_out
        found.calls = calls
        return found

    def _by_page(self, pages: Sequence[str]) -> Any:
        numbered = {str(number): name for number, name in enumerate(self.found.pages, 1)}
        wanted = {numbered.get(page, page) for page in pages}
        return lambda call: not wanted or call.page in wanted

    def _unknown_pages(self, pages: Sequence[str]) -> Iterator[str]:
        most = len(self.found.pages)
        numbers = f"has pages 1 to {most}" if most > 1 else f"has {'one page' if most else 'none'}"
        for page in pages:
            if page not in self.found.pages and page not in map(str, range(1, most + 1)):
                yield f"--page {page}: there is none of that id or number; the recording {numbers}"

    def _match_preflights(self) -> None:
        """Give each preflight to the nearest request for the same address."""
        by_target: dict[tuple[str, str], list[int]] = {}
        for index, one in enumerate(self._heard):
            by_target.setdefault((one.call.origin, one.call.target), []).append(index)
        for start, took, origin, target, size in sorted(self._preflights):
            free = [
                index for index in by_target.get((origin, target), [])
                if self._heard[index].call.preflight is None
                and abs(self._heard[index].start_ms - start) < took + _NEAR_MS
            ]  # fmt: skip
            if free:
                index = min(free, key=lambda index: abs(self._heard[index].start_ms - start))
                self._heard[index] = self._heard[index].after(start, took, size)


def _unknown_origins(origins: Sequence[str], calls: Sequence[Call]) -> Iterator[str]:
    known = sorted({call.origin for call in calls})
    for origin in origins:
        if calls and not any(map(_by_origin([origin]), calls)):
            yield f"--origin {origin}: no call goes there; the calls go to {', '.join(known)}"


def _by_origin(origins: Sequence[str]) -> Any:
    wanted = {origin.rstrip("/").lower() for origin in origins}
    return lambda call: not wanted or call.origin in wanted or _host(call.origin) in wanted


def _host(origin: str) -> str:
    return origin.rpartition("//")[2]


def raw_entries(
    files: Sequence[Path], wanted: Iterable[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], Entry]]:
    """The entries of these calls once more, as far as their files can be read."""
    keys = set(wanted)
    for index, file in enumerate(files):
        try:
            for number, raw in read_entries(file):
                if (index, number) in keys:
                    yield (index, number), checked(raw)
        except BadRecording:
            continue  # told when it was read first
