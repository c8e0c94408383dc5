"""BOOKSTORE_TRACE=1: each answer of both servers lists its SQL statements, without any value."""

import json
from collections.abc import Iterator

import pytest

from tests.exchange import Response
from tests.fixtures import Pair, running_pair

QUERY = '{ books(filter: {genre: "Travel"}, limit: 3) { title author { name } } }'
ASKED = {
    "rest": ("GET", "/books?genre=Travel&limit=3&fields=title,author.name", None),
    "graphql": ("POST", "/graphql", {"query": QUERY}),
}
EACH = pytest.mark.parametrize("api", ASKED)


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers with the setting."""
    with running_pair(tmp_path_factory.mktemp("traced"), trace="1") as pair:
        yield pair


def asked(pair: Pair, api: str, **headers: str) -> Response:
    method, path, body = ASKED[api]
    return getattr(pair, api).request(method, path, json_body=body, headers=headers)


@EACH
def test_an_answer_lists_its_statements(traced: Pair, api: str) -> None:
    response = asked(traced, api)
    trace = json.loads(response.headers["sql-trace"])
    assert len(trace["statements"]) == response.statements == 2
    assert trace["more"] == 0
    texts = [trace["texts"][place] for place, _ in trace["statements"]]
    assert "FROM book" in texts[0]
    assert "author.name" in texts[1]
    assert all(0 <= ms < 10_000 for _, ms in trace["statements"])
    assert "Travel" not in response.headers["sql-trace"]


@EACH
def test_a_text_stands_once_however_often_it_is_run(traced: Pair, api: str) -> None:
    if api == "rest":
        response = traced.rest.get("/ping")
        assert json.loads(response.headers["sql-trace"]) == {
            "texts": [], "statements": [], "more": 0,
        }  # fmt: skip
        return
    query = "{ books(limit: 20) { title author { name } } }"
    response = traced.graphql.request("POST", "/graphql/unbatched", json_body={"query": query})
    trace = json.loads(response.headers["sql-trace"])
    assert len(trace["statements"]) == response.statements == 21
    assert len(trace["texts"]) == 2


def test_what_has_no_room_is_counted(traced: Pair) -> None:
    """Each list of other fields is another text of SQL."""
    names = ("title", "isbn", "price", "genre", "stock", "description", "publicationDate")
    lists = [
        " ".join(name for bit, name in enumerate(names) if number & 1 << bit)
        for number in range(48, 128)
    ]
    books = " ".join(
        f"b{k}: books(filter: $filter, sort: PRICE) {{ {fields} }}"
        for k, fields in enumerate(lists)
    )
    body = {
        "query": f"query ($filter: BookFilter) {{ {books} }}",
        "variables": {"filter": {"genre": "Travel", "minPrice": 1, "maxPrice": 99}},
    }
    response = traced.graphql.request("POST", "/graphql", json_body=body)
    header = response.headers["sql-trace"]
    trace = json.loads(header)
    assert response.statements == len(lists)
    assert len(header) < 17_000
    assert trace["more"] > 0
    assert len(trace["statements"]) + trace["more"] == response.statements
    assert {place for place, _ in trace["statements"]} == {*range(len(trace["texts"]))}


@EACH
def test_without_it_nothing_is_told(reading_pair: Pair, api: str) -> None:
    assert "sql-trace" not in asked(reading_pair, api).headers
