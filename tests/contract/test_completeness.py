"""Claims of completeness: every operation on both APIs, every route and field in the contract."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from graphql import GraphQLSchema, build_client_schema, build_schema, get_introspection_query
from graphql.utilities import find_breaking_changes

from shared.operations import authors, books, customers, orders
from tests.contract.catalogue import CASES
from tests.contract.catalogue.guarded import GUARDED
from tests.contract.graphql_driver import read
from tests.contract.graphql_operations import FULL, OPERATIONS
from tests.contract.rest_driver import ROUTES
from tests.fixtures import ENDPOINTS, Pair

RESOURCES = ("author", "book", "customer", "order")
# Events have no answer that a case could compare: tests of their own open their streams.
EVENTS = ("GET", "/orders/{id}/events")
OWN_PATHS = ("/", "/ping", "/health", "/openapi.json", "/deprecations")
MODULES = (authors, books, customers, orders)
CONTRACT = Path(__file__).with_name("contract.graphql")


def operations(module: ModuleType) -> Iterator[str]:
    """The bookstore's operations: the functions and methods that are given a connection first."""
    for name, function in inspect.getmembers(module, inspect.isroutine):
        first = next(iter(inspect.signature(function).parameters), "")
        is_here = inspect.ismethod(function) or function.__module__ == module.__name__
        own = is_here and not name.startswith("_")
        if own and first == "connection":
            yield name


OPERATION_NAMES = [name for module in MODULES for name in operations(module)]


def test_the_bookstore_has_its_operations() -> None:
    assert len(OPERATION_NAMES) == 25


@pytest.mark.parametrize("name", OPERATION_NAMES)
def test_every_operation_is_served_by_both_apis_and_has_cases(name: str) -> None:
    assert name in ROUTES
    assert name in OPERATIONS
    steps = [step for case in CASES for step in case.steps if step.operation == name]
    assert any(step.refuses for step in steps)
    assert any(not step.refuses for step in steps)


def test_there_is_no_case_of_what_is_no_operation() -> None:
    pages = (f"page_{name}s" for name in RESOURCES)
    known = {*OPERATION_NAMES, "search_books", *pages}
    assert {step.operation for case in (*CASES, *GUARDED) for step in case.steps} <= known
    assert set(ROUTES) == set(OPERATIONS) == known


def test_every_rest_operation_is_described_and_tried(reading_pair: Pair) -> None:
    """Whatever /openapi.json describes is in the contract, or is the server's own."""
    document = reading_pair.rest.get("/openapi.json").json
    described = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if path not in OWN_PATHS and "/problems/" not in path
    }
    assert described - {EVENTS} == set(ROUTES.values())


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build_schema(CONTRACT.read_text())


@pytest.fixture(scope="module", params=ENDPOINTS)
def served(request: pytest.FixtureRequest, reading_pair: Pair) -> GraphQLSchema:
    """The schema as its introspection tells it."""
    response = reading_pair.graphql.post(request.param, {"query": get_introspection_query()})
    return build_client_schema(read(response).value)


def test_the_served_schema_keeps_the_contract(
    contract: GraphQLSchema, served: GraphQLSchema
) -> None:
    assert [change.description for change in find_breaking_changes(contract, served)] == []


def test_the_served_schema_is_the_one_that_is_written_down(
    served: GraphQLSchema, reading_pair: Pair
) -> None:
    text = reading_pair.graphql.get("/schema.graphql").content.decode()
    written = build_schema(text)
    assert find_breaking_changes(written, served) == []
    assert find_breaking_changes(served, written) == []
    assert text == (CONTRACT.parents[2] / "graphql_api" / "schema.graphql").read_text()


def test_every_query_and_mutation_has_cases(contract: GraphQLSchema) -> None:
    tried = {field for _, field, _ in OPERATIONS.values()}
    assert contract.query_type
    assert contract.mutation_type
    assert tried == {*contract.query_type.fields, *contract.mutation_type.fields}


def test_both_apis_show_the_same_members(reading_pair: Pair) -> None:
    """The full representations of REST are the fields that the cases ask GraphQL for."""
    for name in RESOURCES:
        record = reading_pair.rest.get(f"/{name}s/1").json
        assert ",".join(record) == FULL[name]
    assert ",".join(reading_pair.rest.get("/orders/1").json["items"][0]) == FULL["item"]
    assert ",".join(reading_pair.rest.get("/customers/1/orders").json[0]) == FULL["summary"]
