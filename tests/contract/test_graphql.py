"""What GraphQL has of its own: its documents, mutations, statements and errors."""

from typing import Any

import pytest

from tests.contract.answer import neutral_field, snake
from tests.contract.catalogue.sample import AWAY
from tests.contract.document import Document
from tests.contract.graphql_cases import DOCUMENTS, GROWING
from tests.contract.graphql_driver import read
from tests.contract.runner import Watch
from tests.exchange import Client
from tests.fixtures import ENDPOINTS, Pair
from tests.model import SORTS, Model

EACH = pytest.mark.parametrize("endpoint", ENDPOINTS)


@pytest.fixture(scope="module")
def graphql(reading_pair: Pair) -> Client:
    return reading_pair.graphql


def run(client: Client, query: str, endpoint: str = "/graphql", **variables: Any) -> Any:
    """The data of a query that must not be refused."""
    answer = read(client.post(endpoint, {"query": query, "variables": variables}))
    assert answer.code is None, answer
    return answer.value


@EACH
@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.id)
def test_document(case: Document, endpoint: str, writing_pair: Pair, watch: Watch) -> None:
    before = watch.version()
    response = writing_pair.graphql.post(endpoint, case.request())
    answer = read(response)
    assert answer.code == case.code, f"{case}: {response}"
    assert "server-timing" in response.headers
    if case.code is None:
        assert case.data is None or answer.value == case.data, f"{case}: {response}"
        return
    named = f"{answer.field} {answer.message}"
    assert case.names is None or snake(case.names) in snake(named), f"{case}: {response}"
    assert watch.version() == before, f"{case}: something was written"


def test_every_document_has_an_id_of_its_own() -> None:
    ids = [case.id for case in DOCUMENTS]
    assert len(set(ids)) == len(ids)


# -- errors ----------------------------------------------------------------------------------


def test_an_error_says_where_it_belongs(writing_pair: Pair) -> None:
    query = f"mutation {{ gone: deleteBook(id: {AWAY}) }}"
    document = writing_pair.graphql.post("/graphql", {"query": query}).json
    assert document["data"] is None
    (error,) = document["errors"]
    assert error["path"] == ["gone"]
    assert error["locations"] == [{"line": 1, "column": 12}]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["message"] == f"there is no book with id {AWAY}"


def test_a_bad_nested_argument_says_which_field(graphql: Client) -> None:
    query = "{ authors(limit: 2) { id books(limit: 0) { id } } }"
    document = graphql.post("/graphql", {"query": query}).json
    assert document["data"] is None
    assert document["errors"][0]["path"][0] == "authors"
    assert document["errors"][0]["extensions"]["field"] == "limit"


def test_an_error_names_every_bad_member(writing_pair: Pair) -> None:
    bad = {
        "title": "",
        "price": -1,
        "isbn": "1",
        "publicationDate": "x",
        "authorId": 0,
        "genre": "",
    }
    answer = writing_pair.graphql.post(
        "/graphql",
        {
            "query": "mutation($input: BookCreate!) { createBook(input: $input) { id } }",
            "variables": {"input": bad},
        },
    ).json
    errors = answer["errors"][0]["extensions"]["errors"]
    assert {neutral_field(error["field"]) for error in errors} == {snake(name) for name in bad}


def test_mutations_run_in_their_order_and_one_that_fails_leaves_the_others(
    writing_pair: Pair,
) -> None:
    query = """mutation {
      first: createAuthor(input: {name: "First", email: "in.order@example.com"}) { id name }
      again: createAuthor(input: {name: "Again", email: "in.order@example.com"}) { id }
    }"""
    document = writing_pair.graphql.post("/graphql", {"query": query}).json
    assert document["errors"][0]["path"] == ["again"]
    assert document["errors"][0]["extensions"] == {
        "code": "DUPLICATE",
        "field": "input.email",
    }
    found = writing_pair.rest.get("/authors", sort="-id", limit=1).json
    assert found[0]["name"] == "First"


def test_several_mutations_each_see_the_one_before(writing_pair: Pair) -> None:
    query = """mutation {
      a: updateBook(id: 20, input: {stock: 7}) { stock }
      b: updateBook(id: 20, input: {stock: 9}) { stock }
      c: updateBook(id: 20, input: {stock: 8}) { stock author { books { id stock } } }
    }"""
    data = run(writing_pair.graphql, query)
    assert [data[name]["stock"] for name in "abc"] == [7, 9, 8]
    siblings = {book["id"]: book["stock"] for book in data["c"]["author"]["books"]}
    assert siblings.get(20, 8) == 8


def test_a_mutation_shows_what_it_has_changed_below_too(writing_pair: Pair) -> None:
    client = writing_pair.graphql
    made = run(
        client,
        'mutation { createAuthor(input: {name: "Before", email: "below@example.com"}) { id } }',
    )["createAuthor"]
    query = """mutation($id: Int!) {
      a: updateAuthor(id: $id, input: {name: "Between"}) { name }
      b: updateAuthor(id: $id, input: {name: "After"}) { name }
    }"""
    assert run(client, query, id=made["id"]) == {"a": {"name": "Between"}, "b": {"name": "After"}}


# -- nested pages ----------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize(
    ("name", "sort"),
    [(n, s) for n in ("book", "order") for key in SORTS[n] for s in (key, f"-{key}")],
)
def test_nested_pages_are_per_parent(
    graphql: Client, sample: Model, endpoint: str, name: str, sort: str
) -> None:
    parents, inner = {"book": ("authors", "books"), "order": ("customers", "orders")}[name]
    kind = f"{name.title()}Sort"
    key = f"{sort[1:]}_DESC".upper() if sort.startswith("-") else sort.upper()
    query = (
        f"query($limit: Int!, $offset: Int!, $sort: {kind}) {{ {parents}(limit: 12) {{ id "
        f"{inner}(limit: $limit, offset: $offset, sort: $sort) {{ id }} }} }}"
    )
    for limit, offset in ((3, 0), (2, 4), (100, 0), (20, 10_000)):
        found = run(graphql, query, endpoint, limit=limit, offset=offset, sort=key)[parents]
        assert found == [
            {
                "id": parent,
                inner: [
                    {"id": row["id"]} for row in sample.related(name, parent, sort, limit, offset)
                ],
            }
            for parent in range(1, 13)
        ]


def test_nested_lists_have_the_default_limit(graphql: Client, sample: Model) -> None:
    found = run(graphql, "{ authors(limit: 100) { id books { id } } }")["authors"]
    assert max(len(author["books"]) for author in found) == 20
    for author in found:
        expected = [{"id": book["id"]} for book in sample.related("book", author["id"])]
        assert author["books"] == expected


# -- statements ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GROWING)
def test_statements_grow_with_the_rows_on_the_textbook_endpoint_only(
    graphql: Client, name: str
) -> None:
    counts = {
        endpoint: [
            graphql.post(endpoint, {"query": GROWING[name], "variables": {"n": size}}).statements
            for size in (3, 15)
        ]
        for endpoint in ENDPOINTS
    }
    unbatched = counts.pop("/graphql/unbatched")
    for few, many in counts.values():
        assert few == many <= 4
    few, many = unbatched
    assert many >= few + 12


def test_all_endpoints_answer_the_same(graphql: Client) -> None:
    query = """{ customers(limit: 5) { name orders(limit: 4, sort: TOTAL_AMOUNT_DESC) { id itemCount
      items { quantity price book { title author { name books(limit: 2) { title } } } } } } }"""
    planned, batched, unbatched = (run(graphql, query, endpoint) for endpoint in ENDPOINTS)
    assert planned == batched == unbatched


def test_the_counts_of_the_contract(graphql: Client) -> None:
    def count(query: str) -> int:
        return graphql.post("/graphql", {"query": query}).statements

    assert count("{ author(id: 1) { name books { title } } }") == 2
    history = "{ customer(id: 1) { orders { orderDate items { quantity book { title %s } } } } }"
    assert count(history % "") == 4
    assert count(history % "author { name }") == 5
    assert count("{ books(limit: 20) { title price } }") == 1
    assert count("{ __typename }") == 0


def test_side_by_side_roots_share_their_loads(graphql: Client) -> None:
    roots = " ".join(f"b{n}: book(id: {n}) {{ author {{ name }} }}" for n in range(1, 16))
    query = f"{{ {roots} }}"
    batched = graphql.post("/graphql/dataloader", {"query": query}).statements
    unbatched = graphql.post("/graphql/unbatched", {"query": query}).statements
    assert batched == 2
    assert unbatched == 30
