"""Whether two views are the same JSON value, and if not, where they differ."""

import json
import math
from dataclasses import dataclass
from typing import Any

_ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """The first place where two views differ: a JSON path, and both values as JSON."""

    path: str
    left: str
    right: str

    @property
    def is_of_types(self) -> bool:
        """Whether one is a number and the other the same as text."""
        return f'"{self.left}"' == self.right or f'"{self.right}"' == self.left


def difference(left: Any, right: Any, path: str = "$") -> Difference | None:
    """The first difference of two JSON values, None where they are equal.

    Numbers are compared by value (30 is 30.0), lists with their order, objects without;
    true is not 1.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        names = [*left, *(name for name in right if name not in left)]
        pairs = [
            (f"{path}.{name}", left.get(name, _ABSENT), right.get(name, _ABSENT)) for name in names
        ]
    elif isinstance(left, list) and isinstance(right, list):
        longest = range(max(len(left), len(right)))
        pairs = [(f"{path}[{index}]", _at(left, index), _at(right, index)) for index in longest]
    elif _same_scalar(left, right):
        return None
    else:
        return Difference(path, _shown(left), _shown(right))
    found = (difference(one, other, place) for place, one, other in pairs)
    return next((one for one in found if one is not None), None)


def no_json(value: Any, path: str = "$") -> str:
    """Where a view holds what is no JSON value, and what: `$.when is a date`; "" where nothing."""
    if isinstance(value, dict):
        wrong = next((name for name in value if not isinstance(name, str)), None)
        if wrong is not None:
            return f"{path} has the name {wrong!r}, a {type(wrong).__name__}"
        found = (no_json(one, f"{path}.{name}") for name, one in value.items())
    elif isinstance(value, list | tuple):
        found = (no_json(one, f"{path}[{index}]") for index, one in enumerate(value))
    elif isinstance(value, float) and not math.isfinite(value):
        return f"{path} is {value}"
    elif value is None or isinstance(value, str | int | float):
        return ""
    else:
        return f"{path} is a {type(value).__name__}"
    return next((one for one in found if one), "")


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else _ABSENT


def _same_scalar(left: Any, right: Any) -> bool:
    kinds = [
        bool
        if isinstance(value, bool)
        else float
        if isinstance(value, int | float)
        else type(value)
        for value in (left, right)
    ]
    return kinds[0] is kinds[1] and kinds[0] not in (dict, list) and bool(left == right)


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 200 else text[:199] + "…"
