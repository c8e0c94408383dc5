"""From pydantic's errors to the bookstore's: one wording for both APIs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.rules.values import printable, shown

Model = TypeVar("Model", bound=BaseModel)

_MANY: Final = 100  # members of an object, and of a list: more than any input has


def validated(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The values as a model.

    Raises:
        ValidationFailed: naming every value that breaks a rule.
    """
    try:
        return model.model_validate(_bounded(values, _members(model)))
    except ValidationError as error:
        raise ValidationFailed(violations(error, model)) from None


@cache
def _members(model: type[BaseModel]) -> frozenset[str]:
    """The names that a model has, and those within it."""
    names = set(model.model_fields)
    waiting: list[Any] = [field.annotation for field in model.model_fields.values()]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= _members(kind)
        waiting.extend(get_args(kind))
    return frozenset(names)


def _bounded(value: Any, members: frozenset[str]) -> Any:
    """The value with at most as many unknown members per object as one error names.

    pydantic makes an error for each of them: 175 ms for 900 KB of unknown members.
    """
    if isinstance(value, dict):
        if len(value) > _MANY:
            unknown = islice((n for n in value if n not in members), limits.MAX_VIOLATIONS)
            value = {name: value[name] for name in (*members, *unknown) if name in value}
        for name, below in value.items():
            if isinstance(below, list | dict):
                value = {**value, name: _bounded(below, members)}
    elif isinstance(value, list):  # items that come later make it too long
        value = [*(_bounded(one, members) for one in value[:_MANY]), *value[_MANY:]]
    return value


def violations(error: ValidationError, model: type[BaseModel] | None = None) -> list[Violation]:
    """The broken rules of a pydantic error; `model` lets an unknown member name the known ones."""
    errors = error.errors(include_url=False)[: limits.MAX_VIOLATIONS]
    return [Violation(_path(e), _rule(e, model)) for e in errors]


def _path(error: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(printable(part) if isinstance(part, str) else part for part in error["loc"])


def _rule(error: ErrorDetails, model: type[BaseModel] | None) -> str:
    if error["type"] == "bookstore_rule":
        return str(error["ctx"]["rule"])
    if error["type"] == "extra_forbidden":
        owner, name = _model_at(model, error["loc"][:-1]), error["loc"][-1]
        if name in getattr(owner, "by_server", ()):
            return "is given by the server: leave it out"
        return unknown(owner.model_fields if owner else ())
    rule = _RULES.get(error["type"])
    if rule:
        return rule(error.get("ctx", {}), error["input"])
    return f"is not right: {error['msg']}, got {shown(error['input'])}"


def unknown(known: Iterable[str], right: str = "") -> str:
    """The rule that an unknown name breaks.

    Args:
        known: the names that are known.
        right: what was perhaps meant, spelt rightly.
    """
    names = ", ".join(known)
    texts = [f"{right} would be right" if right else "", f"known are {names}" if names else ""]
    told = "; ".join(filter(None, texts))
    return f"is not known here{f': {told}' if told else ''}"


def _model_at(model: type[BaseModel] | None, path: Sequence[str | int]) -> type[BaseModel] | None:
    """The model of what lies at this path of another."""
    for part in path:
        if isinstance(part, str) and model:  # a position in a list leads to its one kind
            field = model.model_fields.get(part)
            kinds = [field.annotation, *get_args(field.annotation)] if field else []
            inner = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
            model = inner[0] if inner else None
    return model


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
