"""Exchanges whose heads are given line by line, the paths of both servers, and their errors."""

import socket
from contextlib import closing
from http.client import HTTPResponse

import pytest

from tests.contract.test_both import client
from tests.exchange import Response, together
from tests.fixtures import Pair
from tests.waiting import LIMIT_S

JSON = "application/json"
PATHS = {
    "rest": [
        *("/", "/ping", "/health", "/openapi.json", "/docs", "/docs/start.js", "/books"),
        *("/books/1", "/authors/1/books", "/customers/1/orders", "/orders/1/events"),
        *("/problems/not-found", "/docs/css/swagger-ui.css"),
    ],
    "graphql": [
        *("/", "/ping", "/health", "/schema.graphql", "/graphiql/start.js"),
        *("/graphql?query={__typename}", "/graphql/planned?query={__typename}"),
        *("/graphql/dataloader?query={__typename}", "/graphql/unbatched?query={__typename}"),
    ],
}
EACH_PATH = pytest.mark.parametrize(
    ("api", "path"), [(api, path) for api, paths in PATHS.items() for path in paths]
)
BODY = {
    "rest": ("/orders", b'{"customer_id": 1, "items": [{"book_id": 900, "quantity": 1}]}'),
    "graphql": ("/graphql", b'{"query": "{ __typename }"}'),
}


def asked(pair: Pair, api: str, method: str, path: str, *lines: str, body: bytes = b"") -> Response:
    """An exchange whose head has exactly these lines, and `Connection: close`."""
    host, port = client(pair, api).base_url.removeprefix("http://").split(":")
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
    with closing(socket.create_connection((host, int(port)), timeout=LIMIT_S)) as connection:
        connection.sendall(head.encode("latin-1") + body)
        answer = HTTPResponse(connection, method=method)
        answer.begin()
        return Response(answer.status, together(answer), answer.read())


def error(answer: Response, api: str) -> tuple[int, str, str | None]:
    """Status, code and field of an error's document."""
    if api == "rest":
        assert answer.media_type == "application/problem+json"
        (blamed,) = answer.json.get("errors", [{"field": None}])
        return answer.status, answer.json["code"], blamed["field"]
    (entry,) = answer.json["errors"]
    return answer.status, entry["extensions"]["code"], entry["extensions"].get("field")
