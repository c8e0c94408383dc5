"""`If-Match`: a change happens to the version that the client has seen, or not at all."""

from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.rest.conftest import Maker

AUTHOR = {"name": "New Name", "email": "new.name@example.com"}
BOOK = {
    "title": "T",
    "isbn": "9780306406157",
    "price": 1,
    "publication_date": "2024-05-01",
    "author_id": 1,
    "genre": "G",
}
CUSTOMER = {"name": "C", "email": "c.new@example.com"}
WRITES: list[tuple[str, str, Any]] = [
    ("PUT", "/authors/{}", AUTHOR),
    ("PATCH", "/authors/{}", {"bio": "b"}),
    ("DELETE", "/authors/{}", None),
    ("PUT", "/books/{}", BOOK),
    ("PATCH", "/books/{}", {"stock": 5}),
    ("PATCH", "/books/{}", {"title": "Another"}),
    ("DELETE", "/books/{}", None),
    ("PUT", "/customers/{}", CUSTOMER),
    ("PATCH", "/customers/{}", {"phone": None}),
    ("DELETE", "/customers/{}", None),
    ("PATCH", "/orders/{}", {"status": "cancelled"}),
    ("DELETE", "/orders/{}", None),
]
EACH = pytest.mark.parametrize(
    ("method", "path", "body"), WRITES, ids=[f"{m} {p} {i}" for i, (m, p, _) in enumerate(WRITES)]
)
NEW: dict[str, Any] = {
    "authors": AUTHOR,
    "books": BOOK,
    "customers": CUSTOMER,
    "orders": {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]},
}


@pytest.fixture
def shop(make: Maker) -> FlaskClient:
    """A client of a bookstore that is written to."""
    return make()


def new(shop: FlaskClient, path: str, method: str) -> str:
    """The path of a new row, fit to be written to."""
    kind = path.split("/")[1]
    made = shop.post(f"/{kind}", json=NEW[kind])
    assert made.status_code == 201, made.text
    at: str = made.headers["Location"]
    if kind == "orders" and method == "DELETE":
        shop.patch(at, json={"status": "cancelled"})
    return at


def write(
    shop: FlaskClient, method: str, path: str, body: Any, tag: str | None, known: str | None = None
) -> Any:
    given = {"If-Match": tag, "If-None-Match": known}
    headers = {name: value for name, value in given.items() if value is not None}
    return shop.open(path, method=method, json=body, headers=headers)


@EACH
def test_a_version_that_is_gone_is_not_changed(
    shop: FlaskClient, method: str, path: str, body: Any
) -> None:
    at = new(shop, path, method)
    tag = shop.get(at).headers["ETag"]
    instance, entity, row, version, mark = tag.strip('"').split("-")
    before = shop.get(at).data
    for other in (
        f'"{instance}-{entity}-{row}-{int(version) + 1}-{mark}"',
        f'"{instance}-{entity}-{int(row) + 1}-{version}-{mark}"',
        f'"{instance}-other-{row}-{version}-{mark}"',
        f'"0{instance}-{entity}-{row}-{version}-{mark}"',
        f"W/{tag}",  # compared strongly (RFC 9110, 13.1.1)
        '"other"',
    ):
        answer = write(shop, method, at, body, other)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "PRECONDITION_FAILED")
        assert "ETag" not in answer.headers
    assert shop.get(at).data == before
    assert shop.get(at).headers["ETag"] == tag


@EACH
def test_the_version_that_was_read_is_changed(
    shop: FlaskClient, method: str, path: str, body: Any
) -> None:
    at = new(shop, path, method)
    tag = shop.get(at).headers["ETag"]
    answer = write(shop, method, at, body, f'"other" , {tag}')
    assert answer.status_code in (200, 204), answer.text
    assert write(shop, method, at, body, tag).status_code in (404, 412)


@EACH
def test_any_version_will_do_with_an_asterisk_or_nothing(
    shop: FlaskClient, method: str, path: str, body: Any
) -> None:
    at = new(shop, path, method)
    assert write(shop, method, at, body, "*").status_code in (200, 204)


@EACH
def test_what_is_known_is_not_changed(shop: FlaskClient, method: str, path: str, body: Any) -> None:
    """RFC 9110, 13.1.2: 412 for what is no GET; compared weakly."""
    at = new(shop, path, method)
    before = shop.get(at)
    tag = before.headers["ETag"]
    for known in ("*", tag, f"W/{tag}", f'"other",, {tag[:-1]}-gzip"'):
        for seen in (None, "*", tag):
            answer = write(shop, method, at, body, seen, known)
            assert (answer.status_code, answer.get_json()["code"]) == (412, "PRECONDITION_FAILED")
    assert shop.get(at).data == before.data
    assert shop.get(at).headers["ETag"] == tag
    assert write(shop, method, path.format(99_999), body, None, "*").status_code == 404
    bad = write(shop, method, at, body, None, "other")
    assert [one["field"] for one in bad.get_json()["errors"]] == ["If-None-Match"]
    assert write(shop, method, at, body, tag, '"other"').status_code in (200, 204)


@EACH
def test_what_is_not_there_is_404_whatever_was_read(
    shop: FlaskClient, method: str, path: str, body: Any
) -> None:
    tag = shop.get("/books/1").headers["ETag"]
    for listed in ("*", tag, None):
        assert write(shop, method, path.format(99_999), body, listed).status_code == 404


@EACH
def test_a_condition_can_be_made_obligatory(make: Maker, method: str, path: str, body: Any) -> None:
    shop = make(require_if_match=True)
    refused = write(shop, method, path.format(1), body, None)
    assert (refused.status_code, refused.get_json()["code"]) == (428, "PRECONDITION_REQUIRED")
    assert write(shop, method, path.format(1), body, '"other"').status_code == 412
    assert write(shop, method, path.format(1), body, None, '"other"').status_code == 428
    assert shop.post("/authors", json=AUTHOR).status_code == 201  # there is nothing to compare
    # Nor is there here: RFC 9110, 13.2.1.
    assert write(shop, method, path.format(99_999), body, None).status_code == 404


def test_the_view_and_the_coding_of_a_tag_do_not_matter(shop: FlaskClient) -> None:
    for view in ("", "?fields=name", "?fields=name,books.title"):
        tag = shop.get(f"/authors/1{view}").headers["ETag"]
        for listed in (tag, f'{tag[:-1]}-gzip"'):
            answer = write(shop, "PATCH", "/authors/1", {}, listed)
            assert answer.status_code == 200, listed  # nothing in it, so it changes nothing
    tag = shop.get("/authors/1?fields=books.title").headers["ETag"]
    assert write(shop, "PATCH", "/authors/1?fields=name", {"bio": "b"}, tag).status_code == 200
    assert write(shop, "PATCH", "/authors/1", {"bio": "c"}, tag).status_code == 412


def test_changes_can_follow_each_other_by_the_tags_of_their_answers(shop: FlaskClient) -> None:
    answer = shop.post("/authors", json=AUTHOR)
    at = answer.headers["Location"]
    for number in range(3):
        answer = write(shop, "PATCH", at, {"bio": str(number)}, answer.headers["ETag"])
        assert answer.status_code == 200


@pytest.mark.parametrize("listed", ["", "other", '"', '"a"b', '"a" "b"', "* *", '"a", *'])
def test_what_is_no_list_of_tags_is_refused_by_name(shop: FlaskClient, listed: str) -> None:
    answer = write(shop, "PATCH", "/authors/1", {"bio": "b"}, listed)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "VALIDATION")
    (error,) = answer.get_json()["errors"]
    assert (error["in"], error["field"]) == ("header", "If-Match")


def test_a_tag_of_something_else_is_not_called_a_change(shop: FlaskClient) -> None:
    tag = shop.get("/books/1").headers["ETag"]
    for listed in (f"W/{tag}", shop.get("/books/2").headers["ETag"], '"other"'):
        answer = write(shop, "PATCH", "/books/1", {"stock": 5}, listed)
        assert "names no version of book 1" in answer.get_json()["detail"]
    assert write(shop, "PATCH", "/books/1", {"stock": 5}, tag).status_code == 200
    answer = write(shop, "PATCH", "/books/1", {"stock": 6}, tag)
    assert "has been changed since you read it" in answer.get_json()["detail"]


def test_of_many_who_have_seen_the_same_one_writes(shop: FlaskClient) -> None:
    tag, at_once, statuses = shop.get("/books/1").headers["ETag"], Barrier(8), []

    def change(stock: int) -> None:
        client = shop.application.test_client()
        at_once.wait()
        statuses.append(write(client, "PATCH", "/books/1", {"stock": stock}, tag).status_code)

    threads = [Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 7
