"""Errors: a code on each, the field to blame, and nothing of what nobody expected."""

from typing import Any

import pytest

from graphql_api.validation.documents import MAX_TOKENS
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)
ORDER = "mutation { placeOrder(input: {customerId: 1, items: [%s]}) { id } }"
NESTED = "{author(id:1)" + "{books(limit:1){author" * 150 + "{id}" + "}}" * 150 + "}"


@EACH_PATH
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ book(id: 1) { title \0 } }", "GRAPHQL_PARSE_FAILED"),
        ("{ book(id: 1) { title } } # \ud800", "GRAPHQL_PARSE_FAILED"),
        ("{" * 100_000, "GRAPHQL_PARSE_FAILED"),
        (NESTED, "GRAPHQL_PARSE_FAILED"),
        ("{" + " __typename" * MAX_TOKENS + "}", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ book { title } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ book(id: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: Int) { book(id: $id) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { book }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ book(id: \"1\") { title } }", "VALIDATION"),
        ("{ book(id: 2147483648) { title } }", "VALIDATION"),
        (f"{{ book(id: {'1' * 5_000}) {{ title }} }}", "VALIDATION"),
        ("{ book(id: 0) { title } }", "VALIDATION"),
        ("{ books(ids: [1], limit: 1) { title } }", "VALIDATION"),
        ("{ books(ids: [1], limit: 20) { title } }", "VALIDATION"),  # not declared as a default
        ("{ books(ids: [1], sort: ID) { title } }", "VALIDATION"),
        ("{ orders(ids: [1], offset: 1) { id } }", "VALIDATION"),
        ("mutation { deleteBook(id: 999999) }", "NOT_FOUND"),
        ("mutation { deleteAuthor(id: 1) }", "IN_USE"),
        ("mutation { setOrderStatus(id: 1, status: delivered) { id } }", "INVALID_TRANSITION"),
        ("mutation { updateBook(id: 1, input: {authorId: 999999}) { id } }", "UNKNOWN_REFERENCE"),
        (
            'mutation { updateAuthor(id: 1, input: {email: "jonas.keller@example.com"}) { id } }',
            "DUPLICATE",
        ),
        (ORDER % "{bookId: 1, quantity: 1000}", "OUT_OF_STOCK"),
    ],
)  # fmt: skip
def test_an_error_has_its_code(client: AppClient, query: str, code: str, path: str) -> None:
    assert client.error(query, path)["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ book(id: null) { id } }", "id"),
        ("{ books(limit: 0) { id } }", "limit"),
        ("{ books(sort: PAGES) { id } }", "sort"),
        ('{ books(sort: "ID") { id } }', "sort"),
        ("{ books(ids: [1, 2.5]) { id } }", "ids.1"),
        ("{ books(filter: {pages: 3}) { id } }", "filter.pages"),
        ("{ books(filter: {minPrice: 1.999}) { id } }", "filter.minPrice"),
        ('{ searchBooks(query: "ab") { id } }', "query"),
        ("{ authors { books(offset: 10001) { id } } }", "offset"),
        ("mutation { updateBook(id: 0, input: {}) { id } }", "id"),
        ('mutation { createAuthor(input: {name: "X"}) { id } }', "input.email"),
        ("mutation { updateBook(id: 1, input: {stock: null}) { id } }", "input.stock"),
        ("mutation { updateBook(id: 1, input: {authorId: 99999}) { id } }", "input.authorId"),
        ("mutation { setOrderStatus(id: 1, status: PAID) { id } }", "status"),
        (ORDER % "{bookId: 1, quantity: 0}", "input.items.0.quantity"),
        (ORDER % "{bookId: 99999, quantity: 1}", "input.items.0.bookId"),
    ],
)
def test_the_field_to_blame_is_named_as_it_is_written(
    client: AppClient, query: str, field: str
) -> None:
    error = client.error(query)
    assert error["extensions"]["field"] == field
    assert error["message"].startswith(field)
    assert error["locations"]


@pytest.mark.parametrize(
    ("declared", "value", "field", "message"),
    [
        ("Int!", None, "v", "v must not be null"),
        ("Int!", "1", "v", "v must be a whole number of at most 32 bits, got '1'"),
        ("Int!", 2**31, "v", "v must be a whole number of at most 32 bits, got 2147483648"),
        (
            "Int!",
            10**40,
            "v",
            f"v must be a whole number of at most 32 bits, got 1{'0' * 40}",
        ),
        ("Int!", [1], "v", "v must be a whole number of at most 32 bits, got a list"),
        ("BookFilter!", 5, "v", "v must be an object, got 5"),
        ("BookFilter!", {"minPrice": "5"}, "v.minPrice", "v.minPrice must be a number, got '5'"),
        (
            "BookFilter!",
            {"minPrice": 12345678901234567890},
            "v.minPrice",
            "v.minPrice must be a number that 64 bits hold, got 12345678901234567890",
        ),
        ("BookFilter!", {"genre": 5}, "v.genre", "v.genre must be a string, got 5"),
        ("OrderCreate!", {"items": []}, "v.customerId", "v.customerId is required"),
        (
            "OrderCreate!",
            {"customerId": 1, "items": [{"bookId": 1, "quantity": True}]},
            "v.items.0.quantity",
            "v.items.0.quantity must be a whole number of at most 32 bits, got true",
        ),
        (
            "OrderStatus!",
            "PAID",
            "v",
            "v must be one of pending, paid, shipped, delivered, cancelled, got 'PAID'",
        ),
        (
            "AuthorCreate!",
            {"name": "X", "email": "x@example.com", "\ud800": 1},
            "v.\ud800",
            "v.\ud800 is not known here: known are name, email, bio",
        ),
    ],
)
def test_a_variable_that_does_not_fit_is_named(
    client: AppClient, declared: str, value: Any, field: str, message: str
) -> None:
    use = {
        "Int!": "{ book(id: $v) { id } }",
        "BookFilter!": "{ books(filter: $v) { id } }",
        "OrderStatus!": "{ orders(filter: {status: $v}) { id } }",
    }.get(declared)
    verb = {"OrderCreate!": "placeOrder", "AuthorCreate!": "createAuthor"}.get(declared)
    head = "query" if use else "mutation"
    response = client.ask(
        f"{head}($v: {declared}) {use or f'{{ {verb}(input: $v) {{ id }} }}'}", v=value
    )
    (error,) = response.json["errors"]
    assert "data" not in response.json  # nothing was executed
    assert error["extensions"]["code"] == "VALIDATION"
    assert (error["extensions"]["field"], error["message"]) == (field, message)


def test_all_that_is_wrong_with_an_input_is_named_at_once(client: AppClient) -> None:
    query = """mutation { createBook(input: {title: "", isbn: "1", price: 1.999,
        publicationDate: "2023-02-30", authorId: 0, genre: "X"}) { id } }"""
    named = client.error(query)["extensions"]["errors"]
    assert [error["field"] for error in named] == [
        "input.title", "input.isbn", "input.price", "input.publicationDate", "input.authorId",
    ]  # fmt: skip
    assert all(error["message"].startswith(error["field"]) for error in named)


def test_a_variable_within_a_literal_is_not_blamed_for_it(client: AppClient) -> None:
    query = "mutation($v: String!) { createAuthor(input: {name: $v, email: 5}) { id } }"
    named = client.error(query, v="X")["extensions"]["errors"]
    assert [error["field"] for error in named] == ["input.email"]


def test_a_variable_that_is_missing_is_named(client: AppClient) -> None:
    response = client.ask(
        "query($v: Int!, $w: Int = 1) { a: book(id: $v) { id } b: book(id: $w) { id } }"
    )
    (error,) = response.json["errors"]
    assert (error["message"], error["extensions"]["field"]) == ("v is required", "v")


def test_a_word_in_quotes_is_told_so(client: AppClient) -> None:
    error = client.error('{ orders(filter: {status: "paid"}) { id } }')
    assert error["message"].endswith("cancelled, without quotes, got 'paid'")


def test_a_long_list_of_bad_values_has_a_short_error(client: AppClient) -> None:
    response = client.ask("query($v: [Int!]) { books(ids: $v) { id } }", v=["x"] * 10_000)
    assert len(response.body) < 10_000
    assert response.json["errors"][0]["extensions"]["code"] == "VALIDATION"


def test_names_in_a_rule_are_spelt_as_here(client: AppClient) -> None:
    error = client.error("{ books(ids: [1], filter: {authorId: 1}) { id } }")
    assert error["message"].endswith("leave out authorId or ids")


@EACH_PATH
@pytest.mark.parametrize(
    "query",
    [
        "query($v: Int) { author(id: 1) { books(limit: $v) { id } } }",
        "query($v: Boolean = true) { book(id: 1) { title @include(if: $v) } }",
    ],
)
def test_a_null_where_none_may_be_is_the_clients(
    client: AppClient, query: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = client.error(query, path, v=None)
    assert error["extensions"]["code"] == "VALIDATION"
    assert error["extensions"]["field"] == "v"
    assert caplog.records == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("C", "operationName must be one of A, B, got 'C'"),
        (None, "operationName must be one of A, B: the query has several"),
    ],
)
def test_which_operation_must_be_clear(client: AppClient, name: str | None, message: str) -> None:
    query = "query A { book(id: 1) { id } } query B { book(id: 2) { id } }"
    (error,) = client.post({"query": query, "operationName": name}).json["errors"]
    assert error["message"] == message
    assert error["extensions"]["field"] == "operationName"
    answer = client.post({"query": query, "operationName": "B"}).json
    assert answer == {"data": {"book": {"id": 2}}}


@pytest.mark.parametrize("query", ["query A { book(id: 1) { id } }", "{ book(id: 1) { id } }"])
def test_a_name_that_is_given_must_be_right(client: AppClient, query: str) -> None:
    (error,) = client.post({"query": query, "operationName": "B"}).json["errors"]
    assert error["extensions"]["field"] == "operationName"
