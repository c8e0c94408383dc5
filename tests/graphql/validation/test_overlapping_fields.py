"""What would take long to validate is refused before, and what clients really send is not."""

import pytest
from graphql import get_introspection_query

from graphql_api.validation.documents import MAX_CHARACTERS
from shared.limits import MAX_VIOLATIONS
from tests.graphql.client import AppClient
from tests.graphql.validation.test_complexity import refused


def fragments(count: int, fields: str) -> str:
    return " ".join(f"fragment F{n} on Book {{ {fields} }}" for n in range(count))


def spreads(count: int) -> str:
    return " ".join(f"...F{n}" for n in range(count))


LEVELS = (
    "{ book(id: 1) { ...F author { books { ...F } } } } fragment F on Book { id author { id } }"
)
REPEATED = [
    "{" + "books{id}" * 450 + "}",
    "{" + "__typename " * 150 + "}",
    "{" + "...{__typename}" * 150 + "}",
    "{ book(id: 1) {" + spreads(80) + "} }" + fragments(80, "id"),
    "{" + "book(id:1){id ...F}" * 30 + "} fragment F on Book {" + " id" * 30 + "}",
]  # fmt: skip


@pytest.mark.parametrize("query", REPEATED)
def test_fields_that_are_repeated_too_often_are_refused(client: AppClient, query: str) -> None:
    assert "repeats the same fields" in refused(client.ask(query))["message"]


def test_fragments_within_fragments_have_a_limit(client: AppClient) -> None:
    below = "author {{ a: books {{ ...F{0} }} b: books {{ ...F{0} }} }}"
    parts = [f"fragment F{n} on Book {{ {below.format(n + 1)} }}" for n in range(20)]
    query = f"{{ book(id: 1) {{ ...F0 }} }} {' '.join(parts)} fragment F20 on Book {{ id }}"
    assert "at most 5,000 fields" in refused(client.ask(query))["message"]


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(),
        f"{{ books(limit: 2) {{ {spreads(50)} }} }}" + fragments(50, "__typename id"),
        "{" + " ".join(f"a{n}: book(id: 1) {{ __typename id ...F0 }}" for n in range(90))
        + "}" + fragments(1, "__typename id title author { __typename id name }"),
        LEVELS,
    ],
    ids=["introspection", "components", "aliases", "levels"],
)  # fmt: skip
def test_what_clients_send_is_answered(client: AppClient, query: str) -> None:
    assert client.data(query)


def test_a_long_text_is_refused_before_it_is_read(client: AppClient) -> None:
    query = "{ __typename }"
    assert client.data(query.ljust(MAX_CHARACTERS))
    error = refused(client.ask(query.ljust(MAX_CHARACTERS + 1)))
    assert "at most 100,000 characters" in error["message"]


def test_a_fragment_within_itself_is_told_as_such(client: AppClient) -> None:
    query = "{ book(id: 1) { ...F } } fragment F on Book { author { books { ...F } } }"
    assert "within itself" in client.error(query)["message"]


def test_errors_have_a_limit_that_is_told(client: AppClient) -> None:
    def errors(count: int) -> list[dict[str, str]]:
        query = "{" + " ".join(f"wrong{n}" for n in range(count)) + "}"
        found = client.ask(query).json["errors"]
        assert isinstance(found, list)
        return found

    assert len(errors(MAX_VIOLATIONS - 1)) == MAX_VIOLATIONS - 1
    *first, last = errors(MAX_VIOLATIONS)
    assert len(first) == MAX_VIOLATIONS - 1
    assert last["message"] == "the query has more errors than these 19"
    assert last["extensions"] == {"code": "TOO_COMPLEX"}


def test_nesting_has_a_limit_that_is_told(client: AppClient) -> None:
    inner = "author{books{" * 10 + "...F{0}" + "}}" * 10
    parts = [f"fragment F{n} on Book {{ {inner.replace('{0}', str(n + 1))} }}" for n in range(20)]
    query = f"{{ book(id: 1) {{ ...F0 }} }} {' '.join(parts)} fragment F20 on Book {{ id }}"
    assert "nests its fields or fragments too deeply" in refused(client.ask(query))["message"]
