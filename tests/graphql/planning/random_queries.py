"""Random queries that are valid: what both ways to execute one are compared by."""

import random
from typing import Any

from graphql import (
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

ARGUMENTS = {
    "id": lambda r: str(r.choice([1, 2, 7, 999_999])),
    "ids": lambda r: str(r.sample(range(1, 30), 3)),
    "first": lambda r: str(r.randint(1, 3)),
    "limit": lambda r: str(r.randint(1, 3)),
    "offset": lambda r: str(r.randint(0, 2)),
    "query": lambda r: '"python"',
}


def written(random: random.Random, type_: GraphQLObjectType, depth: int) -> str:
    """A random selection set: with aliases, fragments, directives, and fields that merge."""
    parts = []
    fields = sorted(type_.fields.items())
    for name, field in random.sample(fields, min(4, len(fields))):
        inner = get_named_type(field.type)
        alias = random.choice(["", "", f"{name}Again: "])
        if is_leaf_type(inner):
            directive = random.choice(["", "", "", " @skip(if: true)", " @include(if: true)"])
            parts.append(f"{alias}{name}{directive}")
        elif depth:
            assert isinstance(inner, GraphQLObjectType)
            below = written(random, inner, depth - 1)
            parts.append(f"{alias}{name}{_arguments(random, field)} {below}")
    parts.append("__typename")
    text = " ".join(parts)
    if random.random() < 0.3:
        text = f"... on {type_.name} {{ {text} }} {text}"
    return f"{{ {text} }}"


def _arguments(random: random.Random, field: Any) -> str:
    given = [
        f"{name}: {ARGUMENTS[name](random)}"
        for name, argument in field.args.items()
        if name in ARGUMENTS
        and (is_required_argument(argument) or (random.random() < 0.5 and name != "ids"))
    ]
    if is_list_type(getattr(field.type, "of_type", None)) and "limit" in field.args:
        given = [g for g in given if not g.startswith("limit")] + [f"limit: {random.randint(1, 3)}"]
    return f"({', '.join(given)})" if given else ""
