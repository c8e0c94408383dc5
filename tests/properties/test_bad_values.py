"""Random values, bodies and paths: never a 5xx, and what is refused leaves nothing behind."""

import json
import math
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared import models
from tests.contract.answer import Answer, Driver
from tests.contract.case import NEW
from tests.contract.graphql_driver import read
from tests.contract.runner import Watch, fresh
from tests.exchange import Response
from tests.fixtures import Pair
from tests.properties.budget import budget

Drivers = dict[str, Driver]

SHAPES: dict[str, type[BaseModel]] = {
    "author": models.Author,
    "book": models.Book,
    "customer": models.Customer,
    "order": models.Order,
}
TEXT = st.text(max_size=12)
LONE = st.sampled_from(["\ud83d", "a\udc00b", "\0", "\x1f", "\u2028", "x" * 6_000, "٣", "\uff11"])
NUMBERS = (
    st.integers(-5, 5)
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**400, -0.0, 1e308, 5e-324, 0.1 + 0.2])
    | st.floats(allow_nan=False, allow_infinity=False)
)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXT | LONE
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
QUERY_NAMES = (
    "limit offset sort ids fields author_id genre min_price max_price search customer_id status x"
).split()
QUERY_VALUES = TEXT | LONE | NUMBERS.map(str) | st.sampled_from(
    ["1,2", "1,,2", ",", "-id", "id", "title,author", "author.", "1e3", "NaN", "inf", "0x1", ""]
)  # fmt: skip
API = st.sampled_from(["rest", "graphql"])


def keep(answer: Answer, watch: Watch, before: int, kind: str) -> None:
    """Refused and nothing written, or taken and right."""
    assert answer.response.status < 500, answer
    if answer.code:
        assert answer.code != "INTERNAL", answer
        assert answer.message.isprintable() or "\n" not in answer.message
        assert watch.version() == before, f"refused, and yet something was written: {answer}"
    else:
        SHAPES[kind].model_validate(answer.value)


def try_a_member(
    writing: Drivers, watch: Watch, api: str, kind: str, name: str, value: Any, create: bool
) -> None:
    values = {**NEW[kind](), "isbn": fresh("isbn"), "email": fresh("email")}
    fields = SHAPES[kind].model_fields.keys() - {"id"}
    values = {field: values[field] for field in fields} | {name: value}
    before = watch.version()
    if create:
        answer = writing[api].run(f"create_{kind}", {"values": values})
    else:
        answer = writing[api].run(f"update_{kind}", {"id": 15, "values": {name: value}})
    keep(answer, watch, before, kind)


MEMBERS = [(kind, name) for kind, shape in SHAPES.items() if kind != "order"
           for name in shape.model_fields]  # fmt: skip


@budget(60)  # and many more with --all
@given(
    api=API,
    member=st.sampled_from(MEMBERS),
    value=JSON,
    create=st.booleans(),
)
def test_any_value_of_any_member(
    writing: Drivers,
    watch: Watch,
    api: str,
    member: tuple[str, str],
    value: Any,
    create: bool,
) -> None:
    try_a_member(writing, watch, api, *member, value, create)


@pytest.mark.slow
@budget(5_000)
@given(api=API, member=st.sampled_from(MEMBERS), value=JSON, create=st.booleans())
def test_many_values_of_any_member(
    writing: Drivers,
    watch: Watch,
    api: str,
    member: tuple[str, str],
    value: Any,
    create: bool,
) -> None:
    try_a_member(writing, watch, api, *member, value, create)


@budget(80)
@given(api=API, customer=JSON | st.just(1), items=JSON | st.lists(
    st.fixed_dictionaries({"book_id": JSON | st.integers(1, 9), "quantity": JSON | st.just(1)}),
    max_size=3,
))  # fmt: skip
def test_any_order(writing: Drivers, watch: Watch, api: str, customer: Any, items: Any) -> None:
    before = watch.version()
    values = {"customer_id": customer, "items": items}
    keep(writing[api].run("place_order", {"values": values}), watch, before, "order")


@budget(150)
@given(
    path=st.sampled_from(["/authors", "/books", "/customers", "/orders", "/authors/1/books",
                          "/customers/1/orders", "/books/1", "/orders/1"]),
    query=st.dictionaries(st.sampled_from(QUERY_NAMES), QUERY_VALUES, min_size=1, max_size=3),
)  # fmt: skip
def test_any_query(reading_pair: Pair, path: str, query: dict[str, str]) -> None:
    response = reading_pair.rest.request("GET", path, query=query)
    assert response.status in (200, 422), response
    if response.status == 422:
        assert response.json["errors"][0]["field"], response


@budget(100)
@given(segments=st.lists(st.binary(min_size=1, max_size=6), min_size=1, max_size=3),
       root=st.sampled_from(["", "/books", "/docs", "/authors/1"]))  # fmt: skip
def test_any_path(reading_pair: Pair, root: str, segments: list[bytes]) -> None:
    path = root + "".join(f"/{quote_from_bytes(one, safe='')}" for one in segments)
    for client in (reading_pair.rest, reading_pair.graphql):
        response = client.get(path)
        assert response.status < 500, response
        assert response.status != 200 or root or len(segments) == 1


@budget(150)
@given(body=st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body(writing_pair: Pair, watch: Watch, body: bytes) -> None:
    before = watch.version()
    headers = {"Content-Type": "application/json"}
    for client, path in (
        (writing_pair.rest, "/authors"),
        (writing_pair.rest, "/orders"),
        (writing_pair.graphql, "/graphql"),
    ):
        response = client.request("POST", path, body=body, headers=headers)
        assert response.status in (200, 400, 422), response
    assert watch.version() == before


WORDS = st.sampled_from(
    "{ } ( ) [ ] ! : $ @ | & = ... query mutation fragment on book books author id limit title "
    'name true null 1 -1 2.5 1e999 "text" """block""" $id # @skip(if:true) __typename __schema '
    "\ufeff \\u0000".split()
)


@budget(200)
@given(words=st.lists(WORDS, min_size=1, max_size=25), variables=JSON)
def test_any_document(reading_pair: Pair, words: list[str], variables: Any) -> None:
    request = {"query": " ".join(words), "variables": variables}
    answer = read(reading_pair.graphql.post("/graphql", request))
    assert answer.code != "INTERNAL", answer


@budget(100)
@given(value=JSON)
def test_any_variable(reading_pair: Pair, value: Any) -> None:
    for kind, use in (
        ("Int!", "book(id: $v) { id }"),
        ("[Int!]", "books(ids: $v) { id }"),
        ("BookFilter", "books(filter: $v) { id }"),
        ("String!", "searchBooks(query: $v) { id }"),
        ("OrderSort", "orders(sort: $v) { id }"),
    ):
        request = {"query": f"query($v: {kind}) {{ {use} }}", "variables": {"v": value}}
        response: Response = reading_pair.graphql.post("/graphql", request)
        answer = read(response)
        assert answer.code in (None, "VALIDATION", "MALFORMED_BODY"), answer


def test_numbers_that_json_does_not_have(writing_pair: Pair) -> None:
    for number in (math.nan, math.inf):
        body = json.dumps({"name": number}).encode()
        headers = {"Content-Type": "application/json"}
        response = writing_pair.rest.request("POST", "/authors", body=body, headers=headers)
        assert response.status == 400
