"""The results of `python -m benchmarks.claims`: a part for each claim, of the run that made it.

`schema` is the version of the file, `claims` has the parts by the claims' numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

SCHEMA = 1


class NotReadable(Exception):
    """A file of results is none, or of another schema."""


@dataclass(frozen=True)
class Part:
    """What was measured of one claim.

    Attributes:
        began: when, as ISO 8601 in UTC.
        seconds: how long it took.
        environment: of the comparison's kind: machine, packages, revision.
        found: the claim's own results as JSON.
    """

    began: str
    seconds: float
    environment: dict[str, Any]
    found: dict[str, Any]


def to_json(parts: Mapping[int, Part]) -> str:
    """The file's text, the claims in their order."""
    claims = {str(number): asdict(parts[number]) for number in sorted(parts)}
    return json.dumps({"schema": SCHEMA, "claims": claims}, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> dict[int, Part]:
    """The parts by the claims' numbers.

    Raises:
        NotReadable: the text is no file of this kind, or of another schema.
    """
    try:
        told = json.loads(text)
        schema = told["schema"]
        if schema != SCHEMA:
            raise NotReadable(f"its schema is {schema!r}, and not {SCHEMA}")
        return TypeAdapter(dict[int, Part]).validate_python(told["claims"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise NotReadable("it has no results of claims") from error


def merged(file: Path, parts: Mapping[int, Part]) -> dict[int, Part]:
    """The parts of a file, if it is there, with new ones in the place of those of the same claim.

    Raises:
        NotReadable: the file holds something else.
    """
    if not file.is_file():
        return dict(parts)
    try:
        return {**from_json(file.read_text(encoding="utf-8")), **parts}
    except (NotReadable, UnicodeDecodeError) as error:
        raise NotReadable(f"{file} cannot be added to: {error}; name another file") from error
