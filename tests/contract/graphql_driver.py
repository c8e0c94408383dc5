"""Operations over GraphQL."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.contract.answer import Answer, camel, neutral_field, renamed, snake
from tests.contract.graphql_operations import (
    ENTITIES,
    FILTERS,
    FULL,
    LEFT_OUT,
    NAMES,
    NESTED,
    OPERATIONS,
    PAGE,
    PAGE_INFO,
)
from tests.exchange import Client, Response


class GraphqlDriver:
    """Arguments go as variables; `fields` becomes the selection."""

    def __init__(self, client: Client, endpoint: str = "/graphql", name: str = "graphql") -> None:
        self.client = client
        self.endpoint = endpoint
        self.name = name

    def run(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        left = dict(arguments)
        token = left.pop("token", None)
        response = self.client.request(
            "POST",
            self.endpoint,
            json_body=request_of(operation, left),
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
        )
        answer = read(response)
        if answer.code:
            return _in_words_of_rest(operation, answer)
        _, field, _ = OPERATIONS[operation]
        value = renamed(answer.value[field], snake)
        if value is None:
            return Answer(None, response, "NOT_FOUND")
        if operation in NESTED:
            value = value["books" if "books" in value else "orders"]
        if operation.startswith("page_"):
            value = _page(value, left)
        if operation.startswith("delete_"):
            assert value == arguments["id"], response
            value = None
        return Answer(value, response)


def read(response: Response) -> Answer:
    """Data, or the first error, as an answer; names in `value` stay as they are."""
    assert response.status < 500 or response.status == 503, response
    document = response.json
    assert document.keys() & {"data", "errors"}, response
    if "errors" not in document:
        return Answer(document["data"], response)
    assert document["errors"], response
    for error in document["errors"]:
        assert error["extensions"]["code"], response
    first = document["errors"][0]
    extensions = first["extensions"]
    return Answer(
        document.get("data"),
        response,
        extensions["code"],
        neutral_field(extensions.get("field")),
        first["message"],
        extensions.get("cost"),
        extensions.get("limit"),
    )


def _in_words_of_rest(operation: str, refused: Answer) -> Answer:
    """A page by cursors has a `first` where REST has its `limit`."""
    if not operation.startswith("page_") or refused.field != "first":
        return refused
    message = refused.message.replace("first ", "limit ", 1)
    return replace(refused, field="limit", message=message)


def _page(connection: Any, arguments: Mapping[str, Any]) -> Any:
    """A connection as its records and the cursor that the next page begins behind."""
    cursors = [edge["cursor"] for edge in connection["edges"]]
    info = connection["page_info"]
    assert info["start_cursor"] == (cursors[0] if cursors else None)
    assert info["end_cursor"] == (cursors[-1] if cursors else None)
    assert info["has_previous_page"] == bool(arguments.get("after"))
    records = [edge["node"] for edge in connection["edges"]]
    return {"records": records, "next": info["end_cursor"] if info["has_next_page"] else None}


def request_of(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the request: the operation as a document, its arguments as variables."""
    kind, field, types = OPERATIONS[operation]
    left = _in_place(operation, dict(arguments))
    chosen = selection(_entity(operation), left.pop("fields", None))
    given = {camel(name): renamed(value, camel) for name, value in left.items()}
    nested = {}
    if operation in NESTED:
        types = {"id": "Int!", **_types(operation)}
        nested = {name: given[name] for name in given if name != "id"}
        inner = "books" if operation == "list_books_of_author" else "orders"
        chosen = f"{{ {inner}{_passed(nested)} {chosen} }}"
    own = {name: value for name, value in given.items() if name not in nested}
    if operation.startswith("delete_"):
        chosen = ""
    if operation.startswith("page_"):
        chosen = f"{{ edges {{ cursor node {chosen} }} {PAGE_INFO} }}"
    types = {**types, **_types(operation)}
    declared = ", ".join(f"${name}: {types[name]}" for name in given)
    head = f"{kind}({declared})" if declared else kind
    return {
        "query": f"{head} {{ {field}{_passed(own)} {chosen} }}",
        "variables": given,
    }


def selection(entity: str, fields: str | None = None) -> str:
    """Dotted paths as a selection set; those that end in a relation mean all of its members."""
    tree: dict[str, Any] = {}
    for path in (fields or FULL[entity]).split(","):
        below, names = tree, path.strip().split(".")
        for name in names:
            below = below.setdefault(name, {})
    return _written(tree, entity)


def _written(tree: dict[str, Any], entity: str) -> str:
    parts = []
    for name, below in tree.items():
        target = ENTITIES.get(name)
        if target:
            inner = _written(below, target) if below else selection(target)
            parts.append(f"{camel(name)} {inner}")
        else:
            parts.append(camel(name) + (_written(below, name) if below else ""))
    return "{ " + " ".join(parts) + " }"


def _in_place(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """REST's arguments where GraphQL has them."""
    arguments = {NAMES.get(name, name): value for name, value in arguments.items()}
    if operation.startswith("page_") and "limit" in arguments:
        arguments["first"] = arguments.pop("limit")
    filters = {n: arguments.pop(n) for n in FILTERS.get(operation, ()) if n in arguments}
    if filters:
        arguments["filter"] = filters
    if isinstance(arguments.get("sort"), str):
        arguments["sort"] = _sort(arguments["sort"])
    if "values" in arguments:
        values = arguments.pop("values")
        if operation.startswith("replace_"):
            values = {**LEFT_OUT[operation.removeprefix("replace_")], **values}
        arguments["input"] = values
    return arguments


def _sort(key: str) -> str:
    return f"{key[1:]}_DESC".upper() if key.startswith("-") else key.upper()


def _types(operation: str) -> dict[str, str]:
    if not operation.startswith(("list_", "page_")):
        return {}
    entity = _entity(operation).replace("summary", "order")
    return {name: kind.format(entity.title()) for name, kind in PAGE.items()}


def _entity(operation: str) -> str:
    if operation == "list_orders_of_customer":
        return "summary"
    if operation in ("list_books_of_author", "search_books"):
        return "book"
    if operation in ("place_order", "set_order_status"):
        return "order"
    return operation.partition("_")[2].removesuffix("s")


def _passed(arguments: Mapping[str, Any]) -> str:
    return f"({', '.join(f'{name}: ${name}' for name in arguments)})" if arguments else ""
