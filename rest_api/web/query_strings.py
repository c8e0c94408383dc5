"""From a query string to its parameters: which there are, then how often, before their values."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl

from rest_api.web.problems import BadInput
from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.rules.validation import unknown
from shared.rules.values import printable

LISTS: Final = ("ids", "fields")  # given again, they add to what was given
_LONGEST: Final = 40  # characters of a name that may be meant for another
_BRACKETS: Final = re.compile(r"[][]+")


def query_values(text: str, known: Sequence[str]) -> dict[str, str]:
    """The parameters by their names.

    Args:
        text: the query string, as WSGI has it.
        known: the names that there are.

    Raises:
        BadInput: names that there are not, one that comes twice, or what is no UTF-8.
    """
    given: dict[str, list[str]] = {}
    for name, value in _pairs(text):
        given.setdefault(name, []).append(value)
    strange = islice((name for name in given if name not in known), limits.MAX_VIOLATIONS)
    wrong = [
        Violation((printable(name),), unknown(known, _meant(name, given[name], known)))
        for name in strange
    ]
    wrong += [
        Violation((printable(name),), "must be given once")
        for name, values in given.items()
        if len(values) > 1 and name in known and name not in LISTS
    ]
    if wrong:
        raise BadInput("query", ValidationFailed(wrong))
    return {name: ",".join(values) for name, values in given.items()}


def _meant(name: str, values: Sequence[str], known: Sequence[str]) -> str:
    """What is meant by `ids[]=1`, `filter[genre]=x`, `authorId=1`; empty if nobody can tell."""
    if len(name) > _LONGEST:
        return ""
    for part in _BRACKETS.split(name):
        snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", part).replace("-", "_").lower()
        for right in get_close_matches(snake, known, n=1, cutoff=0.75):
            text = ",".join(values) if right in LISTS else values[0]
            return printable(f"{right}={text}")
    return ""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The parameters. Halves of surrogate pairs pass: the rules of the values refuse them."""
    for name, value in parse_qsl(text, keep_blank_values=True, encoding="latin-1"):
        known = name.encode("latin-1").decode("utf-8", "backslashreplace")
        try:
            yield known, value.encode("latin-1").decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            violation = Violation((printable(known),), "must be UTF-8, percent-encoded")
            raise BadInput("query", ValidationFailed([violation])) from None
