"""Clients that write through both APIs until the servers die, and know what they were told."""

import random
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from shared.rules.order_status import NEXT, OrderStatus
from tests.contract.answer import Answer, Driver
from tests.contract.case import book as new_book
from tests.contract.runner import fresh

BUSY = ("UNAVAILABLE", "TIMEOUT")
Items = dict[int, int]  # copies by book


class Unanswered(Exception):
    """The server could not say whether a write was done: its database was away."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.response = answer.response


@dataclass
class Told:
    """What one client has asked for, and what it was told.

    Attributes:
        title: of its own book: as it was told last, and as it has asked for last.
        orders: what was asked for, by key.
        placed: the orders of which it was told, by key.
        statuses: the last status that it was told of, by order.
        moves: the status that it has asked for last, by order.
        books: what was asked for, by ISBN.
        made: the books of which it was told, by ISBN.
    """

    title: tuple[str, str]
    orders: dict[str, Items] = field(default_factory=dict)
    placed: dict[str, Any] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    moves: dict[int, str] = field(default_factory=dict)
    books: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)


class Writer:
    """A client of one API, which remembers from one of the server's lives to the next."""

    def __init__(self, driver: Driver, customer: int, books: list[int], own: Any) -> None:
        """It buys some of `books`, and changes the title of a book of its own."""
        self.driver = driver
        self.told = Told((own["title"],) * 2)
        self.answers = 0
        self._customer, self._books = customer, books
        self.own_book: int = own["id"]
        self._random = random.Random(self.own_book)

    def write(self) -> None:
        """Write until the server is gone."""
        try:
            while True:
                self.step()
        except (OSError, HTTPException):
            return

    def step(self) -> None:
        """Make one write."""
        steps = [self.place, self.place, self.place, self.move, self.move, self.make, self.rename]
        self._random.choice(steps)()

    def place(self, key: str = "") -> Any:
        """Place an order, by a new key unless one is given, which then asks for the same again."""
        key = key or fresh("key")
        if key not in self.told.orders:
            chosen = self._random.sample(self._books, self._random.randint(1, 4))
            self.told.orders[key] = {book: self._random.randint(1, 3) for book in chosen}
        order = self._ask("place_order", **self.wish(key))
        self.told.placed.setdefault(key, order)
        self.told.statuses.setdefault(order["id"], "pending")
        return order

    def wish(self, key: str) -> dict[str, Any]:
        """The arguments by which an order is, or was, placed."""
        items = [{"book_id": book, "quantity": n} for book, n in self.told.orders[key].items()]
        return {"values": {"customer_id": self._customer, "items": items}, "key": key}

    def move(self) -> None:
        """Move an order of its own on."""
        statuses = self.told.statuses
        open_orders = [order for order in statuses if NEXT[OrderStatus(statuses[order])]]
        if not open_orders:
            return
        order = self._random.choice(open_orders[-20:])
        if self.told.moves.get(order, statuses[order]) != statuses[order]:
            return  # one of which nobody knows whether it was done
        status = str(self._random.choice(sorted(NEXT[OrderStatus(statuses[order])])))
        self.told.moves[order] = status
        self._ask("set_order_status", id=order, status=status)
        statuses[order] = status

    def make(self) -> None:
        """Make a book."""
        values = {**new_book(), "isbn": fresh("isbn")}
        self.told.books[values["isbn"]] = values
        self.told.made[values["isbn"]] = self._ask("create_book", values=values)

    def rename(self) -> None:
        """Change the title of its own book."""
        title = fresh("key")
        self.told.title = (self.told.title[0], title)
        self._ask("update_book", id=self.own_book, values={"title": title})
        self.told.title = (title, title)

    def _ask(self, operation: str, **arguments: Any) -> Any:
        answer: Answer = self.driver.run(operation, arguments)
        if answer.code in BUSY:
            raise Unanswered(answer)
        assert answer.code is None, answer
        self.answers += 1
        return answer.value
