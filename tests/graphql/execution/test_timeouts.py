"""A request that takes longer than it may ends, and says that a later one may not."""

from typing import Any

import pytest
from sqlalchemy import text

from graphql_api.app import create_app
from graphql_api.asgi.media_types import GRAPHQL
from graphql_api.resolving import loaders
from shared.config import Settings
from shared.database import Connection
from shared.errors import Unavailable
from shared.operations import books
from shared.reading import listing
from shared.serving.bookstore import Bookstore
from shared.storage.statements import Statement
from tests.exchange import Response
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)
# Counts to more than any machine can in the time.
ENDLESS = Statement(
    text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT count(*) FROM n"
    )
)

RENAMED = 'updateAuthor(id: 1, input: {name: "Written"}) { name }'
RESTOCKED = "updateBook(id: 1, input: {stock: 9}) { stock }"


def never_ends(connection: Connection, *_: object, **__: object) -> Any:
    return connection.first(ENDLESS)


@pytest.fixture
def hurried(own_bookstore: Bookstore) -> AppClient:
    """Over the bookstore of `own_client`, whose requests may take as long as they need."""
    return AppClient(create_app(Settings(request_timeout_s=0.1), own_bookstore))


def too_late(response: Response) -> list[dict[str, Any]]:
    assert response.status == 503, response
    assert response.headers["retry-after"] == "1"
    assert response.headers["cache-control"] == "no-store"
    errors = response.json["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"TIMEOUT"}
    assert isinstance(errors, list)
    return errors


@EACH_PATH
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
def test_a_statement_that_never_ends_is_ended(
    hurried: AppClient,
    own_client: AppClient,
    path: str,
    accept: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "fetch_page", never_ends)
    response = hurried.post({"query": "{ books { id } }"}, path, accept=accept)
    too_late(response)
    assert response.media_type == accept
    assert response.json["data"] is None
    too_late(hurried.get(f"{path}?query={{books{{id}}}}"))
    monkeypatch.undo()
    assert own_client.data("{ books { id } }", path)  # the connection still serves


def test_what_was_read_in_time_comes_with_the_error(
    hurried: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "fetch_page", never_ends)
    response = hurried.ask("{ book(id: 1) { id } __typename books { id } }")
    too_late(response)
    assert "data" in response.json


def test_a_write_that_never_ends_is_ended_and_changes_nothing(
    own_bookstore: Bookstore, own_client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time enough to come to the write.
    hurried = AppClient(create_app(Settings(request_timeout_s=1.0), own_bookstore))
    update = books.update_book

    def slow(connection: Connection, *given: Any, **named: Any) -> Any:
        update(connection, *given, **named)
        return connection.first(ENDLESS)

    monkeypatch.setattr(books, "update_book", slow)
    (error,) = too_late(
        hurried.ask("mutation { updateBook(id: 1, input: {stock: 99999}) { stock } }")
    )
    assert error["path"] == ["updateBook"]
    assert own_client.data("{ book(id: 1) { stock } }")["book"]["stock"] != 99_999


@pytest.mark.parametrize(
    "query",
    [
        f"mutation {{ {RENAMED} {RESTOCKED} }}",
        f"mutation {{ ...A }} fragment A on Mutation {{ {RENAMED} {RESTOCKED} }}",
        f"mutation {{ {RENAMED.replace('{ name }', '{ name books { id } }')} }}",
    ],
    ids=["fields", "fragment", "below"],
)
def test_what_was_written_before_the_end_is_not_asked_for_again(
    own_client: AppClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    def gone(*_: object, **__: object) -> Any:
        raise Unavailable("the database does not answer now")

    monkeypatch.setattr(books, "update_book", gone)
    monkeypatch.setattr(loaders, "fetch_related", gone)
    response = own_client.ask(query)
    assert response.status == 200
    assert "retry-after" not in response.headers
    assert response.json["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert own_client.data("{ author(id: 1) { name } }") == {"author": {"name": "Written"}}


@EACH_PATH
def test_a_database_that_does_not_answer_is_503_too(
    own_client: AppClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> Any:
        raise Unavailable("the database does not answer now")

    monkeypatch.setattr(listing, "fetch_page", gone)
    response = own_client.ask("{ books { id } }", path)
    assert (response.status, response.headers["retry-after"]) == (503, "1")
    assert response.json["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
