"""Limits of what an operation may ask for: refused before anything runs."""

from typing import Any

import pytest
from graphql import parse

from graphql_api.app import create_app
from graphql_api.schema import executable
from graphql_api.validation.complexity import shape_of
from graphql_api.validation.documents import Documents
from shared import limits
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.exchange import Response
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)
MANY = limits.MAX_INT


def cost(query: str, variables: dict[str, Any] | None = None) -> int:
    document = Documents(executable).get(query)
    assert not document.errors, document.errors
    return document.complexity(document.operation(None)).require(variables or {}, MANY).cost


def refused(response: Response) -> dict[str, Any]:
    assert (response.status, list(response.json)) == (200, ["errors"]), response
    (error,) = response.json["errors"]
    assert error["extensions"]["code"] == "TOO_COMPLEX"
    assert response.statements == 0
    assert isinstance(error, dict)
    return error


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", 0),
        ("{ book(id: 1) { title } }", 1),
        ("{ book(id: 1) { author { name } } }", 2),
        ("{ a: book(id: 1) { id } b: book(id: 2) { id } }", 2),
        ("{ books { id } }", 20),
        ("{ books(limit: 3) { author { id } } }", 6),
        ("{ books(limit: null) { id } }", 20),
        ("{ books(ids: [4, 5]) { id } }", 2),
        ("{ books(ids: 4) { id } }", 1),
        ("{ books(ids: null, limit: 7) { id } }", 7),
        ('{ searchBooks(query: "abc", limit: 4) { id } }', 50 + 4),
        ("{ authors(limit: 2) { books { id } } }", 2 * 21),
        ("{ authors(limit: 2) { books(limit: 5) { author { id } } } }", 2 * (1 + 5 * 2)),
        ("{ order(id: 1) { items { book { id } } } }", 1 + 20 * 2),
        ("{ booksConnection { pageInfo { endCursor } } }", 20),
        ("{ booksConnection(first: 5) { edges { node { author { id } } } } }", 10),
        ("{ booksConnection(first: 5) { edges { cursor } a: edges { node { id } } } }", 10),
        ("{ booksConnection(first: 5) { a: edges { node { id } } edges { node { id } } } }", 10),
        ("{ booksConnection(first: 5) { edges { node { id } a: node { author { id } } } } }", 15),
        ("{ booksConnection(first: 5) { edges { cursor } pageInfo { endCursor } } }", 5),
        ("{ books(limit: 5) { id title } }", 5),
        ("{ books(limit: 5) { title a: title b: title id } }", 15),
        ("{ books(limit: 5) { title ...A } } fragment A on Book { title }", 5),
        ("{ a: __typename book(id: 1) { a: id b: title } }", 1),
        ("mutation { deleteBook(id: 1) }", 0),
        ("mutation { setOrderStatus(id: 1, status: paid) { items { price } } }", 21),
        ("{ books { id } ...A } fragment A on Query { books { author { id } } }", 40),
        ("{ books { id } ... on Query { books { author { id } } } }", 40),
        ("{ books @skip(if: true) { id } author(id: 1) @include(if: true) { id } }", 1),
        ("{ ...A ...A } fragment A on Query { books { id } }", 20),
        ("{ __schema { types { fields { type { ofType { ofType { name } } } } } } }", 0),
    ],
)
def test_the_most_objects_are_counted(query: str, expected: int) -> None:
    assert cost(query) == expected


LIMIT = "query($n: Int! = 7) { authors(limit: 2) { books(limit: $n) { id } } }"
IDS = "query($ids: [Int!], $n: Int) { books(ids: $ids, limit: $n) { id } }"
SHOWN = "query($a: Boolean = false) { books @include(if: $a) { id } order(id: 1) { id } }"


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (LIMIT, {}, 2 * 8),
        (LIMIT, {"n": 3}, 2 * 4),
        (LIMIT, {"n": 3.0}, 2 * 4),
        (LIMIT, {"n": 10**12}, 2 * 101),
        (LIMIT, {"n": -5}, 2),
        (IDS, {}, 20),
        (IDS, {"ids": None, "n": None}, 20),
        (IDS, {"n": 9}, 9),
        (IDS, {"ids": [1, 2, 3]}, 3),
        (IDS, {"ids": 5}, 1),
        (SHOWN, {}, 1),
        (SHOWN, {"a": True}, 21),
    ],
)
def test_variables_and_their_defaults_count(
    query: str, variables: dict[str, Any], expected: int
) -> None:
    assert cost(query, variables) == expected
    assert cost(query, variables) == expected


PRICED = "query($f: BookFilter, $s: BookSort, $o: Int! = 250) "


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ('{ books(filter: {search: "abc"}, sort: ID_DESC) { id } }', {}, 20 + 50),
        ('{ books(filter: {search: "abc"}, sort: PRICE) { id } }', {}, 20 + 50 + 50),
        ("{ books(filter: {search: null}, sort: PRICE) { id } }", {}, 20),
        ("{ books(filter: {minPrice: 1}, sort: PRICE_DESC) { id } }", {}, 20),
        ("{ books(filter: {maxPrice: 1}, sort: TITLE) { id } }", {}, 20 + 50),
        ("{ books(filter: {minPrice: 1}) { id } }", {}, 20 + 50),
        ('{ books(filter: {authorId: 1, genre: "x"}, sort: TITLE) { id } }', {}, 20),
        ("{ books(offset: 10000) { id } }", {}, 20 + 100),
        ("{ books(offset: 99) { id } }", {}, 20),
        ("{ authors(limit: 3) { books(limit: 2, offset: 700) { id } } }", {}, 3 * (1 + 2 + 7)),
        ('{ booksConnection(filter: {search: "abc"}) { edges { node { id } } } }', {}, 20 + 50),
        ('{ a: searchBooks(query: "abc") { id } b: searchBooks(query: "d") { id } }', {}, 140),
        (PRICED + "{ books(filter: $f, sort: $s, offset: $o) { id } }", {}, 22),
        (
            PRICED + "{ books(filter: $f, sort: $s, offset: $o) { id } }",
            {"f": {"search": "abc"}, "s": "TITLE", "o": 1000},
            20 + 10 + 50 + 50,
        ),
        (
            "query($p: Float) { books(filter: {minPrice: $p}, sort: TITLE) { id } }",
            {"p": 1.5},
            20 + 50,
        ),
        ("query($p: Float) { books(filter: {minPrice: $p}, sort: TITLE) { id } }", {}, 20),
        ("query($o: Int! = 500) { author(id: 1) { books(offset: $o) { id } } }", {}, 1 + 20 + 5),
    ],
)
def test_what_it_takes_to_find_them_counts(
    query: str, variables: dict[str, Any], expected: int
) -> None:
    assert cost(query, variables) == expected


@EACH_PATH
def test_what_its_cost_is_made_of_is_told(client: AppClient, path: str) -> None:
    fields = " ".join(
        f'a{n}: books(filter: {{search: "the"}}, sort: PRICE_DESC, offset: {n}) {{ id }}'
        for n in range(93)
    )
    error = refused(client.ask(f"{{ {fields} }}", path))
    assert error["extensions"]["cost"] == 93 * 120
    assert "got up to 11,160, 9,300 of them for searches, sorts and offsets" in error["message"]


@EACH_PATH
def test_introspection_is_asked_for_once(client: AppClient, path: str) -> None:
    once = "__schema { queryType { name } } ... on Query { __schema { types { name } } }"
    assert client.data(f'{{ {once} __type(name: "Book") {{ name }} }}', path)
    for query in (
        "{ __schema { types { name } } ... on Query { b: __schema { types { name } } } }",
        '{ a: __type(name: "Book") { name } b: __type(name: "Author") { name } }',
    ):
        assert "once, got it by 2 names" in refused(client.ask(query, path))["message"]


def test_statements_have_a_limit(client: AppClient) -> None:
    def ask(limit: int) -> Response:
        query = f"{{ authors(limit: 100) {{ books(limit: {limit}) {{ author {{ name }} }} }} }}"
        return client.ask(query, "/graphql/unbatched")

    assert ask(1).json["data"]["authors"]
    answer = ask(30)  # authors have 10 books each, some more
    assert list(answer.json) == ["errors"]
    (error,) = answer.json["errors"]
    assert error["extensions"]["code"] == "TOO_COMPLEX"
    assert "at most 1,000 statements" in error["message"]


@EACH_PATH
def test_what_costs_too_much_is_refused_with_its_cost(client: AppClient, path: str) -> None:
    query = "query($n: Int!) { authors(limit: 100) { books(limit: $n) { id } } }"
    error = refused(client.ask(query, path, n=100))
    assert error["extensions"] == {"code": "TOO_COMPLEX", "cost": 10_100, "limit": 10_000}
    assert "at most 10,000 objects, got up to 10,100" in error["message"]
    assert client.data(query, path, n=99)["authors"]


WIDE = " ".join(f"a{n}: description" for n in range(99))
PAGES = " ".join(f"e{n}: edges {{ node {{ id }} }}" for n in range(100))
NODES = " ".join(f"n{n}: node {{ id }}" for n in range(100))


@EACH_PATH
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{{ booksConnection(first: 100) {{ {PAGES} edges {{ node {{ id }} }} }} }}", 10_100),
        (f"{{ booksConnection(first: 100) {{ edges {{ {NODES} node {{ id }} }} }} }}", 10_100),
        (
            f"{{ books(limit: 98) {{ author {{ books(limit: 100) {{ {WIDE} }} }} }} }}",
            98 * (1 + 1 + 100 * 99),
        ),
    ],
    ids=["edges", "nodes", "leaves"],
)
def test_aliases_get_nothing_past_the_limit(
    client: AppClient, path: str, query: str, expected: int
) -> None:
    assert refused(client.ask(query, path))["extensions"]["cost"] == expected


def test_a_setting_says_how_much_is_too_much(bookstore: Bookstore) -> None:
    small = AppClient(create_app(Settings(max_cost=5), bookstore))
    assert small.data("{ books(limit: 5) { id } }")["books"]
    assert refused(small.ask("{ books(limit: 6) { id } }"))["extensions"]["cost"] == 6


def nested(levels: int) -> str:
    """A query so many fields deep."""
    relations = (levels - 2) * ["author", "books(limit: 1)"]
    inner = relations[: levels - 2]
    return "{ book(id: 1) {" + "{".join([*inner, " id "]) + "}" * (levels)


@EACH_PATH
def test_depth_has_a_limit(client: AppClient, path: str) -> None:
    assert client.data(nested(limits.MAX_GRAPHQL_DEPTH), path)["book"]
    error = refused(client.ask(nested(limits.MAX_GRAPHQL_DEPTH + 1), path))
    assert "at most 9 fields deep, got 10" in error["message"]
    assert "cost" not in error["extensions"]


def test_fragments_hide_no_depth(client: AppClient) -> None:
    inner = nested(limits.MAX_GRAPHQL_DEPTH).removeprefix("{ book(id: 1) {")[:-2]
    query = "{ order(id: 1) { items { book { ...A } } } } fragment A on Book {"
    refused(client.ask(f"{query} {inner} }}"))


def test_what_wraps_the_objects_of_a_connection_is_no_level(client: AppClient) -> None:
    inner = nested(limits.MAX_GRAPHQL_DEPTH).removeprefix("{ book(id: 1) {")[:-2]
    query = "{ booksConnection(first: 1) { edges { node { %s } } } }"
    assert client.data(query % inner)["booksConnection"]["edges"]
    refused(client.ask(query % f"author {{ books(limit: 1) {{ {inner} }} }}"))


@EACH_PATH
def test_aliases_have_a_limit(client: AppClient, path: str) -> None:
    def query(count: int) -> str:
        return "{" + " ".join(f"a{n}: __typename" for n in range(count)) + "}"

    assert len(client.data(query(limits.MAX_ALIASES), path)) == limits.MAX_ALIASES
    error = refused(client.ask(query(limits.MAX_ALIASES + 1), path))
    assert "at most 100 aliases" in error["message"]


def test_an_alias_in_a_fragment_counts_wherever_it_is_used(client: AppClient) -> None:
    fragment = "fragment F on Book { a: id b: title c: price }"
    uses = " ".join(f"x{n}: book(id: 1) {{ ...F }}" for n in range(25))
    assert len(client.data(f"{{ {uses} }} {fragment}")) == 25
    refused(client.ask(f"{{ {uses} x: book(id: 1) {{ ...F }} }} {fragment}"))


RENAME = 'mutation { updateAuthor(id: 1, input: {name: "X"}) { name %s } }'


@pytest.mark.parametrize(
    "query",
    [
        RENAME % "books(limit: 100) { author { books(limit: 100) { id } } }",
        RENAME % " ".join(f"a{n}: name" for n in range(101)),
        RENAME % ("books { author {" * 4 + " id " + "} }" * 4),
    ],
    ids=["cost", "aliases", "depth"],
)
def test_a_mutation_that_gives_too_much_changes_nothing(own_client: AppClient, query: str) -> None:
    before = own_client.data("{ author(id: 1) { name } }")
    refused(own_client.ask(query))
    assert own_client.data("{ author(id: 1) { name } }") == before


def test_fragments_within_fragments_take_one_pass() -> None:
    # Each uses the next twice: expanded, these would be 2**60 fields.
    levels = 60
    parts = [
        f"fragment F{n} on Book {{ ...G{n} author {{ books {{ ...F{n + 1} }} }} }}"
        f"fragment G{n} on Book {{ author {{ books {{ ...F{n + 1} x: title }} }} }}"
        for n in range(levels)
    ]
    text = "{ book(id: 1) { ...F0 } }" + "".join(parts) + f"fragment F{levels} on Book {{ id }}"
    operation, *rest = parse(text).definitions
    shape = shape_of(operation.selection_set, {d.name.value: d for d in rest})
    assert shape.depth == 2 * levels + 2
    assert shape.aliases == 2**levels - 1


@pytest.mark.parametrize("spread", ["...F{n} ...F{n}", "... {{ ...F{n} }} ... {{ ...F{n} }}"])
def test_fragments_of_the_same_object_take_one_pass(spread: str) -> None:
    parts = [
        f"fragment F{n} on Author {{ {spread.format(n=n + 1)} books {{ id }} }}" for n in range(60)
    ]
    text = "{ author(id: 1) { ...F0 } }" + "".join(parts) + "fragment F60 on Author { name }"
    assert cost(text) == 21


def test_introspection_is_exempt_from_depth_and_cost(bookstore: Bookstore) -> None:
    client = AppClient(create_app(Settings(max_cost=1), bookstore))
    kinds = "ofType { " * 9 + "name" + " }" * 9
    assert client.data(f"{{ __schema {{ types {{ fields {{ type {{ {kinds} }} }} }} }} }}")


@EACH_PATH
def test_the_cost_is_told_to_who_asks(client: AppClient, path: str) -> None:
    def ask(query: str) -> Any:
        return client.post({"query": query, "extensions": {"cost": True}}, path).json

    told = {"cost": {"computed": 40, "limit": 10_000}}
    assert ask("{ books { author { id } } }")["extensions"] == told
    failed = ask("{ book(id: 0) { author { id } } }")
    assert failed["errors"]
    assert failed["extensions"]["cost"]["computed"] == 2
    assert "extensions" not in client.ask("{ books { id } }", path).json
    by_get = client.get(f'{path}?query={{__typename}}&extensions={{"cost":true}}')
    assert by_get.json["extensions"]["cost"]["computed"] == 0


def test_the_wish_for_the_cost_is_true_or_false(client: AppClient) -> None:
    response = client.post({"query": "{ __typename }", "extensions": {"cost": 1}})
    assert response.status == 400
    assert response.json["errors"][0]["extensions"]["field"] == "extensions.cost"
