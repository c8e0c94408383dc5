"""What is found when a contract changes under a client that does not: in data, not in words."""

import ast
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client_examples.type_safety import contracts, pages
from client_examples.type_safety.tools import (
    CODEGEN_PYTHON,
    REST_TYPES,
    ToolFailed,
    generate_graphql_types,
    generate_rest_types,
    prepare_codegen,
    type_errors,
)

REST_PROGRAM, GRAPHQL_PROGRAM = "rest_page.py", "graphql_page.py"


@dataclass(frozen=True)
class Finding:
    """What is said of one API's page.

    Attributes:
        unchanged: mypy's errors before anything changes.
        generator: what the generator says of the changed contract, None where it accepts it.
        renamed: mypy's errors with types made of the changed contract.
        selected: mypy's errors in reading one member that was asked for, and one that was not.
        deprecated: what the generator says or writes of a deprecated field.
        deprecated_errors: mypy's errors in reading it.
    """

    unchanged: list[str]
    generator: str | None
    renamed: list[str]
    selected: list[str]
    deprecated: str
    deprecated_errors: list[str]


def rest_finding(openapi: dict[str, Any]) -> Finding:
    """REST, by types made of the OpenAPI document."""
    with _folders() as (before, after, _):
        generate_rest_types(openapi, before)
        generate_rest_types(contracts.renamed_openapi(openapi), after)
        return Finding(
            unchanged=type_errors(pages.REST, REST_PROGRAM, before, sys.executable),
            generator=None,
            renamed=type_errors(pages.REST, REST_PROGRAM, after, sys.executable),
            selected=type_errors(pages.REST_SELECTED, REST_PROGRAM, before, sys.executable),
            deprecated=_member(before / f"{REST_TYPES}.py", "OrderSummary", "item_count"),
            deprecated_errors=type_errors(
                pages.REST_DEPRECATED, REST_PROGRAM, before, sys.executable
            ),
        )


def graphql_finding() -> Finding:
    """GraphQL, by a client made of the schema and the screens' queries."""
    prepare_codegen()
    schema, queries = contracts.SCHEMA.read_text(), contracts.screens_queries()
    renamed = contracts.renamed_schema(schema)
    with _folders() as (before, after, asking):
        generate_graphql_types(schema, queries, before)
        refused = None
        try:
            generate_graphql_types(renamed, queries, after)
        except ToolFailed as error:
            refused = str(error)
            generate_graphql_types(renamed, contracts.corrected_queries(queries), after)
        program = pages.GRAPHQL
        warned = generate_graphql_types(schema, pages.DEPRECATED_QUERY, asking)
        return Finding(
            unchanged=type_errors(program, GRAPHQL_PROGRAM, before, CODEGEN_PYTHON),
            generator=refused,
            renamed=type_errors(program, GRAPHQL_PROGRAM, after, CODEGEN_PYTHON),
            selected=type_errors(pages.GRAPHQL_SELECTED, GRAPHQL_PROGRAM, before, CODEGEN_PYTHON),
            deprecated="\n".join(warned),
            deprecated_errors=type_errors(
                pages.GRAPHQL_DEPRECATED, GRAPHQL_PROGRAM, asking, CODEGEN_PYTHON
            ),
        )


@contextmanager
def _folders() -> Iterator[tuple[Path, Path, Path]]:
    """One for the contract as it is, one for its changed copy, one for other queries."""
    with tempfile.TemporaryDirectory() as folder:
        before, after, asking = (Path(folder, name) for name in ("before", "after", "asking"))
        for each in (before, after, asking):
            each.mkdir()
        yield before, after, asking


def _member(types: Path, model: str, name: str) -> str:
    """The lines of a generated module that declare a member of a model."""
    text = types.read_text()
    body = next(
        one for one in ast.parse(text).body if isinstance(one, ast.ClassDef) and one.name == model
    ).body
    found = next(
        one
        for one in body
        if isinstance(one, ast.AnnAssign)
        and isinstance(one.target, ast.Name)
        and one.target.id == name
    )
    lines = text.splitlines()[found.lineno - 1 : found.end_lineno]
    return textwrap.dedent("\n".join(lines))
