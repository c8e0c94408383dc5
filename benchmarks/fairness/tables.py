"""The figures of a results document as tables, for the terminal and for the page."""

from typing import Any, NamedTuple

_NAMES = {"rest": "REST", "graphql": "GraphQL"}
_HEADER = ["hostile requests", "sent", "median", "p99", "longest", "to reach", ""]


class Table(NamedTuple):
    """The waits of point reads on one server over a bookstore of one size, in ms."""

    title: str
    header: list[str]
    rows: list[list[str]]


def tables(found: dict[str, Any]) -> list[Table]:
    """One for each server and size, in the order in which they were measured."""
    return [
        Table(
            f"{_NAMES[alone['server']]}, {alone['books']:,} books",
            _HEADER,
            [
                ["none", "", *_waits(alone["waits"]), "", ""],
                *(
                    _row(one)
                    for one in found["beside"]
                    if (one["server"], one["books"]) == (alone["server"], alone["books"])
                ),
            ],
        )
        for alone in found["alone"]
    ]


def _row(one: dict[str, Any]) -> list[str]:
    sent = "" if one["sent"] is None else f"{one['sent']['requests']:,}"
    target = "" if one["target"] is None else f"{one['target']:g}"
    missed = "missed" if one["missed"] else ""
    return [one["attack"], sent, *_waits(one["waits"]), target, missed]


def _waits(waits: dict[str, Any]) -> list[str]:
    return [f"{waits[name]:.1f}" for name in ("median", "p99", "longest")]
