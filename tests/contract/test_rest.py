"""What REST has of its own: its exchanges, links, heads and problem documents."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.contract.catalogue.sample import AWAY
from tests.contract.rest_cases import EXCHANGES, Exchange
from tests.contract.rest_driver import refusal
from tests.contract.runner import Watch
from tests.exchange import Client, Response
from tests.fixtures import Pair, running_pair
from tests.model import Model, summary
from tests.selection import slow


@pytest.fixture(scope="module")
def rest(reading_pair: Pair) -> Client:
    return reading_pair.rest


def send(client: Client, case: Exchange) -> Response:
    body = iter(case.chunks) if case.chunks is not None else case.body
    return client.request(case.method, case.path, body=body, headers=case.headers())


@pytest.mark.parametrize("case", EXCHANGES, ids=lambda case: case.id)
def test_exchange(case: Exchange, writing_pair: Pair, watch: Watch) -> None:
    before = watch.version()
    response = send(writing_pair.rest, case)
    assert response.status == case.status, f"{case}: {response}"
    for name, value in case.has.items():
        assert response.headers.get(name) == value, f"{case}: {name}"
    assert "server-timing" in response.headers, str(case)
    if case.code:
        answer = refusal(response)
        assert answer.code == case.code, f"{case}: {response}"
        assert answer.message, f"{case}: {response}"
        assert case.blames is None or answer.field == case.blames, f"{case}: {response}"
        assert watch.version() == before, f"{case}: something was written"


def test_every_exchange_has_an_id_of_its_own() -> None:
    ids = [case.id for case in EXCHANGES]
    assert len(set(ids)) == len(ids)


# -- problem documents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/books/abc", None),
        ("GET", "/nothing", None),
        ("PUT", "/orders/1", {}),
        ("GET", f"/books/{AWAY}", None),
        ("GET", "/books?sort=colour", None),
        ("POST", "/authors", {}),
        ("DELETE", "/authors/1", None),
    ],
)
def test_a_problem_has_its_members(rest: Client, method: str, path: str, body: object) -> None:
    response = rest.request(method, path, json_body=body)
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json
    assert {"type", "title", "status", "detail", "code"} <= document.keys()
    assert document["status"] == response.status
    for name in ("type", "title", "detail", "code"):
        assert document[name]
        assert isinstance(document[name], str)
    assert re.fullmatch("[A-Z_]+", document["code"])
    for error in document.get("errors", []):
        assert error.keys() == {"in", "field", "message"}
        assert error["in"] in ("path", "query", "body")
        assert error["message"].startswith(error["field"])


def test_a_problem_names_every_bad_value(rest: Client) -> None:
    response = rest.get("/books", limit=0, offset=-1, genre="")
    found = {(error["in"], error["field"]) for error in response.json["errors"]}
    assert found == {("query", "limit"), ("query", "offset"), ("query", "genre")}


def test_the_title_is_the_same_for_every_problem_of_a_type(rest: Client) -> None:
    first, second = rest.get("/books/0").json, rest.get("/books", limit=0).json
    assert (first["type"], first["title"]) == (second["type"], second["title"])
    assert first["detail"] != second["detail"]


# -- links -----------------------------------------------------------------------------------


def links(response: Response) -> dict[str, str]:
    """Targets by relation (RFC 8288)."""
    found = re.findall(r'<([^>]*)>;\s*rel="([^"]*)"', response.headers.get("link", ""))
    return {relation: target for target, relation in found}


@pytest.mark.parametrize("path", ["/authors", "/books", "/customers", "/orders"])
def test_the_links_lead_through_the_whole_list(rest: Client, path: str, sample: Model) -> None:
    ids: list[int] = []
    at = f"{path}?limit=97&sort=-id"
    while at:
        response = rest.get(at)
        ids += [record["id"] for record in response.json]
        at = links(response).get("next", "")
    assert ids == sorted(sample.table(path[1:-1]), reverse=True)


def test_prev_leads_back_and_first_to_the_beginning(rest: Client) -> None:
    start = rest.get("/books", limit=10, genre="Art")
    assert links(start).keys() == {"first", "next"}
    second = rest.get(links(start)["next"])
    assert links(second).keys() == {"first", "prev", "next"}
    assert rest.get(links(second)["prev"]).json == start.json
    assert rest.get(links(second)["first"]).json == start.json


def test_links_keep_what_else_was_asked(rest: Client) -> None:
    response = rest.request(
        "GET", "/books?search=on%20data&limit=1&fields=id,author.name&sort=-price&min_price=1"
    )
    target = links(response)["next"]
    assert urlsplit(target).path == "/books"
    assert parse_qs(urlsplit(target).query) == {
        "search": ["on data"],
        "limit": ["1"],
        "fields": ["id,author.name"],
        "sort": ["-price"],
        "min_price": ["1"],
        "offset": ["1"],
    }


def test_the_last_page_has_no_next(rest: Client) -> None:
    assert "next" not in links(rest.get("/authors", offset=80))
    assert "next" in links(rest.get("/authors", offset=79))
    assert links(rest.get("/authors", offset=500)).keys() <= {"first", "prev"}


def test_the_links_of_the_largest_offset_lead_to_pages(rest: Client) -> None:
    found = links(rest.get("/books?offset=10000"))
    assert found.keys() == {"first", "prev"}  # nothing is there; for `next` see tests/rest
    for target in found.values():
        assert rest.get(target).status == 200


@pytest.mark.slow
def test_the_links_end_where_the_offsets_end(tmp_path: Path) -> None:
    with running_pair(tmp_path, books="10200") as pair:
        last = pair.rest.get("/books", limit=100, offset=9_900)
        end = pair.rest.get(links(last)["next"])
        assert [book["id"] for book in end.json] == list(range(10_001, 10_101))
        for at in (end, pair.rest.get("/books", limit=100, offset=9_901)):
            assert "offset=" not in links(at)["next"]  # a cursor leads on
        behind = pair.rest.get(links(end)["next"])
        assert [book["id"] for book in behind.json] == list(range(10_101, 10_201))


def test_ids_have_no_links(rest: Client) -> None:
    assert links(rest.get("/books", ids="1,2,3")) == {}


def test_nested_lists_have_links(rest: Client, sample: Model) -> None:
    first = rest.get("/customers/2/orders", limit=15)
    second = rest.get(links(first)["next"])
    found = [*first.json, *second.json]
    assert found == [summary(order) for order in sample.related("order", 2, limit=100)]
    assert urlsplit(links(first)["next"]).path == "/customers/2/orders"


# -- the rest of HTTP ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/books", "/books/1", "/ping", "/", "/docs", "/nothing"])
def test_head_is_get_without_the_body(rest: Client, path: str) -> None:
    get, head = rest.get(path), rest.request("HEAD", path)
    assert head.status == get.status
    assert head.body == b""
    changing = {"server-timing", "date"}
    for response in (get, head):
        assert changing & response.headers.keys()
    assert {n: v for n, v in head.headers.items() if n not in changing} == {
        n: v for n, v in get.headers.items() if n not in changing
    }
    assert int(head.headers["content-length"]) == len(get.body)


def test_what_is_new_has_its_address(writing_pair: Pair) -> None:
    rest = writing_pair.rest
    new = {"name": "Addressed", "email": "addressed@example.com"}
    response = rest.post("/authors?fields=name", new)
    assert response.status == 201
    assert response.json == {"name": "Addressed"}
    there = rest.get(response.headers["location"]).json
    assert there["name"] == "Addressed"
    assert response.headers["location"] == f"/authors/{there['id']}"
    assert rest.request("DELETE", response.headers["location"]).body == b""


def test_json_is_compact_and_in_utf_8(writing_pair: Pair) -> None:
    new = {"name": "Žofie / Ünal", "email": "zofie@example.com"}
    response = writing_pair.rest.post("/authors?fields=name,bio", new)
    assert response.body == '{"name":"Žofie / Ünal","bio":null}'.encode()


def test_the_books_of_an_author_are_a_filtered_list(rest: Client) -> None:
    for query in ("", "?sort=-price&limit=3", "?genre=Databases&fields=title"):
        nested = rest.request("GET", f"/authors/2/books{query}")
        joint = "&" if query else "?"
        assert nested.status == 200
        assert nested.json == rest.request("GET", f"/books{query}{joint}author_id=2").json


def test_an_order_history_has_summaries_unless_asked_otherwise(rest: Client) -> None:
    (first, *_) = rest.get("/customers/1/orders").json
    assert list(first) == ["id", "order_date", "status", "total_amount", "item_count"]
    (first, *_) = rest.get("/customers/1/orders", fields="items.quantity,id").json
    assert list(first) == ["items", "id"]


@pytest.mark.parametrize("path", ["/books", "/books/1", "/orders/1", "/authors/1/books"])
def test_reads_do_not_depend_on_the_port_that_is_named(rest: Client, path: str) -> None:
    assert rest.request("GET", path, headers={"Host": "localhost:1"}).body == rest.get(path).body


@pytest.mark.parametrize("megabytes", [3, *slow(20)])
def test_a_body_far_over_the_limit_gets_its_answer_each_time(
    writing_pair: Pair, megabytes: int
) -> None:
    chunk = b"x" * 65_536
    for _ in range(20):
        for body in (chunk * 16 * megabytes, iter([chunk] * (16 * megabytes))):
            response = writing_pair.rest.request(
                "POST", "/authors", body=body, headers={"Content-Type": "application/json"}
            )
            assert (response.status, response.json["code"]) == (413, "TOO_LARGE")
