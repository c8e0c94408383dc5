"""Tags, 304 and `Cache-Control`: a client never keeps what is stale, nor fetches what it has."""

import gzip
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from rest_api.web.caching import finish_read
from tests.rest.conftest import Maker, statements

LISTS = ["/books?limit=3", "/orders?customer_id=1", "/authors?ids=2,1", "/customers/1/orders"]
ONE_ROW = ["/authors/1", "/books/1", "/customers/1", "/orders/1", "/books/1?fields=title,version"]
WITH_RELATIONS = ["/authors/1?fields=name,books.title", "/books/1?fields=author.name"]
DOCUMENTS = ["/", "/ping", "/health", "/openapi.json", "/problems/not-found", "/docs"]
EVERYTHING = [*LISTS, *ONE_ROW, *WITH_RELATIONS, *DOCUMENTS, "/docs/start.js"]
STRONG = re.compile(r'"[!#-~]+"')


@pytest.fixture(scope="module")
def shop(make: Maker) -> FlaskClient:
    """A client of a bookstore that is written to."""
    return make()


@pytest.fixture(scope="module")
def sharing(make: Maker) -> FlaskClient:
    """A client of a server that lets shared caches keep reads."""
    return make(shared_max_age_s=30)


def again(client: FlaskClient, path: str, tag: str, **headers: str) -> Any:
    return client.get(path, headers={"If-None-Match": tag, **headers})


# -- tags and 304 ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_answer_to_get_has_a_strong_tag_and_must_be_asked_for_again(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    assert STRONG.fullmatch(answer.headers["ETag"])
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get(path).headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("path", EVERYTHING)
def test_who_has_it_is_told_so_without_a_body(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    for listed in (tag, f"W/{tag}", f'"other", {tag}', f'{tag},"other"', "*"):
        answer = again(client, path, listed)
        assert (answer.status_code, answer.data) == (304, b""), listed
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers.getlist("Vary") == client.get(path).headers.getlist("Vary")
        assert "Server-Timing" in answer.headers
        of_a_body = {"Content-Length", "Content-Type", "Content-Encoding"}
        assert not of_a_body & set(answer.headers.keys())


@pytest.mark.parametrize("listed", ['"other"', "", "other", '"', "\xff", "W/*", '"a"b'])
def test_who_has_something_else_is_shown_it(client: FlaskClient, listed: str) -> None:
    assert again(client, "/books/1", listed).status_code == 200
    assert again(client, "/books", listed).status_code == 200


@pytest.mark.parametrize("path", ["/books/1", "/books", WITH_RELATIONS[0]])
def test_head_has_the_same_tag_and_the_same_condition(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    assert client.head(path).headers["ETag"] == tag
    assert client.head(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ONE_ROW)
def test_a_row_that_is_known_is_not_read(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    assert statements(again(client, path, tag)) == 1
    assert statements(again(client, path, '"other"')) == statements(client.get(path))


def test_an_error_has_no_tag_and_is_not_kept(client: FlaskClient) -> None:
    for path in ("/books/99999", "/nothing", "/books?limit=0"):
        for headers in ({}, {"If-None-Match": "*"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code >= 400
            assert answer.headers["Cache-Control"] == "no-store"
            assert "ETag" not in answer.headers


# -- one tag for one representation ----------------------------------------------------------


def test_each_view_of_a_row_has_a_tag_of_its_own(client: FlaskClient) -> None:
    views = ["", "?fields=title", "?fields=title,price", "?fields=price,title", "?fields=author.id"]
    tags = {client.get(f"/books/1{view}").headers["ETag"] for view in views}
    assert len(tags) == len(views)
    full = client.get("/books/1").headers["ETag"]
    assert again(client, "/books/1?fields=title", full).status_code == 200
    assert again(client, "/books/2", full).status_code == 200


def test_the_same_view_has_the_same_tag_however_it_is_asked_for(client: FlaskClient) -> None:
    names = ",".join(client.get("/books/1").get_json())
    assert (
        client.get(f"/books/1?fields={names}").headers["ETag"]
        == (client.get("/books/1").headers["ETag"])
    )


def test_another_bookstore_has_other_tags(make: Maker) -> None:
    one, other = make(), make()
    tag = one.get("/books/1").headers["ETag"]
    assert one.get("/books/1").data == other.get("/books/1").data
    assert again(other, "/books/1", tag).status_code == 200


def test_gzip_is_another_representation(client: FlaskClient) -> None:
    path = "/books?limit=50"
    plain, coded = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    tag, coded_tag = plain.headers["ETag"], coded.headers["ETag"]
    assert gzip.decompress(coded.data) == plain.data
    assert coded_tag == f'{tag[:-1]}-gzip"'
    # A client that takes gzip can use either; one that does not, only the plain one.
    for listed in (tag, coded_tag):
        answer = again(client, path, listed, **{"Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.headers["ETag"]) == (304, listed)
    assert again(client, path, tag).status_code == 304
    assert again(client, path, coded_tag).status_code == 200


def test_gzip_of_one_row_is_too(shop: FlaskClient) -> None:
    shop.patch("/authors/1", json={"bio": "x" * 2_000})
    coded = shop.get("/authors/1", headers={"Accept-Encoding": "gzip"})
    tag = coded.headers["ETag"]
    assert tag.endswith('-gzip"')
    held = again(shop, "/authors/1", tag, **{"Accept-Encoding": "gzip"})
    assert (held.status_code, held.headers["ETag"], statements(held)) == (304, tag, 1)
    assert again(shop, "/authors/1", tag).status_code == 200


# -- never stale -----------------------------------------------------------------------------


def test_a_changed_book_is_never_shown_stale(shop: FlaskClient) -> None:
    paths = [
        "/books/2",
        "/books/2?fields=stock",
        "/books",
        "/books?ids=2",
        "/authors/1/books?fields=title,stock",
        "/authors/1?fields=books.stock",
    ]
    tags = {path: shop.get(path).headers["ETag"] for path in paths}
    stock = shop.get("/books/2").get_json()["stock"]
    shop.patch("/books/2", json={"stock": stock + 1})
    for path, tag in tags.items():
        answer = again(shop, path, tag)
        assert answer.status_code == 200, path
        assert answer.headers["ETag"] != tag
        assert str(stock + 1) in answer.text, path
    # Back to what it was: a view of content alone may be known again, a row is never.
    shop.patch("/books/2", json={"stock": stock})
    assert again(shop, "/books/2", tags["/books/2"]).status_code == 200


def test_an_order_changes_with_its_status_and_takes_stock(shop: FlaskClient) -> None:
    book = shop.get("/books/3").headers["ETag"]
    order = {"customer_id": 1, "items": [{"book_id": 3, "quantity": 1}]}
    placed = shop.post("/orders", json=order)
    assert again(shop, "/books/3", book).status_code == 200
    path, book = placed.headers["Location"], shop.get("/books/3").headers["ETag"]
    for status in ("paid", "cancelled"):
        tag = shop.get(path).headers["ETag"]
        shop.patch(path, json={"status": status})
        assert again(shop, path, tag).get_json()["status"] == status
    assert again(shop, "/books/3", book).status_code == 200


def test_what_is_made_again_under_the_same_address_is_new(shop: FlaskClient) -> None:
    new = {"name": "N", "email": "n.again@example.com"}
    first = shop.post("/customers", json=new)
    shop.delete(first.headers["Location"])
    second = shop.post("/customers", json=new)
    assert first.headers["Location"] != second.headers["Location"]  # an id is never used twice
    assert again(shop, first.headers["Location"], first.headers["ETag"]).status_code == 404


# -- the tags of writes ----------------------------------------------------------------------


def test_what_is_made_or_changed_comes_with_the_tag_that_it_is_read_with(shop: FlaskClient) -> None:
    new = {"name": "Tagged", "email": "tagged@example.com"}
    for view in ("", "?fields=name", "?fields=name,books.title"):
        made = shop.post(f"/authors{view}", json={**new, "email": f"t{len(view)}@example.com"})
        path = f"{made.headers['Location']}{view}"
        assert again(shop, path, made.headers["ETag"]).status_code == 304
        changed = shop.patch(path, json={"bio": "b"})
        assert again(shop, path, made.headers["ETag"]).status_code == 200
        assert again(shop, path, changed.headers["ETag"]).status_code == 304


def test_a_replacement_comes_without_one(shop: FlaskClient) -> None:
    # A client would take it for the tag of what it sent (RFC 9110, 9.3.4): "name@EXAMPLE.com".
    new = {"name": "Tagged", "email": "tagged@EXAMPLE.com"}
    answer = shop.put("/authors/2", json=new)
    assert answer.get_json()["email"] != new["email"]
    assert "ETag" not in answer.headers


def test_a_write_in_gzip_has_a_tag_of_its_own_too(shop: FlaskClient) -> None:
    bio = {"bio": "y" * 2_000}
    answer = shop.patch("/authors/1", json=bio, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["ETag"].endswith('-gzip"')


def test_an_answer_without_a_tag_is_given_that_of_its_content() -> None:
    headers: list[tuple[str, str]] = []
    status, _ = finish_read({}, "200 OK", headers, [b"{}"])
    tag = dict(headers)["ETag"]
    assert status == "200 OK"
    others: list[tuple[str, str]] = []
    finish_read({}, "200 OK", others, [b"[]"])
    assert dict(others)["ETag"] != tag


# -- caches that clients share ---------------------------------------------------------------

SHARED = "public, s-maxage=30, max-age=0, must-revalidate"


@pytest.mark.parametrize("path", [*LISTS, *ONE_ROW, *WITH_RELATIONS])
def test_anonymous_reads_may_be_kept_by_shared_caches(sharing: FlaskClient, path: str) -> None:
    answer = sharing.get(path)
    known = again(sharing, path, answer.headers["ETag"])
    for found in (answer, known, sharing.head(path)):
        assert found.headers["Cache-Control"] == SHARED
        assert re.fullmatch(r"@\d+", found.headers["X-Accel-Expires"])
    assert known.status_code == 304
    own = sharing.get(path, headers={"Authorization": "Bearer x"})
    assert own.headers["Cache-Control"] == "private, no-cache"
    assert "X-Accel-Expires" not in own.headers
    assert own.data == answer.data


@pytest.mark.parametrize("path", [*DOCUMENTS, "/docs/start.js", "/orders/1/events"])
def test_what_is_no_read_of_the_bookstore_is_asked_for_again(
    sharing: FlaskClient, path: str
) -> None:
    headers = sharing.get(path).headers
    assert headers["Cache-Control"] == "no-cache"
    assert "X-Accel-Expires" not in headers


@pytest.mark.parametrize("path", ["/books/99999", "/books?limit=0", "/nothing"])
def test_errors_are_kept_by_nobody(sharing: FlaskClient, path: str) -> None:
    assert sharing.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", [None, "correct-horse-battery-staple"])
@pytest.mark.parametrize("seconds", [0, 30])
def test_what_writes_is_kept_by_nobody(make: Maker, token: str | None, seconds: int) -> None:
    client = make(token=token, shared_max_age_s=seconds)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    new = {"name": "N", "email": "n@example.com"}
    made = client.post("/customers", json=new, headers=headers)
    path = made.headers["Location"]
    for answer in (
        made,
        client.patch(path, json={"phone": "1"}, headers=headers),
        client.put(path, json=new, headers=headers),
        client.delete(path, headers=headers),
        client.delete(path, headers=headers),
    ):
        assert answer.headers.getlist("Cache-Control") == ["no-store"]
