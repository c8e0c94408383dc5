"""From pydantic's errors to the bookstore's: one wording for both APIs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.errors import ValidationFailed, Violation
from shared.values import printable, shown

Model = TypeVar("Model", bound=BaseModel)

_MOST = 50  # violations that one error names: a body may have a hundred thousand of them


def validated(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values as a model.

    Raises:
        ValidationFailed: naming every value that breaks a rule.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ValidationFailed(violations(error, model)) from None


def violations(error: ValidationError, model: type[BaseModel] | None = None) -> list[Violation]:
    """The broken rules of a pydantic error; `model` lets an unknown member name the known ones."""
    errors = error.errors(include_url=False)[:_MOST]
    return [Violation(_path(e), _rule(e, model)) for e in errors]


def _path(error: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(printable(part) if isinstance(part, str) else part for part in error["loc"])


def _rule(error: ErrorDetails, model: type[BaseModel] | None) -> str:
    if error["type"] == "bookstore_rule":
        return str(error["ctx"]["rule"])
    if error["type"] == "extra_forbidden":
        known = ", ".join(model.model_fields) if model and len(error["loc"]) == 1 else ""
        return f"is not known here{f': known are {known}' if known else ''}"
    rule = _RULES.get(error["type"])
    if rule:
        return rule(error.get("ctx", {}), error["input"])
    return f"is not right: {error['msg']}, got {shown(error['input'])}"


_Rule = Callable[[Mapping[str, Any], Any], str]

_RULES: dict[str, _Rule] = {
    "missing": lambda _, __: "is required",
    "model_type": lambda _, value: f"must be an object, got {shown(value)}",
    "model_attributes_type": lambda _, value: f"must be an object, got {shown(value)}",
    "dict_type": lambda _, value: f"must be an object, got {shown(value)}",
    "list_type": lambda _, value: f"must be a list, got {shown(value)}",
    "too_short": lambda c, _: f"must have at least {c['min_length']}, got {c['actual_length']}",
    "too_long": lambda c, _: f"must have at most {c['max_length']}, got {c['actual_length']}",
    "enum": lambda c, value: f"must be one of {c['expected']}, got {shown(value)}",
    "literal_error": lambda c, value: f"must be one of {c['expected']}, got {shown(value)}",
    "string_unicode": lambda _, value: f"must have no lone surrogates, got {shown(value)}",
    "int_parsing_size": lambda _, value: f"must be a smaller number, got {shown(value)}",
}
