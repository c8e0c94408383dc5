"""The planned endpoint gives what the ordinary one gives, member for member, errors as well."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from graphql import parse, validate

from graphql_api.app import create_app
from graphql_api.execution.planned_engine import PlannedEngine
from graphql_api.planning.field_collection import Unplannable
from graphql_api.schema import executable
from graphql_api.validation.admission import Admitted
from shared.config import Settings
from shared.serving.bookstore import open_bookstore
from tests.bookstores import private_settings
from tests.exchange import Response
from tests.graphql.client import AppClient
from tests.graphql.planning.random_queries import written
from tests.selection import slow

PATHS = ("/graphql/dataloader", "/graphql")
ERRORS = [
    "{ book(id: 0) { title } }",
    "{ book(id: 999999) { title } }",
    "{ a: book(id: 1) { title } b: book(id: 0) { title } }",
    "{ authors(limit: 2) { books(limit: 0) { id } } }",
    "{ author(id: 1) { books { author { books(limit: 101) { id } } } } }",
    "query($l: Int) { author(id: 1) { books(limit: $l) { id } } }",
    "query($i: Int!) { author(id: $i) { name } }",
    "{ books(ids: [1, 2], limit: 3) { id } }",
    "{ books(ids: []) { id } }",
    "{ books(filter: {minPrice: -1}) { id } }",
    '{ searchBooks(query: "ab") { id } }',
    '{ booksConnection(after: "nothing") { edges { cursor } } }',
    "{ booksConnection(first: 0) { edges { cursor } } }",
    '{ booksConnection(filter: {search: "ab"}) { edges { cursor } } }',
    "{ nothing }",
    "{ book(id: 1) { title ",
    "query A { __typename } query B { __typename }",
]
PLAIN = [
    "{ __typename }",
    "{ __schema { queryType { name } } book(id: 1) { title } }",
    "{ book(id: 1) { title @skip(if: true) } }",
    "{ book(id: 1) { ...T } } fragment T on Book { author { ...N } } fragment N on Author { name }",
    "{ books(ids: [3, 1, 3, 999999]) { id __typename author { __typename id } } }",
    '{ searchBooks(query: "python", limit: 3) { title } }',
    """{ orders(filter: {status: paid}, sort: TOTAL_AMOUNT_DESC, limit: 3) {
        status itemCount items { price } } }""",
    """{ customer(id: 1) {
        orders(sort: ORDER_DATE_DESC, limit: 2, offset: 1) { id customer { name } } } }""",
    "{ booksConnection(first: 2) { edges { cursor node { title } } } }",
    "{ booksConnection { edges { a: node { title } b: node { id title } } } }",
    "{ booksConnection { edges { node { title @skip(if: true) } } } }",
    "{ booksConnection { edges { cursor @skip(if: true) } } }",
    "{ booksConnection { edges @skip(if: true) { cursor } } }",
    "{ a: authors(limit: 1) { n: name x: books(limit: 1) { id } y: books(offset: 1) { id } } }",
]


PLANNED = [
    ("query($l: Int) { author(id: 1) { books(limit: $l) { id } } }", {}),
    ("query($l: Int = 2, $o: Int) { author(id: 1) { books(limit: $l, offset: $o) { id } } }", {}),
    (
        "query($f: BookFilter, $s: BookSort) { books(filter: $f, sort: $s, limit: 2) { id } }",
        {"f": {"minPrice": 5, "genre": "Programming"}, "s": "PRICE_DESC"},
    ),
    ("query($f: BookFilter) { books(filter: $f, limit: 2) { id } }", {"f": None}),
    ("query($p: Float) { books(filter: {maxPrice: $p}, limit: 2) { id } }", {"p": 30.5}),
    ("query($p: Float) { books(filter: {maxPrice: $p}, limit: 2) { id } }", {}),
    ("query($s: OrderStatus) { orders(filter: {status: $s}) { id status } }", {"s": "paid"}),
    ("query($i: [Int!]) { orders(ids: $i) { id } }", {"i": [3, 1]}),
    ("query($i: [Int!]) { orders(ids: $i) { id } }", {"i": 3}),
    ("query($i: [Int!]) { orders(ids: $i) { id } }", {"i": None}),
    ("query($q: String!) { searchBooks(query: $q) { id } }", {"q": "python"}),
    ("query($s: OrderSort) { customer(id: 1) { orders(sort: $s) { id } } }", {"s": None}),
    ("{ orders(limit: null, sort: null, ids: null, filter: null) { id } }", {}),
    ("{ book(id: 1) { a: __typename b: __typename title t: title author { a: name } } }", {}),
    ("query($i: Int!) { ...Q } fragment Q on Query { book(id: $i) { id } }", {"i": 2}),
    ("{ author(id: 999999) { books { title } } }", {}),
    (
        """query($n: Int!, $s: OrderSort, $y: Boolean!) {
            ordersConnection(first: $n, sort: $s, filter: {customerId: 2}) {
                a: __typename pageInfo { __typename endCursor }
                edges { cursor x: node { id items { book { title } } } } more: pageInfo { __typename
                hasNextPage hasPreviousPage startCursor } edges { cursor @include(if: $y) }
            } }""",
        {"n": 2, "s": "ORDER_DATE_DESC", "y": True},
    ),
    ("{ customersConnection { edges { cursor } again: edges { node { name } } } }", {}),
    ("query($a: String) { booksConnection(after: $a) { edges { cursor } } }", {"a": None}),
    ("query($a: String) { booksConnection(after: $a) { edges { cursor } } }", {"a": ""}),
    (
        """query($y: Boolean! = true) { customer(id: 1) {
            name a: orders @include(if: $y) { id } ...F @skip(if: $y)
        } } fragment F on Customer { email orders(limit: 1) { id } }""",
        {"y": False},
    ),
]


class Spy:
    """Sees which queries are read by their plans, and which go the ordinary way."""

    def __init__(self) -> None:
        self.planned = self.ordinary = 0


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    seen, read = Spy(), PlannedEngine._planned

    async def watched(self: PlannedEngine, admitted: Admitted) -> dict[str, Any]:
        try:
            data = await read(self, admitted)
        except Unplannable:
            seen.ordinary += 1
            raise
        seen.planned += 1
        return data

    monkeypatch.setattr(PlannedEngine, "_planned", watched)
    return seen


def answers(client: AppClient, query: str, **variables: object) -> list[str]:
    found = [client.ask(query, path, **variables) for path in PATHS]
    assert found[0].status == found[1].status
    return [told(one) for one in found]


def told(response: Response) -> str:
    return re.sub("urn:uuid:[^ ]*", "", response.body.decode())


def with_variables(random: random.Random, query: str) -> tuple[str, dict[str, object]]:
    """The query with some of its values by variables, some of them by their defaults."""
    types = {"ids": "[Int!]", "query": "String!", "if": "Boolean!"}
    definitions, variables = [], {}
    for name, value in sorted(set(re.findall(r"(\w+): (\[[^]]*\]|\w+|\"\w+\")", query))):
        if name not in (*types, "id", "limit", "offset") or random.random() < 0.5:
            continue
        own = f"{name}{len(definitions)}"
        query = re.sub(rf"\b{name}: {re.escape(value)}(?!\w)", f"{name}: ${own}", query)
        if random.random() < 0.5:
            definitions.append(f"${own}: {types.get(name, 'Int!')} = {value}")
        else:
            definitions.append(f"${own}: {types.get(name, 'Int!')}")
            variables[own] = json.loads(value)
    return f"query({', '.join(definitions)}) {query}" if definitions else query, variables


def same_for_a_random_query(client: AppClient, seed: int, depth: int) -> None:
    chance = random.Random(seed)
    assert executable.query_type
    text = written(chance, executable.query_type, depth)
    query, variables = with_variables(chance, text)
    assert validate(executable, parse(query)) == [], query
    ordinary, planned = answers(client, query, **variables)
    assert planned == ordinary, (query, variables)


@pytest.mark.parametrize("first", [10_000, *slow(10_050)])
def test_random_queries_give_the_same_answer(client: AppClient, first: int, spy: Spy) -> None:
    for seed in range(first, first + 50):
        same_for_a_random_query(client, seed, 4)
    assert spy.planned >= 40


@pytest.mark.slow
def test_a_thousand_random_queries_give_the_same_answer(client: AppClient, spy: Spy) -> None:
    for seed in range(1_000):
        same_for_a_random_query(client, seed, seed % 4 + 2)
    assert spy.planned >= 800


@pytest.mark.parametrize(("query", "variables"), PLANNED)
def test_all_of_this_is_planned(
    client: AppClient, spy: Spy, query: str, variables: dict[str, object]
) -> None:
    ordinary, planned = answers(client, query, **variables)
    assert planned == ordinary
    assert spy.planned == 1


@pytest.mark.parametrize("query", PLAIN + ERRORS)
def test_these_too(client: AppClient, query: str) -> None:
    ordinary, planned = answers(client, query)
    assert planned == ordinary


@pytest.fixture(scope="module")
def waiting() -> Iterator[AppClient]:
    """A client of an application whose reads run in threads."""
    with closing(open_bookstore(private_settings(db_latency_ms=1))) as bookstore:
        yield AppClient(create_app(Settings(), bookstore))


@pytest.mark.parametrize("query", PLAIN + ERRORS)
def test_so_it_is_where_fields_are_read_side_by_side(waiting: AppClient, query: str) -> None:
    ordinary, planned = answers(waiting, query)
    assert planned == ordinary


def test_null_is_not_what_is_left_out(client: AppClient, spy: Spy) -> None:
    query = "query($l: Int) { author(id: 1) { books(limit: $l) { id } } }"
    answers(client, query)
    ordinary, planned = answers(client, query, l=None)
    assert planned == ordinary
    assert (spy.planned, spy.ordinary) == (1, 1)


def test_nor_is_it_in_the_query_itself(client: AppClient, spy: Spy) -> None:
    query = 'query($l: Int = 3) { searchBooks(query: "python", limit: $l) { id } }'
    for variables in ({"l": 2}, {"l": 2}, {}, {"l": None}, {"l": 1}):
        ordinary, planned = answers(client, query, **variables)
        assert planned == ordinary
    assert (spy.planned, spy.ordinary) == (4, 1)


def test_pages_follow_each_other(client: AppClient, spy: Spy) -> None:
    query = """query($a: String) { booksConnection(first: 40, after: $a, sort: TITLE_DESC) {
        pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { title } } } }"""
    after = ""
    for _ in range(3):
        ordinary, planned = answers(client, query, a=after)
        assert planned == ordinary
        after = json.loads(planned)["data"]["booksConnection"]["pageInfo"]["endCursor"]
    assert spy.planned == 3


def test_a_variable_may_be_an_argument_and_a_part_of_another(client: AppClient, spy: Spy) -> None:
    query = "query($n: Int!) { books(limit: $n, filter: {authorId: $n}) { id authorId } }"
    for number in (1, 2, 3):
        ordinary, planned = answers(client, query, n=number)
        assert planned == ordinary
    assert spy.planned == 3


def test_every_directive_must_have_a_value(client: AppClient) -> None:
    query = """query($y: Boolean!, $n: Boolean = true) {
        book(id: 1) { id title @include(if: $y) @skip(if: $n) } }"""
    for yes in (True, False):
        ordinary, planned = answers(client, query, y=yes, n=None)
        assert planned == ordinary


def test_a_cursor_of_another_list_is_no_failure_of_the_plan(
    client: AppClient, caplog: pytest.LogCaptureFixture
) -> None:
    query = "query($a: String) { booksConnection(after: $a) { edges { cursor } } }"
    ordinary, planned = answers(client, query, a="x")
    assert planned == ordinary
    assert not caplog.records
