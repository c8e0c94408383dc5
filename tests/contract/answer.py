"""What an operation gave, in the words that both APIs share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tests.exchange import Response

# What GraphQL puts in front of the members of an input or a filter.
_ARGUMENTS = re.compile(r"\b(?:input|filter)\.")


@dataclass(frozen=True)
class Answer:
    """A value, or a code and what is to blame for it; names are in snake_case."""

    value: Any
    response: Response
    code: str | None = None
    field: str | None = None
    message: str = ""
    cost: int | None = None  # of a request that was refused for it
    limit: int | None = None

    def __str__(self) -> str:
        return f"{self.code or 'an answer'} ({self.field}): {self.response}"


class Driver(Protocol):
    """Runs operations of the bookstore over one API."""

    name: str

    def run(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        """Run one; what is refused is an answer too."""


def snake(name: str) -> str:
    """`publicationDate` as `publication_date`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", name)


def camel(name: str) -> str:
    """`publication_date` as `publicationDate`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def neutral_field(field: str | None) -> str | None:
    """A blamed field without what only one API has in front of it, or a header as a member."""
    return _ARGUMENTS.sub("", snake(field)).replace("-", "_").lower() if field else None


def neutral_text(message: str) -> str:
    """A message as both APIs would say it."""
    # In a path or a query every value is text; for GraphQL's Float every number has a point.
    text = _ARGUMENTS.sub("", snake(message)).replace("'", "")
    return re.sub(r"(got -?\d+)\.0\b", r"\1", text)


def renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """The value with all its member names renamed."""
    if isinstance(value, dict):
        return {rename(name): renamed(member, rename) for name, member in value.items()}
    if isinstance(value, list):
        return [renamed(member, rename) for member in value]
    return value
