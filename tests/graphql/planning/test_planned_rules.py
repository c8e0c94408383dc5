"""What holds on the planned endpoint as on the ordinary one: counts, privacy, limits, one state."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlencode

import pytest
from graphql import OperationDefinitionNode, parse

from graphql_api.app import create_app
from graphql_api.planning.field_collection import Collector, Unplannable
from graphql_api.planning.plan import Plan
from graphql_api.planning.plan_cache import PlanCache
from graphql_api.planning.root_fields import CONNECTIONS, LISTS, OBJECTS
from graphql_api.planning.selections import Selecting
from graphql_api.schema import executable
from graphql_api.validation.documents import MAX_REMEMBERED, MAX_SHARE, Documents
from shared.config import Settings
from shared.database import Connection, Database
from shared.errors import TimedOut
from shared.reading import fetching
from shared.serving.bookstore import Bookstore
from tests.graphql.client import AppClient

ORDINARY = "/graphql/dataloader"
PRIVATE = "{ customer(id: 1) { name email phone orders(limit: 2) { id customer { address } } } }"


def plan_of(query: str, variations: PlanCache) -> Plan:
    node = parse(query)
    (operation,) = (d for d in node.definitions if isinstance(d, OperationDefinitionNode))
    return Plan(executable, node, operation, variations)


@pytest.fixture
def guarded(own_bookstore: Bookstore) -> AppClient:
    return AppClient(create_app(Settings(token="0123456789abcdef"), own_bookstore))


def test_who_has_no_token_does_not_see_what_is_private(guarded: AppClient) -> None:
    query = {"query": PRIVATE}
    for _ in range(2):  # both kinds share a plan
        hidden = guarded.post(query)
        assert hidden.content == guarded.post(query, ORDINARY).content
        customer = hidden.json["data"]["customer"]
        assert (customer["email"], customer["orders"][1]["customer"]["address"]) == (None, None)
        shown = guarded.post(query, authorization="Bearer 0123456789abcdef")
        assert shown.json["data"]["customer"]["email"]
        assert shown.json["data"]["customer"]["orders"][1]["customer"]["address"]


def test_a_query_may_come_by_its_hash(bookstore: Bookstore) -> None:
    fresh = AppClient(create_app(Settings(), bookstore))
    query = "{ book(id: 1) { title } }"
    own = {"persistedQuery": {"version": 1, "sha256Hash": sha256(query.encode()).hexdigest()}}
    asked = f"/graphql?{urlencode({'extensions': json.dumps(own)})}"
    (error,) = fresh.get(asked).json["errors"]
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    fresh.post({"query": query, "extensions": own})
    answer = fresh.get(asked)
    assert answer.json == {"data": {"book": {"title": "Python Programming"}}}
    assert fresh.get(asked, if_none_match=answer.headers["etag"]).status == 304


def test_the_cost_is_told(client: AppClient) -> None:
    body = {"query": "{ books(limit: 3) { author { id } } }", "extensions": {"cost": True}}
    planned = client.post(body)
    assert planned.content == client.post(body, ORDINARY).content
    assert planned.json["extensions"]["cost"]["computed"] == 6


def test_all_levels_see_one_state(
    own_client: AppClient, own_bookstore: Bookstore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = "mutation { updateAuthor(id: 1, input: {name: \"X\"}) { name } }"  # fmt: skip
    read, changed = fetching.fetch_related, []

    def between(connection: Connection, *given: object) -> object:
        if not changed:
            changed.append(True)
            with own_bookstore.database.engine.begin() as other:
                other.exec_driver_sql("UPDATE author SET name = 'X' WHERE id = 1")
        return read(connection, *given)

    monkeypatch.setattr(fetching, "fetch_related", between)
    query = "{ a: author(id: 1) { name books { author { name } } } b: author(id: 1) { name } }"
    data = own_client.data(query)
    assert changed
    seen = {data["a"]["name"], data["b"]["name"]}
    seen |= {book["author"]["name"] for book in data["a"]["books"]}
    assert len(seen) == 1
    assert seen != {"X"}
    assert own_client.data(rename)  # the snapshot is over


def test_what_fails_in_a_plan_alone_is_answered_the_ordinary_way(
    client: AppClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("graphql_api.planning.reads.fetch_list", broken)
    query = "{ books(limit: 2) { title } }"
    with caplog.at_level(logging.WARNING):
        assert client.data(query) == client.data(query, ORDINARY)
    (record,) = caplog.records
    assert "a plan failed" in record.getMessage()


def test_a_database_that_does_not_answer_is_not_asked_again(
    client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def slow(*_: object) -> object:
        asked.append(True)
        raise TimedOut("the request took longer than it may")

    monkeypatch.setattr(Database, "snapshot", slow)
    monkeypatch.setattr(Database, "reading", slow)
    query = "{ a: author(id: 1) { books { title } } b: books { title } }"
    response = client.ask(query)
    assert response.status == 503
    assert response.json["data"] is None
    codes = [(error["path"], error["extensions"]["code"]) for error in response.json["errors"]]
    assert (["b"], "TIMEOUT") in codes
    assert len(asked) == 1


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", "{ book(id: 0) { id } }"])
def test_what_cannot_be_planned_is_not_tried_again(
    client: AppClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    query: str,
) -> None:
    answer = client.ask(query).body
    monkeypatch.delattr(Selecting, "roots")
    assert client.ask(query).body == answer
    assert not caplog.records


def test_what_plans_keep_is_bounded() -> None:
    variations = PlanCache(most=100)
    plan = plan_of("query($l: Int!) { author(id: 1) { books(limit: $l) { id } } }", variations)
    for limit in range(1, 101):
        plan.prepared({"l": limit}, shows_private=True)
        plan.prepared({"l": limit}, shows_private=False)
    assert 2 <= len(variations._known) <= 50
    assert variations._members <= 100


def test_an_argument_of_a_root_field_makes_no_variation() -> None:
    variations = PlanCache()
    query = "query($i: Int!) { ...Q } fragment Q on Query { book(id: $i) { id } }"
    plan = plan_of(query, variations)
    for row_id in (1, 2, 3):
        plan.prepared({"i": row_id}, shows_private=True)
    assert len(variations._known) == 1


def test_a_document_that_is_not_remembered_is_not_planned() -> None:
    documents = Documents(executable)
    short = "{ book(id: 1) { id } }"
    for text, planned in ((short, True), (short.ljust(MAX_REMEMBERED // MAX_SHARE + 1), False)):
        document = documents.get(text)
        with nothing() if planned else pytest.raises(Unplannable):
            document.plan(document.operation(None))


@contextmanager
def nothing() -> Iterator[None]:
    yield


def test_more_ways_to_a_book_than_statements_are_kept_for(client: AppClient) -> None:
    query = "query($f: BookFilter, $s: BookSort) { books(filter: $f, sort: $s, limit: 1) { id } }"
    sorts = [f"{key}{end}" for key in ("ID", "TITLE", "PRICE") for end in ("", "_DESC")]
    members = {"authorId": 1, "genre": "Programming", "minPrice": 1, "maxPrice": 99}
    for sort in sorts:
        for chosen in range(16):
            given = {n: v for bit, (n, v) in enumerate(members.items()) if chosen >> bit & 1}
            found = client.data(query, f=given, s=sort)
            assert found == client.data(query, ORDINARY, f=given, s=sort)


def test_a_fragment_counts_once_however_often_it_is_spread() -> None:
    text = "{ ...F ...F ... on Query { ...F } } fragment F on Query { book(id: 1) { id } }"
    document = parse(text)
    (operation, _) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    (group,) = Collector(document).groups([operation.selection_set], {})
    assert len(group.selection_sets) == 1


def test_every_field_of_the_query_has_a_plan() -> None:
    assert executable.query_type
    assert OBJECTS | LISTS.keys() | CONNECTIONS.keys() == executable.query_type.fields.keys()


def test_a_field_without_one_goes_the_ordinary_way(
    own_client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.planning.selections._PLANNED", frozenset({"author"}))
    query = "{ book(id: 1) { title } author(id: 1) { name } }"
    assert own_client.data(query) == own_client.data(query, ORDINARY)
