"""What a client has read it may send back: members that are read only must be as they are."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.rest.conftest import Maker

RESOURCES = ["/authors/2", "/books/3", "/customers/2"]
EACH = pytest.mark.parametrize("path", RESOURCES)
ALL_OF_AN_ORDER = "id,customer_id,order_date,status,total_amount,item_count,items,version"


@pytest.fixture(scope="module")
def shop(make: Maker) -> FlaskClient:
    return make()


def refused(answer: Any, status: int = 422) -> dict[str, str]:
    """The blamed members and what is said of them."""
    assert answer.status_code == status, answer.text
    return {each["field"]: each["message"] for each in answer.get_json()["errors"]}


def pending(shop: FlaskClient) -> str:
    order = {"customer_id": 1, "items": [{"book_id": n, "quantity": 1} for n in (3, 1)]}
    placed = shop.post("/orders", json=order)
    assert placed.status_code == 201
    return placed.headers["Location"]


@EACH
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_was_read_can_be_sent_back(shop: FlaskClient, path: str, method: str) -> None:
    whole = shop.get(path).get_json()
    assert shop.open(path, method=method, json=whole).get_json() == whole
    names = ",".join([*whole, "version"])
    with_version = shop.get(f"{path}?fields={names}").get_json()
    answer = shop.open(path, method=method, json=with_version)
    assert answer.get_json() == whole
    # A replacement is a change, even by the same: what was read is old by now.
    assert "version" in refused(shop.put(path, json=with_version))


@EACH
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_beside_them_is_made(shop: FlaskClient, path: str, method: str) -> None:
    whole = shop.get(path).get_json()
    name = "title" if "title" in whole else "name"
    changed = {**whole, name: f"Changed by {method}"}
    assert shop.open(path, method=method, json=changed).get_json() == changed
    assert shop.get(path).get_json() == changed


@EACH
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_is_not_as_it_is_changes_nothing(shop: FlaskClient, path: str, method: str) -> None:
    whole = shop.get(path).get_json()
    name = "title" if "title" in whole else "name"
    for wrong in ({"id": whole["id"] + 1}, {"version": 999}, {"id": 1, "version": 999}):
        told = refused(shop.open(path, method=method, json={**whole, name: "No", **wrong}))
        assert told.keys() == wrong.keys()
        for member, value in wrong.items():
            assert told[member].startswith(f"{member} is read only, and must be left out or as it")
            assert told[member].endswith(f"got {value}")
    for odd in (True, "2", None, 1.5, [2]):
        assert "id" in refused(shop.open(path, method=method, json={**whole, "id": odd}))
    assert shop.get(path).get_json() == whole


def test_it_matters_only_where_there_is_something(shop: FlaskClient) -> None:
    author = {"name": "N", "email": "nobody.there@example.com"}
    for method in ("PUT", "PATCH"):
        answer = shop.open("/authors/99999", method=method, json={**author, "id": 1})
        assert answer.status_code == 404
        old = {"If-Match": '"a-author-1-1-0"'}
        answer = shop.open("/authors/1", method=method, json={**author, "id": 2}, headers=old)
        assert answer.status_code == 412


def test_an_order_is_moved_on_by_all_of_it(shop: FlaskClient) -> None:
    path = pending(shop)
    for shown in ("", f"?fields={ALL_OF_AN_ORDER}"):
        order = shop.get(path + shown).get_json()
        status = "paid" if order["status"] == "pending" else "shipped"
        moved = shop.patch(path, json={**order, "status": status})
        assert moved.status_code == 200, moved.text
        assert moved.get_json()["status"] == status


def test_a_summary_of_the_history_does_as_well(shop: FlaskClient) -> None:
    path = pending(shop)
    (summary,) = [
        order
        for order in shop.get("/customers/1/orders?sort=-id&limit=1").get_json()
        if path.endswith(f"/{order['id']}")
    ]
    assert shop.patch(path, json={**summary, "status": "cancelled"}).status_code == 200


@pytest.mark.parametrize(
    "written",
    [
        "{}.000Z",
        "{}+00:00",
        "{}.000000+00:00",
        "{}-00:00",
    ],
)
def test_the_same_instant_may_be_written_in_another_way(shop: FlaskClient, written: str) -> None:
    """As clients write it that have made a type of their own of it."""
    path = pending(shop)
    order = shop.get(path).get_json()
    date = written.format(order["order_date"].removesuffix("Z"))
    for same in (date, date.lower()):
        status = "paid" if same is date else "shipped"
        answer = shop.patch(path, json={**order, "order_date": same, "status": status})
        assert answer.status_code == 200, answer.text
        assert answer.get_json() == {**order, "status": status}


def test_an_instant_of_another_time_zone_is_the_same(shop: FlaskClient) -> None:
    order = {"status": "cancelled", "order_date": "2023-01-01T04:37:00-05:00"}
    assert shop.get("/orders/1").get_json()["order_date"] == "2023-01-01T09:37:00Z"
    answer = shop.patch("/orders/1", json={**order, "order_date": "2023-01-01T09:37:00-05:00"})
    assert refused(answer).keys() == {"order_date"}
    assert shop.patch("/orders/1", json=order).status_code == 200


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("order_date", '"2023-01-01T09:37:00"', "must be an instant such as"),
        ("order_date", '"2023-01-01T09:37:60Z"', "must be an instant such as"),
        ("order_date", '"0001-01-01T00:00:00+01:00"', "must be an instant such as"),
        ("order_date", '"2023-01-01T09:37:00.5Z"', "is read only"),
        ("order_date", "null", "must be an instant such as"),
        ("order_date", "1", "must be an instant such as"),
        ("total_amount", '"15.5"', "must be a number between 0 and 20000000000"),
        ("total_amount", "true", "must be a number between 0 and 20000000000"),
        ("total_amount", "null", "must be a number between 0 and 20000000000"),
        ("total_amount", "1e400", "must be between 0 and 20000000000"),
        ("total_amount", "1e-400", "must have at most two decimals"),
        ("item_count", '"2"', "must be a whole number between 1 and 20"),
        ("item_count", "true", "must be a whole number between 1 and 20"),
        ("item_count", "1e400", "must be a whole number between 1 and 20"),
        ("item_count", "null", "must be a whole number between 1 and 20"),
    ],
)
def test_a_member_of_another_type_is_told_what_it_must_be(
    shop: FlaskClient, member: str, value: str, told: str
) -> None:
    path = pending(shop)
    body = f'{{"status": "paid", "{member}": {value}}}'
    answer = shop.patch(path, data=body, content_type="application/json")
    (message,) = refused(answer).values()
    assert message.startswith(f"{member} {told}")
    assert message.endswith(f"got {value}".replace('"', "'"))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", 1),
        ("customer_id", 2),
        ("order_date", "2020-01-01T00:00:00Z"),
        ("total_amount", 0.01),
        ("item_count", 1),
        ("items", []),
        ("version", 7),
    ],
)
def test_nothing_else_of_an_order_changes(shop: FlaskClient, member: str, value: Any) -> None:
    path = pending(shop)
    order = shop.get(path).get_json()
    answer = shop.patch(path, json={"status": "paid", member: value})
    assert list(refused(answer)) == [member]
    items = [{**item, "price": 0} for item in order["items"]]
    assert "items" in refused(shop.patch(path, json={"status": "paid", "items": items}))
    more = [{**item, "gift": True} for item in order["items"]]
    assert "items.0.gift" in refused(shop.patch(path, json={"status": "paid", "items": more}))
    assert shop.get(path).get_json() == order


@pytest.mark.parametrize("path", ["/authors/1", "/books/1", "/customers/1", "/orders/1"])
def test_a_copy_is_told_what_the_server_gives(shop: FlaskClient, path: str) -> None:
    """It would get another id, and an order other prices, than it says."""
    collection = path.rpartition("/")[0]
    whole = shop.get(path).get_json()
    told = refused(shop.post(collection, json=whole))
    assert told["id"] == "id is given by the server: leave it out"
    if "items" in whole:
        assert told["items.0.price"] == "items.0.price is given by the server: leave it out"
        assert {"order_date", "status", "total_amount"} < told.keys()
