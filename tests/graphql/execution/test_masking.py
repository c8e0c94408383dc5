"""What nobody expected is masked and logged; a database that does not answer is not hidden."""

import logging
from typing import Any

import pytest

from graphql_api.validation.value_errors import ValuesRule
from shared.errors import Unavailable
from shared.reading import listing
from shared.serving.bookstore import Bookstore
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)


@EACH_PATH
def test_what_nobody_expected_is_masked_and_logged(
    client: AppClient,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(listing, "fetch_page", broken)
    with caplog.at_level(logging.ERROR):
        response = client.ask("{ books { id } book(id: 1) { id } }", path)
    (error,) = response.json["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["path"] == ["books"]
    assert "secret" not in response.content.decode()
    (record,) = caplog.records
    assert error["extensions"]["id"] in record.getMessage()
    assert record.exc_info
    assert "a secret of the house" in str(record.exc_info[1])


def test_an_error_outside_of_any_field_is_masked_too(
    client: AppClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(ValuesRule, "enter_argument", broken)
    with caplog.at_level(logging.ERROR):
        response = client.ask("{ book(id: 12345) { id } }")
    assert response.status == 500
    (error,) = response.json["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["id"] in caplog.text
    assert "secret" not in response.content.decode()


@EACH_PATH
def test_a_database_that_does_not_answer_is_not_hidden(
    own_client: AppClient,
    own_bookstore: Bookstore,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def gone(_: object) -> Any:
        raise Unavailable("the database does not answer now")

    for way in ("reading", "snapshot"):
        monkeypatch.setattr(type(own_bookstore.database), way, gone)
    query = "{ a: book(id: 1) { id } b: book(id: 2) { id } orders { id } }"
    response = own_client.ask(query, path)
    errors = response.json["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"UNAVAILABLE"}
    assert response.json["data"] is None
    health = own_client.get("/health")
    assert (health.status, health.headers["retry-after"]) == (503, "1")
    assert health.json["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert caplog.records == []
