"""`Idempotency-Key`: an order that is sent again is the one that was placed."""

from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.rest.conftest import Maker

ORDER: dict[str, Any] = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 2}]}


@pytest.fixture(scope="module")
def shop(make: Maker) -> FlaskClient:
    """A client of a bookstore that is written to."""
    return make()


def place(shop: FlaskClient, key: str | None, body: Any = ORDER, view: str = "") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return shop.post(f"/orders{view}", json=body, headers=headers)


def stock(shop: FlaskClient) -> int:
    return int(shop.get("/books/1?fields=stock").get_json()["stock"])


def test_an_order_that_is_sent_again_is_placed_once(shop: FlaskClient) -> None:
    before = stock(shop)
    first, again = place(shop, "once"), place(shop, "once")
    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    for name in ("Location", "ETag"):
        assert first.headers[name] == again.headers[name]
    assert stock(shop) == before - 2


def test_without_a_key_it_is_placed_each_time(shop: FlaskClient) -> None:
    assert place(shop, None).headers["Location"] != place(shop, None).headers["Location"]


def test_the_quotes_of_a_structured_header_are_no_part_of_the_key(shop: FlaskClient) -> None:
    assert place(shop, '"quoted"').data == place(shop, "quoted").data


def test_a_key_may_be_spelt_as_the_document_says(shop: FlaskClient) -> None:
    for key in ("!", "~" * 255, '"', "a,b;c=d"):
        assert place(shop, key).status_code == 201, key


@pytest.mark.parametrize("key", ["", '""', "two words", "k" * 256, "\xfc", "\t"])
def test_what_is_no_key_is_refused_by_name(shop: FlaskClient, key: str) -> None:
    before = stock(shop)
    answer = place(shop, key)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "VALIDATION")
    (error,) = answer.get_json()["errors"]
    assert (error["in"], error["field"]) == ("header", "Idempotency-Key")
    assert stock(shop) == before


def test_a_key_is_for_one_order(shop: FlaskClient) -> None:
    place(shop, "one")
    before = stock(shop)
    for other in (
        {**ORDER, "customer_id": 2},
        {**ORDER, "items": [{"book_id": 1, "quantity": 3}]},
        {**ORDER, "items": [{"book_id": 2, "quantity": 2}]},
    ):
        answer = place(shop, "one", other)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "IDEMPOTENCY_MISMATCH")
    assert stock(shop) == before
    spelt_otherwise = {"items": [{"quantity": 2.0, "book_id": 1}], "customer_id": 1}
    assert place(shop, "one", spelt_otherwise).status_code == 201


def test_it_is_given_as_it_was_placed(shop: FlaskClient) -> None:
    first = place(shop, "as-placed")
    path = first.headers["Location"]
    shop.patch(path, json={"status": "paid"})
    again = place(shop, "as-placed")
    assert (again.get_json(), again.headers["ETag"]) == (first.get_json(), first.headers["ETag"])
    # And its tag is not that of what has become of it.
    answer = shop.patch(
        path, json={"status": "shipped"}, headers={"If-Match": first.headers["ETag"]}
    )
    assert answer.status_code == 412


def test_it_can_be_shown_in_another_way(shop: FlaskClient) -> None:
    first = place(shop, "shown").get_json()
    again = place(shop, "shown", view="?fields=items.book.title,total_amount")
    assert again.get_json()["total_amount"] == first["total_amount"]
    assert again.headers["Location"] == f"/orders/{first['id']}"


def test_a_key_whose_order_failed_is_free(shop: FlaskClient) -> None:
    too_many = {**ORDER, "items": [{"book_id": 1, "quantity": 1_000}]}
    assert place(shop, "failed", too_many).status_code == 409
    assert place(shop, "failed").status_code == 201


def test_an_order_that_is_deleted_is_not_placed_again(shop: FlaskClient) -> None:
    path = place(shop, "deleted").headers["Location"]
    shop.patch(path, json={"status": "cancelled"})
    shop.delete(path)
    before = stock(shop)
    answer = place(shop, "deleted")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND")
    assert stock(shop) == before


def test_one_is_placed_by_many_at_once(shop: FlaskClient) -> None:
    before, at_once, places = stock(shop), Barrier(8), []

    def send() -> None:
        client = shop.application.test_client()
        at_once.wait()
        places.append(place(client, "at-once").headers["Location"])

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 8
    assert len(set(places)) == 1
    assert stock(shop) == before - 2
