"""GraphQL documents as text: what they hold, and how one is made of a field and its arguments."""

import re
from typing import TypeAlias

Argument: TypeAlias = tuple[str, object]  # its type in the schema, and its value


def has_mutation(document: str) -> bool:
    """Whether a document holds a mutation: the word outside of braces, strings and comments."""
    outside = re.sub(r'"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|#[^\n]*', " ", document)
    nested = re.compile(r"\{[^{}]*\}|\([^()]*\)")
    while nested.search(outside):
        outside = nested.sub(" ; ", outside)
    return re.search(r"\bmutation\b", outside) is not None


def operation(
    kind: str, field: str, selection: str, arguments: dict[str, Argument]
) -> tuple[str, dict[str, object]]:
    """A document of one field and its variables, with those arguments that are not None."""
    used = {name: pair for name, pair in arguments.items() if pair[1] is not None}
    declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in used.items())
    passed = ", ".join(f"{name}: ${name}" for name in used)
    head, call = (f"{kind}({declared})", f"{field}({passed})") if used else (kind, field)
    variables = {name: value for name, (_, value) in used.items()}
    return f"{head} {{ {' '.join(filter(None, (call, selection)))} }}", variables
