"""Operations over GraphQL."""

from collections.abc import Mapping
from typing import Any

from tests.contract.answer import Answer, camel, neutral_field, renamed, snake
from tests.exchange import Client, Response

_RESOURCES = ("author", "book", "customer", "order")
_FILTERS = {
    "list_books": ("author_id", "genre", "min_price", "max_price", "search"),
    "list_orders": ("customer_id", "status"),
}
_PAGE = {"sort": "{}Sort", "limit": "Int!", "offset": "Int!"}
_NESTED = {"list_books_of_author": "author", "list_orders_of_customer": "customer"}

# By operation: its kind, its field, and the types of its arguments.
OPERATIONS: dict[str, tuple[str, str, dict[str, str]]] = {
    **{
        f"list_{name}s": (
            "query",
            f"{name}s",
            {"ids": "[Int!]", "filter": f"{name.title()}Filter", **_PAGE},
        )
        for name in _RESOURCES
    },
    **{f"get_{name}": ("query", name, {"id": "Int!"}) for name in _RESOURCES},
    **{
        f"create_{name}": ("mutation", f"create{name.title()}", {"input": f"{name.title()}Create!"})
        for name in _RESOURCES[:3]
    },
    **{
        f"{verb}_{name}": (
            "mutation",
            f"update{name.title()}",
            {"id": "Int!", "input": f"{name.title()}Update!"},
        )
        for name in _RESOURCES[:3]
        for verb in ("update", "replace")
    },
    **{
        f"delete_{name}": ("mutation", f"delete{name.title()}", {"id": "Int!"})
        for name in _RESOURCES
    },
    "search_books": (
        "query",
        "searchBooks",
        {"query": "String!", "limit": "Int!", "offset": "Int!"},
    ),
    "list_books_of_author": ("query", "author", {"id": "Int!"}),
    "list_orders_of_customer": ("query", "customer", {"id": "Int!"}),
    "place_order": ("mutation", "placeOrder", {"input": "OrderCreate!"}),
    "set_order_status": (
        "mutation",
        "setOrderStatus",
        {"id": "Int!", "status": "OrderStatus!"},
    ),
}
# The members of REST's representations, which the driver asks for where a case names none.
FULL = {
    "author": "id,name,email,bio",
    "book": "id,title,isbn,price,publication_date,author_id,genre,description,stock",
    "customer": "id,name,email,phone,address",
    "order": "id,customer_id,order_date,status,total_amount,items",
    "item": "book_id,quantity,price",
    "summary": "id,order_date,status,total_amount,item_count",
}
# REST's PUT is an update that gives every member.
_LEFT_OUT = {
    "author": {"name": None, "email": None, "bio": None},
    "book": dict.fromkeys(FULL["book"].split(",")[1:]) | {"stock": 0},
    "customer": {"name": None, "email": None, "phone": None, "address": None},
}
_ENTITIES = {"author": "author", "book": "book", "books": "book", "customer": "customer",
             "orders": "order", "items": "item"}  # fmt: skip


class GraphqlDriver:
    """Arguments go as variables; `fields` becomes the selection."""

    def __init__(self, client: Client, endpoint: str = "/graphql", name: str = "graphql") -> None:
        self.client = client
        self.endpoint = endpoint
        self.name = name

    def run(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        response = self.client.post(self.endpoint, request_of(operation, arguments))
        answer = read(response)
        if answer.code:
            return answer
        _, field, _ = OPERATIONS[operation]
        value = renamed(answer.value[field], snake)
        if value is None:
            return Answer(None, response, "NOT_FOUND")
        if operation in _NESTED:
            value = value["books" if "books" in value else "orders"]
        if operation.startswith("delete_"):
            assert value == arguments["id"], response
            value = None
        return Answer(value, response)


def read(response: Response) -> Answer:
    """Data, or the first error, as an answer; names in `value` stay as they are."""
    assert response.status < 500, response
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
    )


def request_of(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the request: the operation as a document, its arguments as variables."""
    kind, field, types = OPERATIONS[operation]
    left = _in_place(operation, dict(arguments))
    chosen = selection(_entity(operation), left.pop("fields", None))
    given = {camel(name): renamed(value, camel) for name, value in left.items()}
    nested = {}
    if operation in _NESTED:
        types = {"id": "Int!", **_types(operation)}
        nested = {name: given[name] for name in given if name != "id"}
        inner = "books" if operation == "list_books_of_author" else "orders"
        chosen = f"{{ {inner}{_passed(nested)} {chosen} }}"
    own = {name: value for name, value in given.items() if name not in nested}
    if operation.startswith("delete_"):
        chosen = ""
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
        target = _ENTITIES.get(name)
        if target:
            inner = _written(below, target) if below else selection(target)
            parts.append(f"{camel(name)} {inner}")
        else:
            parts.append(camel(name) + (_written(below, name) if below else ""))
    return "{ " + " ".join(parts) + " }"


def _in_place(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """REST's arguments where GraphQL has them."""
    filters = {n: arguments.pop(n) for n in _FILTERS.get(operation, ()) if n in arguments}
    if filters:
        arguments["filter"] = filters
    if isinstance(arguments.get("sort"), str):
        arguments["sort"] = _sort(arguments["sort"])
    if "values" in arguments:
        values = arguments.pop("values")
        if operation.startswith("replace_"):
            values = {**_LEFT_OUT[operation.removeprefix("replace_")], **values}
        arguments["input"] = values
    return arguments


def _sort(key: str) -> str:
    return f"{key[1:]}_DESC".upper() if key.startswith("-") else key.upper()


def _types(operation: str) -> dict[str, str]:
    if not operation.startswith("list_"):
        return {}
    entity = _entity(operation).replace("summary", "order")
    return {name: kind.format(entity.title()) for name, kind in _PAGE.items()}


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
