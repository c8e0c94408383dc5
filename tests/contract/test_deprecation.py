"""A deprecated field is deprecated on both servers alike, and each says so in its own way."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from graphql import build_client_schema, get_introspection_query
from requests.utils import parse_header_links

from tests.contract.graphql_driver import read
from tests.exchange import Response
from tests.fixtures import ENDPOINTS, Pair

SAID = ("deprecation", "sunset")
SHOWING = [
    "/customers/1/orders",  # whose summaries have it without being asked
    "/customers/1/orders?limit=1&fields=item_count",
    "/customers/1?fields=name,orders.item_count",
    "/customers?limit=1&fields=orders.item_count",
    "/orders/1?fields=customer.orders.item_count",
    "/orders?fields=id,item_count",
    "/orders?ids=1,2&fields=item_count",
    "/orders/1?fields=item_count",
]
OTHERS = [
    "/customers/1/orders?fields=order_date,status,items.quantity",
    "/customers/1",
    "/customers/1?fields=orders",
    "/orders",
    "/orders/1",
    "/orders/1?fields=items.quantity",
    "/books/1?fields=author.books.title",
    "/orders/99999?fields=item_count",
    "/orders?fields=item_count,nonsense",
    "/deprecations",
]


@pytest.fixture(scope="module")
def listed(reading_pair: Pair) -> dict[str, str]:
    """What the REST server says of its one deprecated field."""
    (said,) = reading_pair.rest.get("/deprecations").json
    assert (said["resource"], said["field"]) == ("order", "item_count")
    return dict(said)


def links(response: Response) -> dict[str, str]:
    """The addresses of a `Link` header by their relation."""
    return {one["rel"]: one["url"] for one in parse_header_links(response.headers.get("link", ""))}


def test_both_descriptions_deprecate_the_same_members(
    reading_pair: Pair, listed: dict[str, str]
) -> None:
    document = reading_pair.rest.get("/openapi.json").json
    schemas: dict[str, Any] = document["components"]["schemas"]
    members = {
        (schema, name): member
        for schema, one in schemas.items()
        for name, member in one.get("properties", {}).items()
        if member.get("deprecated")
    }
    kinds = ("OrderSelection", "OrderSummary", "OrderUpdate")
    assert sorted(members) == [(kind, listed["field"]) for kind in kinds]
    for member in members.values():
        assert listed["reason"] in member["description"]
        assert f"From {listed['sunset'][:10]} on it may be gone." in member["description"]
    for endpoint in ENDPOINTS:
        answer = reading_pair.graphql.post(endpoint, {"query": get_introspection_query()})
        schema = build_client_schema(read(answer).value)
        deprecated = {
            (name, field): member.deprecation_reason
            for name, one in schema.type_map.items()
            for field, member in getattr(one, "fields", {}).items()
            if member.deprecation_reason is not None
        }
        assert deprecated == {("Order", "itemCount"): listed["reason"]}


@pytest.mark.parametrize("path", SHOWING)
def test_an_answer_with_the_field_says_since_when_and_until_when(
    reading_pair: Pair, listed: dict[str, str], path: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = reading_pair.rest.request(method, path)
        assert answer.status == 200
        seconds = re.fullmatch("@(0|[1-9][0-9]*)", answer.headers["deprecation"])
        assert seconds, "RFC 9651, 3.3.7: an integer of seconds"
        since = datetime.fromtimestamp(int(seconds[1]), tz=UTC)
        sunset = parsedate_to_datetime(answer.headers["sunset"])
        assert re.fullmatch(
            "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", answer.headers["sunset"]
        ), "RFC 9110, 5.6.7: an HTTP-date"
        assert [since, sunset] == [datetime.fromisoformat(listed[n]) for n in ("since", "sunset")]
        assert since <= sunset, "RFC 9745, 4"
        assert links(answer)["deprecation"] == "/deprecations"


def test_the_links_of_a_list_stay_beside_it(reading_pair: Pair) -> None:
    answer = reading_pair.rest.get("/customers/1/orders", limit=2, offset=2)
    assert links(answer).keys() == {"first", "prev", "next", "deprecation"}
    following = reading_pair.rest.get(links(answer)["next"])
    assert [order["id"] for order in following.json] == [5]


@pytest.mark.parametrize("path", OTHERS)
def test_no_other_answer_says_anything(reading_pair: Pair, path: str) -> None:
    answer = reading_pair.rest.get(path)
    assert {*SAID}.isdisjoint(answer.headers)
    assert "deprecation" not in links(answer)


def test_what_the_client_has_already_is_not_said_again(reading_pair: Pair) -> None:
    """The head of a 304 has what tells the state, and no more (RFC 9110, 15.4.5)."""
    for path in SHOWING:
        tag = reading_pair.rest.get(path).headers["etag"]
        again = reading_pair.rest.request("GET", path, headers={"If-None-Match": tag})
        assert again.status == 304
        assert {*SAID, "link"}.isdisjoint(again.headers)


def test_a_write_that_is_answered_with_the_field_says_so(writing_pair: Pair) -> None:
    rest = writing_pair.rest
    buyer = rest.post("/customers", {"name": "Sam Ito", "email": f"{uuid4()}@example.com"}).json[
        "id"
    ]
    order = {"customer_id": buyer, "items": [{"book_id": 1, "quantity": 2}]}
    for fields, is_shown in (("item_count", True), ("id", False)):
        query = f"?{urlencode({'fields': f'id,{fields}'})}"
        placed = rest.post(f"/orders{query}", order)
        assert placed.status == 201
        path = f"/orders/{placed.json['id']}{query}"
        cancelled = rest.request("PATCH", path, json_body={"status": "cancelled"})
        assert cancelled.status == 200
        for answer in (placed, cancelled):
            assert [name in answer.headers for name in SAID] == [is_shown, is_shown]
            assert ("deprecation" in links(answer)) == is_shown


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_over_graphql_the_schema_alone_says_it(reading_pair: Pair, endpoint: str) -> None:
    """The address stays whatever becomes of one field, and one answer has many operations' fields.

    A client knows the fields that it asks for by its document, before it sends anything.
    """
    answer = reading_pair.graphql.post(endpoint, {"query": "{ order(id: 1) { itemCount } }"})
    assert answer.json == {"data": {"order": {"itemCount": 3}}}
    assert {*SAID, "link"}.isdisjoint(answer.headers)
