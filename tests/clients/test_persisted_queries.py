"""Queries over GET by their hash: what is sent, and when the text is."""

import hashlib
import json
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from client_examples.clients.api_errors import GraphqlError, ProblemError
from client_examples.clients.persisted_queries import PersistedQueries
from client_examples.graphql_client import GraphqlClient
from tests.clients.scripted_server import Says, ScriptedServer

QUERY = "query Page($id: Int!) { book(id: $id) { title } }"
HASH = hashlib.sha256(QUERY.encode()).hexdigest()
EXTENSIONS = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
UNKNOWN = {
    "errors": [
        {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    ]
}
FOUND = Says(body={"data": {"book": {"title": "…"}}})


def asked(received):
    """The members of a GET's query."""
    query = parse_qs(urlsplit(received.path).query)
    return {name: json.loads(value) for name, (value,) in query.items()}


def ask(server, document=QUERY, path="/graphql", **variables):
    with closing(GraphqlClient(server.url)) as client:
        return PersistedQueries(client, path).query(document, **variables)


def test_a_known_query_is_one_get_of_its_hash():
    with ScriptedServer(FOUND) as server:
        assert ask(server, id=1) == {"book": {"title": "…"}}
        (received,) = server.received
    assert (received.method, received.body) == ("GET", b"")
    assert urlsplit(received.path).path == "/graphql"
    assert asked(received) == {"variables": {"id": 1}, "extensions": EXTENSIONS}


@pytest.mark.parametrize("status", [200, 400, 404])
def test_the_text_is_sent_by_post_when_the_server_asks_for_it(status):
    with ScriptedServer(Says(status, UNKNOWN), FOUND) as server:
        assert ask(server, path="/api", id=1) == {"book": {"title": "…"}}
        first, second = server.received
    assert (first.method, second.method, second.path) == ("GET", "POST", "/api")
    assert second.json == {"query": QUERY, "variables": {"id": 1}, "extensions": EXTENSIONS}


def test_it_is_sent_once_even_if_the_server_keeps_nothing():
    with ScriptedServer(Says(body=UNKNOWN)) as server:
        with pytest.raises(GraphqlError, match="PersistedQueryNotFound"):
            ask(server, id=1)
        assert server.attempts == 2


@pytest.mark.parametrize(
    ("says", "error"),
    [
        (Says(body={"errors": [{"message": "no", "extensions": {"code": "X"}}]}), GraphqlError),
        (Says(500, {"code": "INTERNAL", "title": "Internal"}), ProblemError),
    ],
)
def test_another_error_is_no_reason_to_send_the_text(says, error):
    with ScriptedServer(says) as server:
        with pytest.raises(error):
            ask(server, id=1)
        assert server.attempts == 1


def test_equal_variables_make_equal_urls():
    with ScriptedServer(FOUND) as server:
        ask(server, id=1, name="Bücher & more")
        ask(server, name="Bücher & more", id=1)
        first, second = server.received
    assert first.path == second.path
    assert asked(first)["variables"] == {"id": 1, "name": "Bücher & more"}


def test_a_query_without_variables_names_none():
    with ScriptedServer(Says(body=UNKNOWN), FOUND) as server:
        ask(server, "{ books { title } }")
        first, second = server.received
    assert set(asked(first)) == {"extensions"}
    assert set(second.json) == {"query", "extensions"}


def test_a_mutation_is_never_sent_by_get():
    with ScriptedServer(FOUND) as server:
        with pytest.raises(ValueError, match="mutation"):
            ask(server, "mutation { deleteBook(id: 1) }")
        assert server.attempts == 0
