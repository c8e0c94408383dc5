"""Caveats: what makes numbers of the results doubtful."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caveat:
    """What makes a number doubtful.

    `about` is "run", a screen's name, or "screen/arm"; `number` is the number that it concerns
    ("median", "p95", "p99", "statements", "objects", "link", "floor"), or "" for all.
    """

    about: str
    number: str
    text: str
