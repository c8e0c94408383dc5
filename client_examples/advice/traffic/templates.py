"""Templates of calls, told without a value: `GET /orders/{id}`."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from client_examples.advice.recording.answers import ANY, LINKS, Answer
from client_examples.advice.recording.building import operations_named
from client_examples.advice.recording.call import Call, Value
from client_examples.advice.recording.values import is_name, is_type, keys_in, kind_of

_ROUTE = re.compile(
    r"^[A-Za-z][A-Za-z_.~-]{0,39}$|^[A-Za-z]{1,10}\d{1,2}$|^v\d+(\.\d+)*$|^\$[a-z]+$"
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PREFIX = re.compile(
    r"^(api|rest|v\d+(\.\d+)*|graphql|rpc|services?|public|internal)$", re.IGNORECASE
)
_FILE = re.compile(r"^[^.]+\.(json|xml|csv|html?|txt|php|aspx?|jsp|do|action|pdf)$", re.IGNORECASE)
_PROCEDURE = re.compile(r"[A-Za-z$][\w$./:-]{0,79}", re.ASCII)
_TURNS = 3  # words in one place, with a path below them, from which on they are values
_RANDOM = 2.5  # letters of a part, below which a word of changing case is none


class Place(NamedTuple):
    """Where a segment of a path stands; of what is before and behind it, values are left out."""

    origin: str
    method: str
    before: tuple[str, ...]
    behind: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """What calls have in common.

    Attributes:
        origin: where they go.
        label: method and path with `{id}` in place of values, and what is called there by JSON-RPC;
            or the GraphQL operation's name.
        document: a GraphQL document without its values, which tells those without a name apart.
    """

    origin: str
    label: str
    document: str = ""


@dataclass(frozen=True)
class Shaped:
    """A call with its template, and those of its values that are not a part of that."""

    call: Call
    template: Template
    values: tuple[Value, ...]


def shaped(calls: Sequence[Call], answers: Mapping[tuple[int, int], Answer]) -> list[Shaped]:
    """The calls with their templates."""
    held = _words_held(calls, answers)
    beside = _words_beside(calls)
    return [_shape(call, held, beside) for call in calls]


def _words_held(
    calls: Iterable[Call], answers: Mapping[tuple[int, int], Answer]
) -> dict[str, float]:
    """Words that stand in answers as a value, and when the first of these began."""
    segments = {segment for call in calls for segment in call.segments}
    held: dict[str, float] = {}
    for call in calls:
        for path, member in answers[call.key].members.items():
            if is_type(path) or path == LINKS:
                continue
            for word in member.sought & segments:
                held[word] = min(held.get(word, call.timing.start_ms), call.timing.start_ms)
    return held


def _words_beside(calls: Iterable[Call]) -> set[tuple[Place, str]]:
    """Words that stand where other calls have a value, or where several words take turns.

    No answer need have held them: the user may have typed them. A word is taken for a value where
    a call of the same path has an id in its place, and where `_TURNS` words have the same path
    below them, as in `/users/alice/orders`.
    """
    words: dict[Place, set[str]] = {}
    valued: set[Place] = set()
    for call in calls:
        if call.is_graphql:
            continue
        for index in _below(call.segments):
            place, segment = _place(call, index), call.segments[index]
            if is_word(segment):
                words.setdefault(place, set()).add(segment)
            else:
                valued.add(place)
    return {
        (place, word)
        for place, each in words.items()
        if place in valued or (len(each) >= _TURNS and place.behind)
        for word in each
    }


def _below(segments: Sequence[str]) -> range:
    """The places of a path below its first segment that is no usual beginning, such as `api`.

    That one is taken for the API's own word, or a value; any word below it may be a value.
    """
    first = next((n for n, one in enumerate(segments) if not is_prefix(one)), len(segments))
    return range(first + 1, len(segments))


def _place(call: Call, index: int) -> Place:
    before, behind = (
        tuple(part if is_word(part) else "" for part in parts)
        for parts in (call.segments[:index], call.segments[index + 1 :])
    )
    return Place(call.origin, call.method, before, behind)


def _shape(call: Call, held: Mapping[str, float], beside: Collection[tuple[Place, str]]) -> Shaped:
    parts, fixed, below = [], set(), _below(call.segments)
    for index, segment in enumerate(call.segments):
        is_slug = index in below and (
            held.get(segment, float("inf")) <= call.timing.start_ms
            or _is_dotted(segment)
            or (_place(call, index), segment) in beside
        )
        if is_word(segment) and not is_slug:
            parts.append(segment)
            fixed.add(f"path:{index}")
        else:
            parts.append(_placeholder(segment))
    values = tuple(value for value in call.values if value[0] not in fixed)
    if call.is_graphql:
        name = operations_named(call.operations)
        document = " ".join(one.document or one.persisted for one in call.operations)
        kinds = " ".join(dict.fromkeys(one.kind for one in call.operations))
        is_named = not name.startswith("{")
        label = f"{kinds} {name}"
        return Shaped(call, Template(call.origin, label, "" if is_named else document), values)
    names = dict.fromkeys(map(_parameter, call.names))
    query = "&".join(f"{name}={{}}" for name in names)
    path = "/".join(parts).replace("/(", "(").replace("/;", ";")
    label = f"{call.method} /{path}{'?' if query else ''}{query}"
    if call.procedures:
        label += f" {' + '.join(dict.fromkeys(map(_procedure, call.procedures)))}"
    return Shaped(call, Template(call.origin, label), values)


def _parameter(name: str) -> str:
    """A parameter's name, or `*` for one that looks like a value."""
    return name if is_name(name) else ANY


def _procedure(name: str) -> str:
    """The name of a method of JSON-RPC, without what looks like a value in it."""
    if not _PROCEDURE.fullmatch(name):
        return ANY
    parts = re.split(r"([._/:-])", name)
    return "".join(part if part in "._/:-" or is_word(part) else "{id}" for part in parts)


def _keyed(segment: str) -> str:
    """`(7)` as `({id})`, and `;id=7` as `;id={id}`."""
    if segment.startswith("("):
        return f"({_placeholder(keys_in(segment)[0])})"
    names = [one.partition("=")[0] for one in segment[1:].split(";")]
    return "".join(f";{_parameter(name)}={{id}}" for name in names)


def is_prefix(segment: str) -> bool:
    """Whether paths usually begin with it, such as `api`, `v1` or `graphql`."""
    return _PREFIX.fullmatch(segment) is not None


def is_word(segment: str) -> bool:
    """Whether it is a word of the API's own, as far as its look tells."""
    if not _ROUTE.fullmatch(segment) or kind_of(segment) == "date":
        return False
    if segment.islower() or segment.isupper() or not segment.isalpha():
        return True
    parts = _CAMEL.findall(segment)
    return len(parts) < 3 or len(segment) / len(parts) >= _RANDOM


def _is_dotted(segment: str) -> bool:
    """Whether it is words between dots, as in `jane.doe`, and not a word with a file's ending."""
    is_procedure = re.search(r"\.[a-z]+[A-Z]", segment) is not None  # `author.byId`, of tRPC
    return "." in segment and _FILE.match(segment) is None and not is_procedure


def _placeholder(segment: str) -> str:
    if segment[:1] in ("(", ";"):
        return _keyed(segment)
    kind = kind_of(segment)
    return {"date": "{date}", "word": "{slug}", "text": "{value}"}.get(kind, "{id}")
