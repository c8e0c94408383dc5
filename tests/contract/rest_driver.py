"""Operations over REST."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.contract.answer import Answer
from tests.exchange import Client, Response

_RESOURCES = ("author", "book", "customer", "order")
ROUTES: dict[str, tuple[str, str]] = {
    **{f"list_{name}s": ("GET", f"/{name}s") for name in _RESOURCES},
    **{f"get_{name}": ("GET", f"/{name}s/{{id}}") for name in _RESOURCES},
    **{f"create_{name}": ("POST", f"/{name}s") for name in _RESOURCES[:3]},
    **{f"replace_{name}": ("PUT", f"/{name}s/{{id}}") for name in _RESOURCES[:3]},
    **{f"update_{name}": ("PATCH", f"/{name}s/{{id}}") for name in _RESOURCES[:3]},
    **{f"delete_{name}": ("DELETE", f"/{name}s/{{id}}") for name in _RESOURCES},
    "search_books": ("GET", "/books"),
    "list_books_of_author": ("GET", "/authors/{id}/books"),
    "list_orders_of_customer": ("GET", "/customers/{id}/orders"),
    "place_order": ("POST", "/orders"),
    "set_order_status": ("PATCH", "/orders/{id}"),
}
STATUS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


class RestDriver:
    """`id` goes into the path, `fields` into the query, `values` into the body."""

    name = "rest"

    def __init__(self, client: Client) -> None:
        self.client = client

    def run(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        method, path = ROUTES[operation]
        left = dict(arguments)
        path = path.replace("{id}", quote(str(left.pop("id", "")), safe=""))
        body = left.pop("values", None)
        if operation == "set_order_status":
            body = {"status": left.pop("status")}
        if operation == "search_books":
            left["search"] = left.pop("query")
        query = {name: _in_query(value) for name, value in left.items()}
        response = self.client.request(method, path, query=query, json_body=body)
        if response.status == STATUS[method]:
            return Answer(response.json if response.body else None, response)
        return refusal(response)


def refusal(response: Response) -> Answer:
    """A problem document as an answer."""
    assert response.media_type == "application/problem+json", response
    document = response.json
    assert document["status"] == response.status, response
    first = document.get("errors", [{}])[0]
    return Answer(None, response, document["code"], first.get("field"), document["detail"])


def _in_query(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_in_query, value))
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
