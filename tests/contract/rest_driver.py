"""Operations over REST."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tests.contract.answer import Answer, neutral_field
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
    **{f"page_{name}s": ("GET", f"/{name}s") for name in _RESOURCES},
    "list_books_of_author": ("GET", "/authors/{id}/books"),
    "list_orders_of_customer": ("GET", "/customers/{id}/orders"),
    "place_order": ("POST", "/orders"),
    "set_order_status": ("PATCH", "/orders/{id}"),
}
STATUS = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


_ETAG = re.compile(r'"(?P<instance>.+)-author-1-\d+-(?P<mark>[^-]+)"')
_NEXT = re.compile(r'<([^>]*)>;\s*rel="next"')


class RestDriver:
    """`id` goes into the path, `fields` into the query, `values` into the body, and into headers
    `version`, `key` and `token`.
    """

    name = "rest"

    def __init__(self, client: Client) -> None:
        self.client = client

    def run(self, operation: str, arguments: Mapping[str, Any]) -> Answer:
        method, path = ROUTES[operation]
        left = dict(arguments)
        headers = self._headers(operation, left)
        path = path.replace("{id}", quote(str(left.pop("id", "")), safe=""))
        body = left.pop("values", None)
        if operation == "set_order_status":
            body = {"status": left.pop("status")}
        if operation == "search_books":
            left["search"] = left.pop("query")
        if operation.startswith("page_"):
            left.setdefault("after", "")
        query = {name: _in_query(value) for name, value in left.items()}
        response = self.client.request(method, path, query=query, json_body=body, headers=headers)
        if response.status != STATUS[method]:
            return refusal(response)
        value = response.json if response.body else None
        if operation.startswith("page_"):
            value = {"records": value, "next": _next_cursor(response)}
        return Answer(value, response)

    def _headers(self, operation: str, arguments: dict[str, Any]) -> dict[str, str]:
        """What goes into headers, taken out of the arguments."""
        headers = {}
        if "version" in arguments:
            version, row_id = arguments.pop("version"), arguments["id"]
            headers["If-Match"] = self._etag(operation, row_id, version)
        if "key" in arguments:
            headers["Idempotency-Key"] = arguments.pop("key")
        if "token" in arguments:
            headers["Authorization"] = f"Bearer {arguments.pop('token')}"
        return headers

    def _etag(self, operation: str, row_id: int, version: int) -> str:
        """The tag of this version, as the server would have given it."""
        given = self.client.get("/authors/1").headers["etag"]
        found = _ETAG.fullmatch(given)
        assert found, given
        entity = "order" if operation == "set_order_status" else operation.partition("_")[2]
        return f'"{found["instance"]}-{entity}-{row_id}-{version}-{found["mark"]}"'


def refusal(response: Response) -> Answer:
    """A problem document as an answer."""
    assert response.media_type == "application/problem+json", response
    document = response.json
    assert document["status"] == response.status, response
    first = document.get("errors", [{}])[0]
    return Answer(
        None,
        response,
        document["code"],
        neutral_field(first.get("field")),
        document["detail"],
        document.get("cost"),
        document.get("limit"),
    )


def _next_cursor(response: Response) -> str | None:
    """The cursor that the next page begins behind."""
    found = _NEXT.search(response.headers.get("link", ""))
    return parse_qs(urlsplit(found[1]).query)["after"][0] if found else None


def _in_query(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_in_query, value))
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
