"""The OpenAPI document is valid, whole, and true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from rest_api.app import create_app
from rest_api.framework import RestApp
from rest_api.openapi.document import EXAMPLES
from rest_api.openapi.response_headers import HEADERS
from rest_api.openapi_examples import REQUESTS, record
from rest_api.web.problems import PROBLEMS
from shared.config import Settings
from tests.bookstores import fresh_bookstore

Part = dict[str, Any]
RECORDED: list[Part] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
# What they answer differs from one bookstore to the next, or is this document.
WITHOUT_EXAMPLE = {"get_health", "get_openapi"}
# Documented once for all: what HTTP itself, the server and cross-origin rules add.
ELSEWHERE = {"Content-Type", "Content-Length", "Content-Encoding"}


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> Part:
    found: Part = client.get("/openapi.json").json
    return found


def operations(document: Part) -> Iterator[tuple[str, str, Part]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def responses(document: Part) -> Iterator[tuple[str, str, Part]]:
    """Every response, by its operation and status."""
    components = document["components"]["responses"]
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            name = response.get("$ref", "").rpartition("/")[2]
            yield operation["operationId"], status, components[name] if name else response


def validator(document: Part, schema: Part) -> OAS31Validator:
    return OAS31Validator({**schema, "components": document["components"]})


def test_it_is_valid_openapi_3_1(document: Part) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_is_made_once(app: RestApp) -> None:
    assert app.openapi_json is app.openapi_json


def test_it_has_every_route_and_no_other(app: RestApp, document: Part) -> None:
    routes = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith("pages.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_every_operation_says_what_it_does(document: Part) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids)
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for _, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= tags, path
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])


def test_every_response_and_header_is_described(document: Part) -> None:
    for operation, status, response in responses(document):
        assert response["description"], (operation, status)
        assert response["headers"], (operation, status)
    assert document["components"]["headers"].keys() == HEADERS.keys()
    for name, header in HEADERS.items():
        assert header["description"], name


def test_every_success_has_an_example(document: Part) -> None:
    for operation, status, response in responses(document):
        content = response.get("content", {}).get("application/json")
        if content is not None and status < "400" and operation not in WITHOUT_EXAMPLE:
            assert content["examples"], (operation, status)
    for _, path, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["examples"], path


def test_every_error_that_a_request_can_bring_about_has_an_example(document: Part) -> None:
    shown = {
        name
        for response in document["components"]["responses"].values()
        for content in response.get("content", {}).values()
        for name in content.get("examples", ())
    }
    # The first is no operation's answer; the others take more than a request.
    others = {"INTERNAL", "UNAVAILABLE", "TIMEOUT", "TOO_MANY_STREAMS", "TOO_MANY_BODIES"}
    others |= {"BODY_TIMEOUT", "HEAD_TIMEOUT", "HEAD_TOO_LARGE", "URI_TOO_LONG"}
    by_setting = {"UNAUTHORIZED", "PRECONDITION_REQUIRED"}
    assert shown == PROBLEMS.keys() - {"METHOD_NOT_ALLOWED"} - others - by_setting


def test_the_examples_are_what_the_sample_data_answers() -> None:
    bookstore = fresh_bookstore()
    try:
        assert record(create_app(Settings(), bookstore).test_client()) == RECORDED
    finally:
        bookstore.close()


def test_the_examples_fit_their_schemas(document: Part) -> None:
    checked = 0
    for operation, status, response in responses(document):
        for content in response.get("content", {}).values():
            for name, example in content.get("examples", {}).items():
                found = validator(document, content["schema"]).iter_errors(example["value"])
                errors = [error.message for error in found]
                assert not errors, (operation, status, name)
                checked += 1
    assert checked > len(REQUESTS) / 2


def test_the_schemas_refuse_what_is_not_shown(document: Part) -> None:
    shown = document["paths"]["/books/{id}"]["get"]["responses"]["200"]
    schema = validator(document, shown["content"]["application/json"]["schema"])
    assert schema.is_valid({"title": "T", "author": {"books": [{"price": 1}]}})
    for wrong in ({}, {"colour": "red"}, {"price": "1"}, {"author": {"stock": 1}}, []):
        assert not schema.is_valid(wrong), wrong


def test_the_examples_of_members_are_the_first_rows(client: FlaskClient, document: Part) -> None:
    order: Any = client.get("/orders/1").json
    rows = {
        "Author": client.get("/authors/1").json,
        "Book": client.get("/books/1").json,
        "Customer": client.get("/customers/1").json,
        "Order": order,
        "OrderItem": order["items"][0],
        "OrderSummary": client.get("/customers/1/orders").get_json()[0],
    }
    for name, row in rows.items():
        for member, schema in document["components"]["schemas"][name]["properties"].items():
            if "examples" in schema:
                assert schema["examples"] == [row[member]], (name, member)


def test_every_parameter_has_an_example_or_a_default_that_is_answered(
    client: FlaskClient, document: Part
) -> None:
    tried = set()
    for method, path, operation in operations(document):
        if method != "get":
            continue
        for one in operation.get("parameters", ()):
            schema = one["schema"]
            values = schema.get("examples", []) + [schema[n] for n in ("default",) if n in schema]
            for value in values if one["in"] == "query" else ():
                text = ",".join(map(str, value)) if isinstance(value, list) else value
                answer = client.get(path.replace("{id}", "1"), query_string={one["name"]: text})
                assert answer.status_code == 200, (path, one["name"], answer.text)
                tried.add(one["name"])
    assert {"limit", "offset", "sort", "after", "ids", "fields", "wait"} <= tried


def test_all_declared_defaults_can_be_sent_with_anything(
    client: FlaskClient, document: Part
) -> None:
    for path, item in document["paths"].items():
        asked = [one for one in item.get("get", {}).get("parameters", ()) if one["in"] == "query"]
        defaults = {o["name"]: o["schema"]["default"] for o in asked if "default" in o["schema"]}
        if "limit" not in defaults:
            continue
        address = path.replace("{id}", "1")
        plain = client.get(address)
        assert client.get(address, query_string=defaults).get_json() == plain.get_json()
        if any(one["name"] == "ids" for one in asked):
            ids = [*range(30, 0, -1)]
            query = {"ids": ",".join(map(str, ids)), **defaults}
            answer = client.get(address, query_string=query)
            assert [each["id"] for each in answer.get_json()] == ids
            assert "Link" not in answer.headers


def test_what_is_read_only_is_marked_so(document: Part) -> None:
    schemas = document["components"]["schemas"]
    marked = {
        name: {n for n, member in schema.get("properties", {}).items() if member.get("readOnly")}
        for name, schema in schemas.items()
    }
    for name in ("Author", "Book", "Customer"):
        assert marked[name] == {"id"}
        assert marked[f"{name}Create"] == set()
        assert marked[f"{name}Replace"] == marked[f"{name}Update"] == {"id", "version"}
        assert {"id", "version"}.isdisjoint(schemas[f"{name}Replace"]["required"])
    assert marked["Order"] == {"id", "order_date", "total_amount"}
    assert marked["OrderSummary"] == {"id", "order_date", "total_amount", "item_count"}
    assert marked["BookSelection"] == {"id", "version"}
    assert schemas["OrderUpdate"]["properties"].keys() - marked["OrderUpdate"] == {"status"}
    assert schemas["OrderUpdate"]["required"] == ["status"]


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        *(("GET", path, {}) for path in ("/books?limit=1", "/books/1", "/books/99999", "/books/x")),
        *(("GET", path, {}) for path in ("/", "/ping", "/openapi.json", "/problems/not-found")),
        *(("GET", path, {"If-None-Match": "*"}) for path in ("/books", "/books/1", "/", "/health")),
        ("GET", "/books/1", {"Host": "books.example"}),
        ("PATCH", "/books/1", {}),
        *((method, "/books/1", {"If-Match": '"other"'}) for method in ("GET", "PATCH")),
        ("DELETE", "/authors/1", {}),
        ("PUT", "/books/1", {}),
    ],
)
def test_every_header_of_an_answer_is_documented(
    client: FlaskClient, document: Part, method: str, path: str, sent: dict[str, str]
) -> None:
    answer = client.open(path, method=method, headers=sent, json=None if method == "GET" else {})
    route = re.sub("/(books|authors)/[^/?]+$", r"/\1/{id}", path.partition("?")[0])
    route = route.replace("not-found", "{name}")
    operation = document["paths"][route][method.lower()]["operationId"]
    documented = next(
        response["headers"].keys()
        for name, code, response in responses(document)
        if (name, code) == (operation, str(answer.status_code))
    )
    assert set(answer.headers.keys()) - ELSEWHERE == documented


def test_every_change_can_be_made_to_depend_on_what_was_read(document: Part) -> None:
    for method, path, operation in operations(document):
        names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("If-Match" in names) == (method != "post"), path
        assert ("If-None-Match" in names) == (method != "post"), path
        assert ("Idempotency-Key" in names) == (operation["operationId"] == "place_order")
        statuses = operation["responses"].keys()
        assert ("If-Match" in names) == ("412" in statuses), path
        assert ("304" in statuses) == (method == "get"), path
        assert ("428" in statuses) == (method in ("put", "patch", "delete")), path


def test_swagger_ui_needs_nothing_of_another_machine(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "//" not in page.text
    for part in ("start.js", "css/swagger-ui.css", "js/swagger-ui-bundle.js", "images/swagger.svg"):
        assert f"/docs/{part}" in page.text
        with client.get(f"/docs/{part}") as file:
            assert file.status_code == 200
    with client.get("/docs/css/swagger-ui.css") as file:
        again = client.get(
            "/docs/css/swagger-ui.css", headers={"If-None-Match": file.headers["ETag"]}
        )
        assert again.status_code == 304
