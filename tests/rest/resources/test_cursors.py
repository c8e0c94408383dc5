"""`after`: pages that begin behind the last row of the one before, wherever that is by now."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared import limits
from tests.rest.conftest import Maker, statements

LISTS = {
    "/authors": ["id", "name"],
    "/books": ["id", "title", "price", "publication_date"],
    "/customers": ["id", "name"],
    "/orders": ["id", "order_date", "total_amount"],
    "/authors/1/books": ["id", "price"],
    "/customers/2/orders": ["id", "total_amount"],
}
SORTED = [
    (path, key) for path, names in LISTS.items() for name in names for key in (name, f"-{name}")
]


@pytest.fixture(scope="module")
def shop(make: Maker) -> FlaskClient:
    """A client of a bookstore that is written to."""
    return make()


def links(answer: Any) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["Link"])
    return {relation: target for target, relation in found}


def walk(client: FlaskClient, at: str) -> list[Any]:
    """The rows of all pages from this one on."""
    rows: list[Any] = []
    while at:
        answer = client.get(at)
        assert answer.status_code == 200, answer.text
        rows += answer.get_json()
        at = links(answer).get("next", "")
    return rows


@pytest.mark.parametrize(("path", "sort"), SORTED)
def test_the_pages_by_cursors_are_the_whole_list(client: FlaskClient, path: str, sort: str) -> None:
    expected = [row["id"] for row in walk(client, f"{path}?limit=100&sort={sort}&fields=id")]
    for size in (7, 100) if len(expected) < 300 else (97,):
        found = walk(client, f"{path}?limit={size}&sort={sort}&fields=id&after=")
        assert [row["id"] for row in found] == expected


def test_the_links_keep_what_else_was_asked(client: FlaskClient) -> None:
    first = client.get("/books?genre=Art&sort=-price&after=&limit=2")
    assert links(first).keys() == {"first", "next"}
    assert links(first)["first"] == "/books?genre=Art&sort=-price&limit=2&after="
    assert links(first)["next"].startswith("/books?genre=Art&sort=-price&limit=2&after=")
    second = client.get(links(first)["next"])
    assert second.get_json() == client.get("/books?genre=Art&sort=-price&limit=2&offset=2").json
    assert links(second)["first"] == links(first)["first"]
    assert client.get(links(second)["first"]).data == first.data


def test_a_page_by_cursor_takes_as_many_statements_as_any(client: FlaskClient) -> None:
    for view in ("", "&fields=title,author.name"):
        by_offset = client.get(f"/books?limit=5&offset=5{view}")
        by_cursor = client.get(links(client.get(f"/books?limit=5&after={view}"))["next"])
        assert by_cursor.data == by_offset.data
        assert statements(by_cursor) == statements(by_offset)


def test_the_last_page_has_no_next(client: FlaskClient) -> None:
    assert "next" not in links(client.get("/authors?limit=100&after="))
    assert "next" in links(client.get("/authors?limit=99&after="))


def test_rows_that_come_or_go_before_do_not_move_a_page(shop: FlaskClient) -> None:
    author = {"name": "AAA", "email": "aaa@example.com"}
    first = shop.get("/authors?sort=name&limit=2&after=")
    second = shop.get(links(first)["next"]).get_json()
    made = shop.post("/authors", json=author)
    assert shop.get(links(first)["next"]).get_json() == second
    shop.delete(made.headers["Location"])
    assert shop.get(links(first)["next"]).get_json() == second


@pytest.mark.parametrize(
    "query",
    [
        "after=nonsense",
        "after=%00",
        "after=bm8",
        "after=&offset=1",
        "after=&ids=1",
        "after=&after=",
    ],
)
def test_what_is_no_cursor_is_refused_by_name(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/books?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "VALIDATION")
    (error,) = answer.get_json()["errors"]
    assert error["in"] == "query"
    assert error["field"] in ("after", "ids")


def test_a_cursor_is_for_the_order_that_it_was_made_in(client: FlaskClient) -> None:
    cursor = links(client.get("/books?sort=price&after="))["next"].rpartition("after=")[2]
    for other in ("", "&sort=-price", "&sort=title"):
        assert client.get(f"/books?after={cursor}{other}").status_code == 422
    assert client.get(f"/books?after={cursor}&sort=price").status_code == 200


def test_a_cursor_leads_on_where_the_offsets_end(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The largest offset is the rule of the query; the list behind it begins at a smaller one here.
    monkeypatch.setattr(limits, "MAX_OFFSET", 50)
    for path in ("/books?sort=title&fields=id", "/customers?fields=id"):
        expected = [row["id"] for row in walk(client, f"{path}&limit=100&after=")]
        by_links = walk(client, f"{path}&limit=20")
        assert [row["id"] for row in by_links] == expected
        at_end = links(client.get(f"{path}&limit=20&offset=40"))["next"]
        assert "offset=" not in at_end
        assert "after=" in at_end
