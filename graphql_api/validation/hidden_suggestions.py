"""Hides schema names in value errors when introspection is off."""

from collections.abc import Iterable
from typing import Final

from shared.errors import Violation

# The wordings of the rules of `value_errors`, by which they are recognised here.
UNKNOWN: Final = "is not known here"
REQUIRED: Final = "is required"
ONE_OF: Final = "must be one of "
GOT: Final = ", got "


def discreet(found: Iterable[Violation]) -> list[Violation]:
    """The same violations without the names that would be right.

    Of missing members only the first is named: without it nobody could use the API.
    """
    shown, is_missing = [], False
    for violation in found:
        path, rule = violation.path, violation.rule
        if rule.startswith(UNKNOWN):
            shown.append(Violation(path, UNKNOWN))
        elif rule.startswith(ONE_OF):
            shown.append(Violation(path, f"is no value of its type: {rule.partition(GOT)[2]}"))
        elif rule != REQUIRED or not is_missing:
            shown.append(violation)
            is_missing = is_missing or rule == REQUIRED
    return shown
