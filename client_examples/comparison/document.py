"""The results as one JSON document, from which everything that is shown is rendered.

The version changes when a member changes its meaning or goes; members may be added.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from client_examples.comparison.exchanges import Exchange
from client_examples.comparison.statistics import Summary

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Counts:
    """What one load of an arm takes; the words are DESIGN's.

    Over-fetch is a share from 0 to 1. `statements` and `db_ms` are None where a server does not
    tell.
    """

    requests: int
    rounds: int
    depth: int
    sent_body_bytes: int
    body_bytes: int
    encoded_body_bytes: int | None
    delivered_leaves: int
    used_leaves: int
    over_fetch: float
    delivered_leaf_bytes: int
    used_leaf_bytes: int
    over_fetch_bytes: float
    statements: int | None
    db_ms: float | None


@dataclass(frozen=True)
class Sample:
    """One timed load: its position in the screen's order, and its times."""

    position: int
    elapsed_ns: int
    db_ms: float | None


@dataclass(frozen=True)
class ArmResult:
    """An arm's counts and exchanges from a load that was not timed, and its timed loads."""

    name: str
    description: str
    counts: Counts
    exchanges: list[Exchange]
    samples: list[Sample]
    summary: Summary | None


@dataclass(frozen=True)
class ScreenResult:
    """A screen, the view that all its arms gave, and the order of its loads, warm-up first."""

    name: str
    shows: str
    view: Any
    warm_up_order: list[str]
    order: list[str]
    arms: list[ArmResult]


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do."""

    rest_url: str
    graphql_url: str
    samples: int
    warm_up: int
    seed: int
    at_once: int
    garbage_collection: str


@dataclass(frozen=True)
class Document:
    """A run; not `complete` if it was interrupted or failed on the way."""

    schema_version: int
    began: str
    complete: bool
    settings: Settings
    environment: dict[str, Any]
    screens: list[ScreenResult]
    caveats: list[str]


def to_json(document: Document) -> str:
    """The document as JSON text; equal documents give equal text."""
    return json.dumps(asdict(document), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Document:
    """The document that `to_json` wrote; `ValueError` for any other text."""
    return TypeAdapter(Document).validate_json(text)
