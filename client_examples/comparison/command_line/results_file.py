"""Reads what an earlier run has written by --json."""

import json
from pathlib import Path

from client_examples.comparison.results.document import SCHEMA_VERSION, Document, from_json


class BadResults(Exception):
    """The file holds no results; says why."""


def read_results(file: Path) -> Document:
    """The document that it holds.

    Raises:
        BadResults: it is none, or of another version.
    """
    try:
        text = file.read_text(encoding="utf-8")
        _require_known_version(text)
        return from_json(text)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        raise BadResults(f"{file} holds no results of --json: {reason}") from error


def _require_known_version(text: str) -> None:
    found = json.loads(text)
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version is None:
        raise ValueError("it has no schema_version")
    if version != SCHEMA_VERSION:
        raise ValueError(f"its schema is of version {version}, this program's of {SCHEMA_VERSION}")
