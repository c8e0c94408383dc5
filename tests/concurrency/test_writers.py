"""Two server processes write together, and nothing is lost, doubled or half done."""

from collections import Counter
from functools import partial
from itertools import chain
from typing import Any

import pytest

from tests.concurrency.crowd import ask, at_once, made
from tests.contract.answer import Answer, Driver
from tests.contract.case import book as new_book
from tests.contract.runner import fresh
from tests.exchange import Client
from tests.fixtures import WRITING_ON_EACH, Pair

pytestmark = WRITING_ON_EACH

CLIENTS = 6  # for each server


def crowd(both: list[Driver], size: int = CLIENTS) -> list[Driver]:
    """As many clients of each server."""
    return both * size


def place(driver: Driver, customer: int, *items: tuple[int, int]) -> Answer:
    chosen = [{"book_id": book, "quantity": quantity} for book, quantity in items]
    return ask(driver, "place_order", values={"customer_id": customer, "items": chosen})


def test_orders_through_both_servers_add_up(both: list[Driver]) -> None:
    """Many buy the same few books through both servers; none is sold twice, none is lost."""
    customer = made(both[0], "customer")["id"]
    first, second = (made(d, "book", stock=70, price=1.15)["id"] for d in both)
    turns = 10

    def buy(driver: Driver, seed: int) -> list[Answer]:
        # In either order of the books, so that two orders might wait for each other.
        items = [(first, 1), (second, 2)] if seed % 2 else [(second, 1), (first, 2)]
        return [place(driver, customer, *items) for _ in range(turns)]

    bought = at_once(*(partial(buy, driver, n) for n, driver in enumerate(crowd(both))))
    answers = list(chain.from_iterable(bought))
    outcomes = Counter(answer.code for answer in answers)
    assert set(outcomes) == {None, "OUT_OF_STOCK"}, outcomes
    assert len(answers) == turns * 2 * CLIENTS

    placed = {answer.value["id"]: answer.value for answer in answers if answer.value}
    assert len(placed) == outcomes[None]
    assert all_orders(both[0], customer) == all_orders(both[1], customer) == placed
    sold = Counter[int]()
    for order in placed.values():
        assert order["total_amount"] == total(order)
        for item in order["items"]:
            sold[item["book_id"]] += item["quantity"]
    for driver in both:
        for book in (first, second):
            assert ask(driver, "get_book", id=book).value["stock"] == 70 - sold[book]


def total(order: dict[str, Any]) -> float:
    return float(sum(round(i["price"] * 100) * i["quantity"] for i in order["items"])) / 100


def all_orders(driver: Driver, customer: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    while page := ask(
        driver, "list_orders", customer_id=customer, limit=100, offset=len(found)
    ).value:
        found.update({order["id"]: order for order in page})
    return found


def test_the_last_copy_is_sold_once(both: list[Driver]) -> None:
    customer = made(both[0], "customer")["id"]
    for _ in range(5):
        book = made(both[1], "book", stock=1)["id"]
        answers = at_once(*(partial(place, d, customer, (book, 1)) for d in crowd(both, 4)))
        assert Counter(answer.code for answer in answers) == {None: 1, "OUT_OF_STOCK": 7}
        assert ask(both[0], "get_book", id=book).value["stock"] == 0


@pytest.mark.parametrize("status", ["paid", "cancelled"])
def test_one_of_many_moves_an_order_on(both: list[Driver], status: str) -> None:
    customer, book = made(both[0], "customer")["id"], made(both[0], "book", stock=9)["id"]
    for _ in range(5):
        order = place(both[0], customer, (book, 2)).value["id"]
        answers = at_once(
            *(partial(ask, d, "set_order_status", id=order, status=status) for d in crowd(both, 4))
        )
        assert Counter(a.code for a in answers) == {None: 1, "INVALID_TRANSITION": 7}
        if status == "paid":  # give the copies back
            ask(both[1], "set_order_status", id=order, status="cancelled")
        assert ask(both[1], "get_book", id=book).value["stock"] == 9


def test_paying_and_cancelling_at_once_ends_in_one_of_both(both: list[Driver]) -> None:
    customer, book = made(both[0], "customer")["id"], made(both[0], "book", stock=20)["id"]
    left = 20
    for turn in range(8):
        order = place(both[0], customer, (book, 1)).value["id"]
        ask(both[0], "set_order_status", id=order, status="paid")
        rest, graphql = both if turn % 2 else reversed(both)
        shipped, cancelled = at_once(
            partial(ask, rest, "set_order_status", id=order, status="shipped"),
            partial(ask, graphql, "set_order_status", id=order, status="cancelled"),
        )
        assert {shipped.code, cancelled.code} == {None, "INVALID_TRANSITION"}
        status = ask(graphql, "get_order", id=order).value["status"]
        assert status == ("shipped" if shipped.code is None else "cancelled")
        left -= shipped.code is None
        assert ask(rest, "get_book", id=book).value["stock"] == left


@pytest.mark.parametrize(("kind", "unique"), [("author", "email"), ("book", "isbn")])
def test_a_unique_value_is_taken_once(both: list[Driver], kind: str, unique: str) -> None:
    for _ in range(5):
        first = made(both[0], kind)
        taken = {**first}
        del taken["id"]
        ask(both[0], f"delete_{kind}", id=first["id"])
        answers = at_once(
            *(partial(ask, d, f"create_{kind}", values=taken) for d in crowd(both, 4))
        )
        assert Counter(a.code for a in answers) == {None: 1, "DUPLICATE": 7}
        assert {a.field for a in answers if a.code} == {unique}


def test_new_rows_through_both_have_ids_of_their_own(both: list[Driver]) -> None:
    answers = at_once(*(partial(made, driver, "author") for driver in crowd(both)))
    ids = [author["id"] for author in answers]
    assert len(set(ids)) == len(ids)
    for driver in both:
        found = ask(driver, "list_authors", ids=ids).value
        assert sorted(found, key=str) == sorted(answers, key=str)


def test_members_changed_by_different_clients_are_all_kept(both: list[Driver]) -> None:
    book = made(both[0], "book", description=None)["id"]
    changes = [{"title": "Other"}, {"price": 2.5}, {"genre": "Travel"}, {"stock": 3},
               {"description": "Changed"}, {"publication_date": "2020-02-29"}]  # fmt: skip
    at_once(
        *(
            partial(ask, driver, "update_book", id=book, values=change)
            for driver, change in zip(crowd(both, 3), changes, strict=True)
        )
    )
    found = ask(both[1], "get_book", id=book).value
    assert found == ask(both[0], "get_book", id=book).value
    for change in changes:
        assert found.items() >= change.items()
    for text in ("Other", "Changed"):  # the search sees both, whoever came last
        hits = ask(both[0], "list_books", search=text, sort="-id", limit=100).value
        assert book in [hit["id"] for hit in hits]


def test_deleting_and_referring_at_once_leaves_no_loose_end(both: list[Driver]) -> None:
    for turn in range(6):
        author = made(both[0], "author")["id"]
        one, other = both if turn % 2 else reversed(both)
        values = {**new_book(author_id=author), "isbn": fresh("isbn")}
        deleted, created = at_once(
            partial(ask, one, "delete_author", id=author),
            partial(ask, other, "create_book", values=values),
        )
        assert (deleted.code, created.code) in (("IN_USE", None), (None, "UNKNOWN_REFERENCE"))


def test_who_reads_meanwhile_never_sees_half_an_order(
    writing_pair: Pair, both: list[Driver]
) -> None:
    """Readers see an order with all of its items and its whole total, or not at all."""
    customer = made(both[0], "customer")["id"]
    books = [made(both[0], "book", stock=1_000, price=1.15)["id"] for _ in range(5)]
    seen = 0

    def write(driver: Driver) -> int:
        for _ in range(15):
            order = place(driver, customer, *((book, 2) for book in books)).value
            ask(driver, "set_order_status", id=order["id"], status="cancelled")
        return 0

    def look(client: Client, path: str, body: Any) -> int:
        count = 0
        for _ in range(30):
            answer = client.post(path, body) if body else client.get(path)
            orders = answer.json["data"]["orders"] if body else answer.json
            for order in orders:
                assert len(order["items"]) == 5
                assert order.get("total_amount", order.get("totalAmount")) == 11.5
            count += len(orders)
        return count

    query = (
        f"{{ orders(filter: {{customerId: {customer}}}, limit: 100) "
        "{ totalAmount items { quantity price } } }"
    )
    rest_path = f"/orders?customer_id={customer}&limit=100"
    seen = sum(
        at_once(
            *(partial(write, driver) for driver in crowd(both, 1)),
            *(partial(look, writing_pair.rest, rest_path, None) for _ in range(2)),
            *(partial(look, writing_pair.graphql, "/graphql", {"query": query}) for _ in range(2)),
        )
    )
    assert seen
    for book in books:
        assert ask(both[0], "get_book", id=book).value["stock"] == 1_000


@pytest.mark.slow
def test_a_thousand_orders_through_both_servers_add_up(both: list[Driver]) -> None:
    customer = made(both[0], "customer")["id"]
    books = [made(both[0], "book", stock=400, price=0.29)["id"] for _ in range(4)]

    def buy(driver: Driver, seed: int) -> list[Answer]:
        answers = []
        for turn in range(63):
            at = (seed + turn) % 4
            answer = place(driver, customer, (books[at], 1), (books[at - 1], 1 + turn % 2))
            if answer.value and turn % 5 == 0:
                ask(driver, "set_order_status", id=answer.value["id"], status="cancelled")
            answers.append(answer)
        return answers

    bought = at_once(*(partial(buy, driver, n) for n, driver in enumerate(crowd(both, 8))))
    answers = list(chain.from_iterable(bought))
    assert len(answers) > 1_000
    assert not [a for a in answers if a.code not in (None, "OUT_OF_STOCK")]
    orders = all_orders(both[1], customer)
    assert orders.keys() == {answer.value["id"] for answer in answers if answer.value}
    sold = Counter(
        {
            book: sum(
                item["quantity"]
                for order in orders.values()
                for item in order["items"]
                if item["book_id"] == book and order["status"] != "cancelled"
            )
            for book in books
        }
    )
    for book in books:
        assert ask(both[0], "get_book", id=book).value["stock"] == 400 - sold[book]
