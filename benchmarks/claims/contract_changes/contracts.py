"""The contracts that copies of the servers tell: what clients are generated from."""

from typing import Any, Final

import requests
from graphql import build_client_schema, build_schema, get_introspection_query, parse, print_schema
from graphql import validate as validation_errors
from graphql.validation import NoDeprecatedCustomRule

from benchmarks.claims.contract_changes.by_hand import LIMIT_S
from benchmarks.claims.contract_changes.programs import QUERY

Part = dict[str, Any]
_CALLED: Final = ("get_customer", "list_orders_of_customer", "list_books")  # by the pages


def openapi(url: str) -> Part:
    """The document of a REST server, with the operations that the pages call.

    Generating a client of all operations takes longer.
    """
    document: Part = requests.get(f"{url}/openapi.json", timeout=LIMIT_S).json()
    document["paths"] = {
        path: {method: one for method, one in item.items() if one["operationId"] in _CALLED}
        for path, item in document["paths"].items()
    }
    document["paths"] = {path: item for path, item in document["paths"].items() if item}
    needed = _needed(document)
    document["components"] = {
        kind: {name: one for name, one in members.items() if (kind, name) in needed}
        for kind, members in document["components"].items()
    }
    return document


def _needed(document: Part) -> set[tuple[str, str]]:
    """The components that the paths refer to, directly or by others: kind and name."""
    needed: set[tuple[str, str]] = set()
    looked_at: list[Any] = [document["paths"]]
    while looked_at:
        part = looked_at.pop()
        values = part.values() if isinstance(part, dict) else part
        looked_at += [value for value in values if isinstance(value, dict | list)]
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            _, _, kind, name = part["$ref"].split("/")
            if (kind, name) not in needed:
                needed.add((kind, name))
                looked_at.append(document["components"][kind][name])
    return needed


def schema(url: str) -> str:
    """The schema of a GraphQL server in its own language, by its introspection."""
    query = get_introspection_query(input_value_deprecation=True)
    answer = requests.post(f"{url}/graphql/dataloader", json={"query": query}, timeout=LIMIT_S)
    return print_schema(build_client_schema(answer.json()["data"]))


def deprecations_of_query(text: str) -> list[str]:
    """What a check of the page's query for deprecated fields finds, by the schema's text."""
    found = validation_errors(build_schema(text), parse(QUERY), [NoDeprecatedCustomRule])
    return [error.message for error in found]
