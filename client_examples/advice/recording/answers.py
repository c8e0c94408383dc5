"""What of the answers matters: where values stand that calls ask for, errors, objects, compression.

The recordings are read once more for it, since all bodies together may be larger than the memory.
"""

import re
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from client_examples.advice.recording.bodies import all_decoded, content_of
from client_examples.advice.recording.call import Call
from client_examples.advice.recording.reading import raw_entries
from client_examples.advice.recording.used import Used
from client_examples.advice.recording.values import kind_of

_COMPRESSED_FROM = 1_000  # bytes: below, compression saves no packet
_LEVEL = 1  # the fastest: servers compress better
_INTEGER = re.compile(r"^-?(0|[1-9]\d{0,17})$")
_NAME = re.compile(r"^[A-Za-z_$@][\w$@:-]{0,47}$")
LINKS = "a link"
ANY = "*"  # the name of members whose own names are values


@dataclass(frozen=True, slots=True)
class Member:
    """Values under one name in an answer: those that calls ask for, and the number of all."""

    sought: frozenset[str]
    count: int


class Objects:
    """Different objects by what their own members hold, as arrays: there may be millions.

    Args:
        found: by a hash of these members, the bytes of all of them, and of those that are used.
    """

    __slots__ = ("_marks", "_sizes", "_used")

    def __init__(self, found: Mapping[int, tuple[int, int]]) -> None:
        self._marks = array("q", found)
        self._sizes = array("q", (size for size, _ in found.values()))
        self._used = array("q", (used for _, used in found.values()))

    def once(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """What it was made of."""
        yield from zip(self._marks, zip(self._sizes, self._used, strict=True), strict=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer holds.

    Attributes:
        is_read: whether its body is there, and was looked into, or is known to be empty.
        members: those under which values stand that calls ask for, by their path, `[].id`.
        has_errors: whether GraphQL or JSON-RPC answered with errors.
        objects: its different objects.
        delivered_bytes: the bytes of all of its objects' own members.
        compressed: bytes as gzip would make it; None where it was compressed, or is small.
    """

    is_read: bool = False
    members: Mapping[str, Member] = field(default_factory=dict)
    has_errors: bool = False
    objects: Objects = field(default_factory=lambda: Objects({}))
    delivered_bytes: int = 0
    compressed: int | None = None


def read_answers(
    files: Sequence[Path], calls: Iterable[Call], used: Mapping[tuple[int, int], Used]
) -> dict[tuple[int, int], Answer]:
    """The answers to all calls, by the calls' keys.

    Args:
        files: the recordings.
        calls: those to look at.
        used: what the screen uses of the answers, where that is known.
    """
    by_key = {call.key: call for call in calls}
    sought = frozenset(_as_in_json(set(_sought(by_key.values()))))
    found = {}
    for key, entry in raw_entries(files, by_key):
        call = by_key[key]
        body = content_of(entry.response.content)
        found[key] = _answer(call, body, sought, used.get(key))
    return {key: found.get(key, Answer()) for key in by_key}


def _sought(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        yield from (value for _, value in call.values)
        yield from call.credentials
        yield call.target
        yield call.origin + call.target


def _as_in_json(values: Iterable[str]) -> Iterator[str | int]:
    """The values as texts, and as numbers where they are such."""
    for value in values:
        yield value
        if _INTEGER.match(value):
            yield int(value)


def _answer(
    call: Call, body: bytes | None, sought: frozenset[str | int], used: Used | None
) -> Answer:
    values = all_decoded(body)
    if call.procedures:
        values = list(map(_without_envelope, values))
    links = frozenset(call.headers.links if call.headers else ()).intersection(sought)
    members = {LINKS: Member(links, len(links))} if links else {}
    walk = _Walk()
    try:
        for value in values:
            walk.into(value, "", used)
    except RecursionError:  # deeper than any screen's: what it holds is not known
        return Answer(members=members)
    members |= {
        path: Member(frozenset(map(str, hit)), len(values))
        for path, values in walk.values.items()
        if (hit := values & sought)
    }
    return Answer(
        is_read=body is not None,
        members=members,
        has_errors=_has_errors(call, values),
        objects=Objects(walk.objects),
        delivered_bytes=walk.delivered,
        compressed=_compressed(call, body or b""),
    )


class _Walk:
    """Goes through an answer once; most of the time that a large recording takes is spent here."""

    def __init__(self) -> None:
        self.values: dict[str, set[str | int]] = {}
        self.objects: dict[int, tuple[int, int]] = {}
        self.delivered = 0

    def into(self, value: Any, path: str, used: Used | None) -> None:
        kind = type(value)
        if kind is dict:
            self._object(value, path, used)
        elif kind is list:
            inner = path + "[]"
            for member in value:
                self.into(member, inner, used)
        elif kind is str or kind is int:
            found = self.values.get(path)
            if found is None:
                self.values[path] = {value}
            else:
                found.add(value)

    def _object(self, value: dict[str, Any], path: str, used: Used | None) -> None:
        own = {}
        is_map = _is_map(value)
        if is_map:
            self.values.setdefault(f"{path}.{ANY}", set()).update(value)
        for name, member in value.items():
            kind = type(member)
            below = None if used is None else used.get(name)
            shown = ANY if is_map else _shown(name)
            self.into(member, f"{path}.{shown}" if path else shown, below)
            if kind is not dict and (kind is not list or not _holds_more(member)):
                own[name] = member
        if own:
            text = orjson.dumps(own)
            size = len(text) - 1  # a comma after each member, and no braces
            needed = {name: own[name] for name in own if name in used} if used else None
            self.delivered += size
            self.objects[hash(text)] = (size, len(orjson.dumps(needed)) - 1 if needed else 0)


def _is_map(value: dict[str, Any]) -> bool:
    """Whether the names are values, such as ids: all members are objects of the same members."""
    members = iter(value.values())
    first = next(members, None)
    if type(first) is not dict or len(value) == 1:
        return False
    return all(type(one) is dict and one.keys() == first.keys() for one in members)


@cache
def _shown(name: str) -> str:
    """A member's name, or `*` for one that looks like a value."""
    is_value = kind_of(name) not in ("word", "text") and not name.isidentifier()
    return ANY if is_value or not _NAME.fullmatch(name) else name


def _holds_more(members: list[Any]) -> bool:
    return any(type(one) in (dict, list) for one in members)


def _without_envelope(value: Any) -> Any:
    """An answer of JSON-RPC without the numbers of its calls, which are no data."""
    if isinstance(value, list):
        return list(map(_without_envelope, value))
    if not isinstance(value, dict):
        return value
    return {name: member for name, member in value.items() if name not in ("id", "jsonrpc")}


def _has_errors(call: Call, values: Sequence[Any]) -> bool:
    """Whether GraphQL or JSON-RPC says so, which may do it with status 200."""
    if not (call.is_graphql or call.procedures):
        return False
    name = "errors" if call.is_graphql else "error"
    each = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return any(isinstance(one, dict) and bool(one.get(name)) for one in each)


def _compressed(call: Call, body: bytes) -> int | None:
    if call.headers is None or call.headers.is_compressed or len(body) < _COMPRESSED_FROM:
        return None
    return len(zlib.compress(body, _LEVEL))
