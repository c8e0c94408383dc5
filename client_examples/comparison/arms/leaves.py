"""Leaves (scalars) that an arm received, and those of them that the screen needed; and objects.

A leaf is a scalar in a decoded answer; null and each member of a list of scalars count as one.
Its bytes are its own member, `"name":value`, as compact UTF-8 JSON writes it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, overload

from client_examples.comparison.arms.objects import objects_in


@dataclass
class LeafLedger:
    """The leaves of all answers of one load: the bytes of each, and which ones were read.

    `objects` are those of the answers, each of which `count_objects` counts. `envelope` is the
    member of an answer that holds what arms are given: `data` over GraphQL, "" where it is all.
    """

    count_objects: Callable[[Any], int] = objects_in
    envelope: str = ""
    objects: int = 0
    sizes: list[int] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    _answers: list["_Member"] = field(default_factory=list)

    @property
    def delivered(self) -> int:
        """Number of leaves received."""
        return len(self.sizes)

    @property
    def used(self) -> int:
        """Number of leaves that were read, each once."""
        return len(self.read)

    @property
    def delivered_bytes(self) -> int:
        """Bytes of all leaves."""
        return sum(self.sizes)

    @property
    def used_bytes(self) -> int:
        """Bytes of the leaves that were read."""
        return sum(self.sizes[leaf] for leaf in self.read)

    def wrap(self, answer: Any) -> Any:
        """The answer in a form that reads alike, and records which leaves are read."""
        self.objects += self.count_objects(answer)
        member = self._member(None, answer)
        self._answers.append(member)
        return member.take() if isinstance(member, _Leaf) else member

    def used_documents(self) -> list[bytes]:
        """What was read of each answer, as JSON of the answer's form; empty where nothing was."""
        return [self._used_document(answer) for answer in self._answers]

    def _used_document(self, answer: "_Member") -> bytes:
        used = answer.used(self.read)
        if used is NOTHING:
            return b""
        return _compact({self.envelope: used} if self.envelope else used)

    def _member(self, name: str | None, value: Any) -> "_Member":
        if isinstance(value, dict):
            return RecordingObject({key: self._member(key, value[key]) for key in value})
        if isinstance(value, list):
            return RecordingArray([self._member(None, member) for member in value])
        self.sizes.append(leaf_bytes(name, value))
        return _Leaf(value, len(self.sizes) - 1, self)


NOTHING: Final = object()  # what is left of a part of which nothing was read


def leaf_bytes(name: str | None, value: Any) -> int:
    """Bytes of `"name":value`, or of the value alone where it has no name."""
    prefix = 0 if name is None else len(_compact(name)) + 1
    return prefix + len(_compact(value))


def over_fetch(used: int, delivered: int) -> float:
    """The share of the delivered that was not used; 0 where nothing was delivered."""
    return 1 - used / delivered if delivered else 0.0


def plain(view: Any) -> Any:
    """The view as plain JSON values; leaves of answers that are part of it count as read."""
    if isinstance(view, Mapping):
        return {key: plain(view[key]) for key in view}
    if isinstance(view, Sequence) and not isinstance(view, str | bytes):
        return [plain(member) for member in view]
    return view


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _Leaf:
    value: Any
    number: int
    ledger: LeafLedger

    def take(self) -> Any:
        self.ledger.read.add(self.number)
        return self.value

    def used(self, read: set[int]) -> Any:
        return self.value if self.number in read else NOTHING


class _Recording:
    """What reads as a dict or a list, so that an arm does here what it does in a timed load."""

    _kind: type

    @property  # type: ignore[misc]  # isinstance asks for it, C code does not
    def __class__(self) -> type:
        return self._kind

    def __repr__(self) -> str:
        return repr(plain(self))

    def __getattr__(self, name: str) -> Any:
        kind = self._kind.__name__
        why = f": an answer is not changed here, so take {kind}(...) of it first"
        raise AttributeError(
            f"{kind} of an answer has no {name}{why if hasattr(self._kind, name) else ''}"
        )


class RecordingObject(_Recording, Mapping[str, Any]):
    """A decoded object. Not a dict, as C code would read a dict past any recording."""

    _kind = dict

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    def copy(self) -> dict[str, Any]:
        """A dict of the members, as which they are read."""
        return dict(self)

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self}

    def __getitem__(self, name: str) -> Any:
        member = self._members[name]
        return member.take() if isinstance(member, _Leaf) else member

    def __contains__(self, name: object) -> bool:
        return name in self._members  # asking for a name reads no value

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def used(self, read: set[int]) -> Any:
        """The members that were read, or `NOTHING`."""
        found = {name: member.used(read) for name, member in self._members.items()}
        return {name: one for name, one in found.items() if one is not NOTHING} or NOTHING


class RecordingArray(_Recording, Sequence[Any]):
    """A decoded list. Not a list, for the same reason."""

    _kind = list
    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __init__(self, members: list[Any]) -> None:
        self._members = members

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        member = self._members[index]
        return member.take() if isinstance(member, _Leaf) else member

    def __len__(self) -> int:
        return len(self._members)

    def used(self, read: set[int]) -> Any:
        """The members of which something was read, or `NOTHING`."""
        found = [member.used(read) for member in self._members]
        return [one for one in found if one is not NOTHING] or NOTHING

    def copy(self) -> list[Any]:
        """A list of the members, as which they are read."""
        return [*self]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and [*self] == [*other]

    def __mul__(self, times: int) -> list[Any]:
        return [*self] * times

    def __add__(self, other: Sequence[Any]) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Sequence[Any]) -> list[Any]:
        return [*other, *self]


_Member: TypeAlias = _Leaf | RecordingObject | RecordingArray
