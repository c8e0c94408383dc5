"""With a token set, who has it writes and sees what is private; everybody reads the rest."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.rest.conftest import Maker, statements

TOKEN = "correct-horse-battery-staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
PRIVATE = ("email", "phone", "address")
ORIGIN = "http://127.0.0.1:8001"

WRITES = [
    ("POST", "/authors"),
    ("POST", "/orders"),
    ("PUT", "/books/1"),
    ("PATCH", "/customers/1"),
    ("DELETE", "/orders/1"),
    ("DELETE", "/nothing"),
    ("PUT", "/orders/1"),
    ("POST", "/ping"),
    ("BREW", "/books"),
]
WRONG = [
    None,
    "",
    TOKEN,
    "Bearer",
    "Bearer ",
    f"Basic {TOKEN}",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN[:-1]}",
    f"Bearer {TOKEN} {TOKEN}",
    f"Bearer {TOKEN.upper()}",
    "Bearer \xfc",
]
# Where a customer can be seen: the place of it in the answer.
SEEN: list[tuple[str, Any]] = [
    ("/customers/1", lambda found: found),
    ("/customers/1?fields=name,email,phone,address", lambda found: found),
    ("/customers?limit=2", lambda found: found[0]),
    ("/customers?ids=2,1", lambda found: found[1]),
    ("/customers?limit=2&after=&sort=-name", lambda found: found[1]),
    ("/orders/1?fields=customer", lambda found: found["customer"]),
    ("/orders?fields=id,customer.email,customer.phone,customer.address",
     lambda found: found[0]["customer"]),
    ("/customers/1/orders?fields=customer", lambda found: found[0]["customer"]),
    ("/customers/1?fields=orders.customer", lambda found: found["orders"][0]["customer"]),
]  # fmt: skip
EACH_PLACE = pytest.mark.parametrize(("path", "place"), SEEN, ids=[path for path, _ in SEEN])


@pytest.fixture(scope="module")
def guarded(make: Maker) -> FlaskClient:
    """A client of a server that has a token."""
    return make(token=TOKEN)


@pytest.fixture(scope="module")
def document(guarded: FlaskClient) -> Any:
    return guarded.get("/openapi.json").get_json()


# -- writing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_write_needs_the_token_whatever_else_is_wrong(
    guarded: FlaskClient, method: str, path: str, wrong: str | None
) -> None:
    headers = {} if wrong is None else {"Authorization": wrong}
    answer = guarded.open(path, method=method, data=b"{no json", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "UNAUTHORIZED")
    told = ', error="invalid_token"' if (wrong or "").startswith("Bearer") else ""
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="bookstore"{told}'
    assert answer.headers["Cache-Control"] == "no-store"
    assert TOKEN not in answer.text


def test_who_has_it_writes(guarded: FlaskClient) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        name = {"name": scheme, "email": f"x{scheme}@example.com"}
        answer = guarded.post("/authors", json=name, headers={"Authorization": f"{scheme} {TOKEN}"})
        assert answer.status_code == 201
        answer = guarded.delete(answer.headers["Location"], headers=BEARER)
        assert answer.status_code == 204


def test_reads_and_questions_stay_open(guarded: FlaskClient) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}, BEARER):
        for path in ("/books/1", "/customers", "/", "/ping", "/health", "/docs", "/openapi.json"):
            assert guarded.get(path, headers=header).status_code == 200
            assert guarded.head(path, headers=header).status_code == 200
        assert guarded.options("/books/1", headers=header).status_code == 204


def test_a_page_may_send_the_token_and_conditions(guarded: FlaskClient) -> None:
    asked = "authorization, if-match, if-none-match, idempotency-key, content-type"
    preflight = guarded.options(
        "/orders/1",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": asked,
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == asked
    refused = guarded.patch("/orders/1", headers={"Origin": ORIGIN})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN
    seen = guarded.get("/books/1", headers={"Origin": ORIGIN})
    assert "ETag" in seen.headers["Access-Control-Expose-Headers"]


def test_without_a_token_set_everybody_writes_and_sees(client: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer whatever"}):
        assert client.patch("/books/1", json={}, headers=headers).status_code == 200
        assert client.get("/customers/1", headers=headers).get_json()["email"]
    assert client.get("/customers/1").headers["Cache-Control"] == "no-cache"
    assert "Authorization" not in client.get("/customers/1").headers["Vary"]


# -- what is private -------------------------------------------------------------------------


@EACH_PLACE
def test_what_is_private_is_null_without_the_token(
    guarded: FlaskClient, path: str, place: Any
) -> None:
    full = place(guarded.get(path, headers=BEARER).get_json())
    assert full["email"]
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        found = place(guarded.get(path, headers=headers).get_json())
        assert list(found) == list(full)
        assert found == {**full, **dict.fromkeys(PRIVATE)}
        assert full["email"] not in guarded.get(path).text


@EACH_PLACE
def test_what_depends_on_the_token_is_kept_for_its_holder_alone(
    guarded: FlaskClient, path: str, place: Any
) -> None:
    with_it, without = guarded.get(path, headers=BEARER), guarded.get(path)
    assert with_it.headers["ETag"] != without.headers["ETag"]
    for answer, other, headers in ((with_it, without, BEARER), (without, with_it, {})):
        for found in (
            answer,
            guarded.get(path, headers={**headers, "If-None-Match": answer.headers["ETag"]}),
        ):
            assert found.headers["Cache-Control"] == "private, no-cache"
            assert "Authorization" in ", ".join(found.headers.getlist("Vary"))
        assert found.status_code == 304
        crossed = {**headers, "If-None-Match": other.headers["ETag"]}
        assert guarded.get(path, headers=crossed).status_code == 200


def test_what_does_not_depend_on_it_is_kept_for_all(guarded: FlaskClient) -> None:
    for path in (
        "/books/1",
        "/authors/1",
        "/orders/1",
        "/customers/1?fields=name",
        "/customers/1/orders",
    ):
        plain, trusted = guarded.get(path), guarded.get(path, headers=BEARER)
        assert plain.data == trusted.data
        assert plain.headers["ETag"] == trusted.headers["ETag"]
        assert plain.headers["Cache-Control"] == "no-cache"
        assert "Authorization" not in ", ".join(plain.headers.getlist("Vary"))


def test_an_author_has_nothing_private(guarded: FlaskClient) -> None:
    assert guarded.get("/authors/1").get_json()["email"]


def test_who_writes_sees_what_was_written(guarded: FlaskClient) -> None:
    new = {"name": "Seen", "email": "seen@example.com", "phone": "1", "address": "A"}
    made = guarded.post("/customers", json=new, headers=BEARER)
    path = made.headers["Location"]
    changed = guarded.patch(path, json={"phone": "2"}, headers=BEARER)
    replaced = guarded.put(path, json=new, headers=BEARER)
    for answer in (made, changed, replaced):
        assert answer.get_json()["email"] == "seen@example.com"
    tag = guarded.get(path, headers=BEARER).headers["ETag"]
    assert changed.headers["ETag"] != tag
    assert guarded.patch(path, json={}, headers={**BEARER, "If-Match": tag}).status_code == 200


def test_it_takes_as_many_statements_without_the_token(guarded: FlaskClient) -> None:
    for path, _ in SEEN:
        assert statements(guarded.get(path)) == statements(guarded.get(path, headers=BEARER))


# -- the document ----------------------------------------------------------------------------


def test_the_document_asks_for_the_token_where_the_server_does(
    client: FlaskClient, document: Any
) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for item in document["paths"].values():
        for method, operation in item.items():
            assert ({} in operation["security"]) == (method == "get")
            assert ("401" in operation["responses"]) == (method != "get")
    plain: Any = client.get("/openapi.json").get_json()
    assert "securitySchemes" not in plain["components"]
    assert all("security" not in op for item in plain["paths"].values() for op in item.values())
