"""The two contracts, and copies of them in which a book's `price` has another name."""

import copy
import pkgutil
import re
from importlib import import_module
from typing import Any

from client_examples.comparison import screens
from client_examples.type_safety.tools import ROOT

SCHEMA = ROOT / "graphql_api" / "schema.graphql"
OLD = "price"
NEW_REST, NEW_GRAPHQL = "unit_price", "unitPrice"
_SCHEMAS = ("Book", "BookSelection")  # what answers hold


def screens_queries() -> str:
    """The GraphQL documents of all screens."""
    names = [module.name for module in pkgutil.iter_modules(screens.__path__)]
    modules = [import_module(f"{screens.__name__}.{name}") for name in names]
    documents = [
        getattr(module, name, None) for module in modules for name in ("QUERY", "MUTATION")
    ]
    return "\n".join(document for document in documents if document)


def renamed_openapi(openapi: dict[str, Any]) -> dict[str, Any]:
    """A copy of the OpenAPI document with the other name."""
    renamed = copy.deepcopy(openapi)
    for name in _SCHEMAS:
        schema = renamed["components"]["schemas"][name]
        schema["properties"] = {
            NEW_REST if member == OLD else member: rule
            for member, rule in schema["properties"].items()
        }
        if "required" in schema:
            required = schema["required"]
            schema["required"] = [NEW_REST if member == OLD else member for member in required]
    return renamed


def renamed_schema(schema: str) -> str:
    """A copy of the GraphQL schema with the other name."""
    before, start, rest = schema.partition("\ntype Book {\n")
    fields, end, after = rest.partition("\n}\n")
    fields, times = re.subn(rf"^  {OLD}:", f"  {NEW_GRAPHQL}:", fields, flags=re.MULTILINE)
    assert times == 1, "the schema has one such field of a book"
    return before + start + fields + end + after


def corrected_queries(queries: str) -> str:
    """The screens' documents, asking for the new name; an order item's price is another one."""
    return re.sub(rf"\b(title|isbn) {OLD}\b", rf"\1 {NEW_GRAPHQL}", queries)
