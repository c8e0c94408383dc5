"""The planned endpoint gives what the ordinary one gives, member for member, errors as well."""

import random
import re

import pytest
from graphql import parse, validate

from graphql_api.schema import executable
from tests.graphql.client import AppClient
from tests.graphql.test_levels import written

PATHS = ("/graphql", "/graphql/planned")
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
    "{ orders(filter: {status: paid}, sort: TOTAL_AMOUNT_DESC, limit: 3) { status itemCount items { price } } }",
    "{ customer(id: 1) { orders(sort: ORDER_DATE_DESC, limit: 2, offset: 1) { id customer { name } } } }",
    "{ booksConnection(first: 2) { edges { cursor node { title } } } }",
    "{ a: authors(limit: 1) { n: name x: books(limit: 1) { id } y: books(offset: 1) { id } } }",
]


def answers(client: AppClient, query: str, **variables: object) -> list[str]:
    found = [client.ask(query, path, **variables) for path in PATHS]
    assert found[0].status == found[1].status
    return [one.body.decode() for one in found]


@pytest.mark.parametrize("seed", range(300))
def test_a_random_query_gives_the_same_answer(client: AppClient, seed: int) -> None:
    assert executable.query_type
    query = written(random.Random(seed + 10_000), executable.query_type, 4)
    assert validate(executable, parse(query)) == [], query
    ordinary, planned = answers(client, query)
    assert planned == ordinary, query


@pytest.mark.parametrize("query", PLAIN + ERRORS)
def test_these_too(client: AppClient, query: str) -> None:
    ordinary, planned = answers(client, query)
    assert re.sub("urn:uuid:[^ ]*", "", planned) == re.sub("urn:uuid:[^ ]*", "", ordinary)
