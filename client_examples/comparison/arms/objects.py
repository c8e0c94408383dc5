"""Counts the objects in a decoded answer, which GraphQL's static cost is never below."""

from typing import Any

# What a Relay connection has besides the objects that it is for; the static cost disregards it.
_EDGES, _WRAPPERS = "edges", frozenset({"edges", "pageInfo"})


def objects_in(answer: Any) -> int:
    """All JSON objects of a REST answer."""
    if isinstance(answer, list):
        return sum(map(objects_in, answer))
    if isinstance(answer, dict):
        return 1 + sum(map(objects_in, answer.values()))
    return 0


def objects_in_data(data: Any) -> int:
    """The objects in a GraphQL answer's `data`, without itself and the parts of connections."""
    return sum(_below(name, member) for name, member in data.items())


def _below(name: str, value: Any) -> int:
    if isinstance(value, list):
        return sum(_below(name, member) for member in value)
    if isinstance(value, dict):
        own = 0 if name in _WRAPPERS or _EDGES in value else 1
        return own + sum(_below(key, member) for key, member in value.items())
    return 0
