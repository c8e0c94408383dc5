"""A proxy in front has the server below a prefix: links follow the way that a request came."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.rest.conftest import Maker

AUTHOR = {"name": "Somebody", "email": "somebody@example.org"}


@pytest.fixture(scope="module")
def behind(make: Maker) -> FlaskClient:
    """A server that a proxy has at https://localhost:8443/rest."""
    return make(
        rest_public_url="https://localhost:8443/rest", graphql_public_url="https://localhost:8443"
    )


@pytest.fixture(params=["", "/rest"], ids=["direct", "public"])
def prefix(request: pytest.FixtureRequest) -> str:
    """What paths, and so links, begin with."""
    return str(request.param)


def test_a_new_resource_is_below_the_prefix(behind: FlaskClient, prefix: str) -> None:
    author = {**AUTHOR, "email": f"somebody{len(prefix)}@example.org"}
    answer = behind.post(f"{prefix}/authors", json=author)
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert location == f"{prefix}/authors/{answer.json['id']}"  # type: ignore[index]
    assert behind.get(location).json == answer.json


def test_an_order_placed_again_is_where_it_was_asked_for(behind: FlaskClient, prefix: str) -> None:
    order = {"customer_id": 1, "items": [{"book_id": 2, "quantity": 1}]}
    keyed = {"Idempotency-Key": "the-same"}
    answer = behind.post(f"{prefix}/orders", json=order, headers=keyed)
    assert answer.headers["Location"] == f"{prefix}/orders/{answer.json['id']}"  # type: ignore[index]


@pytest.mark.parametrize("path", ["/books?limit=2&offset=2", "/books/?limit=2&offset=2",
                                  "/authors/1/books?limit=2&after="])  # fmt: skip
def test_pages_link_below_the_prefix(behind: FlaskClient, prefix: str, path: str) -> None:
    answer = behind.get(prefix + path)
    links = [link.partition(">")[0].strip(" <") for link in answer.headers["Link"].split(",")]
    assert len(links) >= 2
    for link in links:
        assert link.startswith(f"{prefix}/")
        assert behind.get(link).status_code == 200


def errors(behind: FlaskClient, prefix: str) -> list[TestResponse]:
    return [
        behind.get(f"{prefix}/nowhere"),
        behind.get(f"{prefix}/books/99999"),
        behind.get(f"{prefix}/books?limit=x"),
        behind.put(f"{prefix}/books"),
        behind.get(f"{prefix}/ping", headers={"Host": "evil.example"}),
    ]


def test_problems_lead_to_their_types(behind: FlaskClient, prefix: str) -> None:
    for answer in errors(behind, prefix):
        problem: dict[str, Any] = json.loads(answer.data)
        assert problem["type"].startswith(f"{prefix}/problems/")
        assert answer.content_length == len(answer.data)
        described = behind.get(problem["type"])
        assert described.json["type"] == problem["type"]  # type: ignore[index]
        assert described.json["code"] == problem["code"]  # type: ignore[index]


def test_deprecated_fields_lead_to_what_is_said_of_them(behind: FlaskClient, prefix: str) -> None:
    answer = behind.get(f"{prefix}/orders/1?fields=item_count")
    assert answer.headers["Link"] == f'<{prefix}/deprecations>; rel="deprecation"'
    assert behind.get(f"{prefix}/deprecations").json


def test_what_is_not_there_is_named_as_it_was_asked_for(behind: FlaskClient, prefix: str) -> None:
    detail = behind.get(f"{prefix}/nowhere").json["detail"]  # type: ignore[index]
    assert detail == (
        f"there is nothing at {prefix}/nowhere; {prefix}/openapi.json names what there is"
    )
    detail = behind.put(f"{prefix}/books").json["detail"]  # type: ignore[index]
    assert detail.startswith(f"{prefix}/books has no PUT")


def test_the_document_names_the_prefix(behind: FlaskClient, prefix: str) -> None:
    document = behind.get(f"{prefix}/openapi.json").json
    assert document
    (server,) = document["servers"]
    assert server["url"] == (prefix or "/")
    other = behind.get(f"{'' if prefix else '/rest'}/openapi.json")
    assert {**document, "servers": None} == {**other.json, "servers": None}  # type: ignore[dict-item]


def test_swagger_uis_files_are_below_the_prefix(behind: FlaskClient, prefix: str) -> None:
    page = behind.get(f"{prefix}/docs").text
    files = [part.partition('"')[0] for part in page.replace("src=", "href=").split('href="')[1:]]
    assert len(files) == 4
    for file in files:
        assert file.startswith(f"{prefix}/docs/")
        assert behind.get(file).status_code == 200


def test_the_start_page_leads_by_the_same_way(behind: FlaskClient, prefix: str) -> None:
    rest = "https://localhost:8443/rest" if prefix else "http://127.0.0.1:8000"
    graphql = "https://localhost:8443" if prefix else "http://127.0.0.1:8001"
    shown = behind.get(f"{prefix}/", headers={"Accept": "application/json"}).json
    assert shown
    assert shown["rest"]["books"] == f"{rest}/books"
    assert shown["graphql"]["graphiql"] == f"{graphql}/graphql"
    page = behind.get(f"{prefix}/", headers={"Accept": "text/html"}).text
    assert f'href="{rest}/docs"' in page
    assert behind.get(prefix or "/").json == shown


HEADERS = {
    "Forwarded": "for=192.0.2.1;host=evil.example;proto=https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "gopher",
    "X-Script-Name": "/evil",
    "X-Original-URI": "/evil/books",
    "Script-Name": "/evil",
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("path", ["/books?limit=1", "/nowhere", "/openapi.json", "/docs", "/"])
def test_no_header_is_believed(
    behind: FlaskClient, client: FlaskClient, prefix: str, path: str, name: str
) -> None:
    headers = {name: HEADERS[name]}
    for asked, where in ((behind, prefix + path), (client, path)):
        told, plain = asked.get(where, headers=headers), asked.get(where)
        assert told.data == plain.data
        assert told.headers.get("Link") == plain.headers.get("Link")


def test_without_the_setting_the_prefix_is_nothing(client: FlaskClient) -> None:
    assert client.get("/rest/books").status_code == 404
