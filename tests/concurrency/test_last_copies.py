"""Hundreds of clients order the last copies through both servers at once."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.concurrency.crowd import ask, at_once, made
from tests.contract.answer import Answer, Driver
from tests.contract.runner import fresh
from tests.fixtures import WRITING_ON_EACH

BOOKS, COPIES, PRICE_CENTS = 5, 40, 1_115
CLIENTS = 520
REPEATED = 4  # every fourth client asks twice at once, with one key, through either API
ATTEMPTS = 20
BUSY = ("UNAVAILABLE", "TIMEOUT")  # to be asked again: nobody knows whether it was done


@dataclass(frozen=True)
class Wish:
    """What one client wants to buy, under one key."""

    key: str
    values: dict[str, Any]

    @property
    def copies(self) -> Counter[int]:
        """How many, by book."""
        return Counter({item["book_id"]: item["quantity"] for item in self.values["items"]})


@WRITING_ON_EACH
def test_the_last_copies_are_sold_once_and_no_paid_order_is_lost(both: list[Driver]) -> None:
    """Sell all copies to more clients than there are copies, and look at what is left."""
    customer = made(both[0], "customer")["id"]
    price = PRICE_CENTS / 100
    books = [made(both[n % 2], "book", stock=COPIES, price=price)["id"] for n in range(BOOKS)]
    wishes = [wish(customer, books, number) for number in range(CLIENTS)]
    asked = [
        (asking, both[(number + turn) % 2], both[(number + turn + 1) % 2])
        for number, asking in enumerate(wishes)
        for turn in range(1 if number % REPEATED else 2)
    ]
    assert len(asked) >= 500
    answers = at_once(*(partial(buy_and_pay, *one) for one in asked))

    placed = one_order_per_key([asking for asking, _, _ in asked], answers)
    sold = sum((asking.copies for asking in wishes if asking.key in placed), Counter[int]())
    # More was asked for than there was: every copy is sold, and none that was not there.
    assert sold == dict.fromkeys(books, COPIES)
    for driver in both:
        assert [ask(driver, "get_book", id=book).value["stock"] for book in books] == [0] * BOOKS
        # As each was placed, and paid: not one more, and none of them lost.
        assert orders_of(driver, customer) == {
            order["id"]: {**order, "status": "paid"} for order in placed.values()
        }
    for asking in wishes:
        if asking.key in placed:
            assert placed[asking.key]["total_amount"] == total(asking)


def wish(customer: int, books: list[int], number: int) -> Wish:
    """One copy, or one of each of two books; these in either order, as they may have to wait."""
    first, second = books[number % BOOKS], books[(number + 1 + number % 2) % BOOKS]
    chosen = [first] if number % 3 else [first, second]
    items = [{"book_id": book, "quantity": 1} for book in chosen]
    return Wish(fresh("key"), {"customer_id": customer, "items": items})


def buy_and_pay(asking: Wish, driver: Driver, other: Driver) -> Answer:
    """The answer to the order, which is paid through the other API."""
    answer = until_answered(driver, "place_order", values=asking.values, key=asking.key)
    if answer.code is None:
        paid = until_answered(other, "set_order_status", id=answer.value["id"], status="paid")
        assert paid.code in (None, "INVALID_TRANSITION"), paid  # who has asked twice pays once
    return answer


def until_answered(driver: Driver, operation: str, **arguments: Any) -> Answer:
    """Ask again, with the same key, for as long as the server is too busy to say."""
    for _ in range(ATTEMPTS):
        answer = ask(driver, operation, **arguments)
        if answer.code not in BUSY:
            return answer
    raise AssertionError(f"{ATTEMPTS} times {answer}")


def one_order_per_key(asked: list[Wish], answers: list[Answer]) -> dict[str, Any]:
    """The orders that were placed, by their keys; each key has one answer, however often."""
    outcomes: dict[str, list[Any]] = {}
    for asking, answer in zip(asked, answers, strict=True):
        assert answer.code in (None, "OUT_OF_STOCK"), answer
        outcomes.setdefault(asking.key, []).append(answer.value)
    for found in outcomes.values():
        assert found.count(found[0]) == len(found), found
    placed = {key: found[0] for key, found in outcomes.items() if found[0]}
    assert len({order["id"] for order in placed.values()}) == len(placed)
    assert all(order["status"] == "pending" for order in placed.values())
    return placed


def orders_of(driver: Driver, customer: int) -> dict[int, Any]:
    """All orders of a customer by their ids."""
    found, page = {}, {"next": ""}
    while page["next"] is not None:
        page = ask(driver, "page_orders", customer_id=customer, limit=100, after=page["next"]).value
        found.update({order["id"]: order for order in page["records"]})
    return found


def total(asking: Wish) -> float:
    """What an order costs."""
    return PRICE_CENTS * sum(asking.copies.values()) / 100
