"""A customer and books made for a screen that writes, which no other screen shows."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from client_examples.clients.api_errors import ProblemError
from client_examples.comparison.arms.api import RestApi
from client_examples.rest_client import RestClient

PRICES = (12.5, 20.0, 7.25)
STOCK = 1_000_000  # enough, even if lost answers leave some taken


@dataclass(frozen=True)
class Shop:
    """The ids of the customer and books, and a client to cancel orders with; it is not counted."""

    api: RestApi | RestClient
    customer: int
    books: list[int]

    def cancel_orders(self) -> None:
        """Cancel the customer's orders, which returns the stock, and delete them.

        Those that are shipped or delivered cannot be, and stay.
        """
        of_all = self.api.get("/orders", customer_id=self.customer, sort="-id", fields="id,status")
        for order in of_all:
            if order["status"] in ("pending", "paid"):
                self.api.patch(f"/orders/{order['id']}", {"status": "cancelled"})
            elif order["status"] != "cancelled":
                continue
            self.api.delete(f"/orders/{order['id']}")


@contextmanager
def open_shop(api: RestApi | RestClient) -> Iterator[Shop]:
    """Make an author, three books and a customer; remove at the end what no order refers to."""
    mark = f"{random.SystemRandom().randrange(10**9):09}"  # may run beside another comparison
    with ExitStack() as leaving:

        def new(path: str, **members: object) -> int:
            made = int(api.post(path, members)["id"])
            leaving.callback(_delete, api, f"{path}/{made}")
            return made

        author = new("/authors", name="Olga Ferreira", email=f"author.{mark}@example.com")
        books = [
            new(
                "/books",
                title=f"Ledger, Volume {number}",
                isbn=_isbn(f"979{mark[:-1]}{number}"),
                price=price,
                publication_date="1950-01-01",
                author_id=author,
                genre="Ledgers",
                stock=STOCK,
            )
            for number, price in enumerate(PRICES, 1)
        ]
        customer = new("/customers", name="Priya Lindqvist", email=f"buyer.{mark}@example.com")
        shop = Shop(api, customer, books)
        leaving.callback(shop.cancel_orders)
        yield shop


def _delete(api: RestApi | RestClient, path: str) -> None:
    """Delete it, unless an order that stays refers to it."""
    try:
        api.delete(path)
    except ProblemError as error:
        if error.code != "IN_USE":
            raise


def _isbn(digits: str) -> str:
    """Twelve digits with the check digit of an ISBN-13."""
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
