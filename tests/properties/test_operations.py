"""Random sequences of operations through both APIs agree with the plain model."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from shared.sample_data.generator import isbn13
from tests.contract.answer import Answer, Driver
from tests.fixtures import WRITING_ON_EACH
from tests.model import NEXT_STATUS, SORTS, Model, Record, Refused, summary
from tests.properties.budget import budget

Drivers = dict[str, Driver]
AWAY = 999_999
STATUSES = sorted(NEXT_STATUS)

_runs = itertools.count()
_isbns = itertools.count(800_000_000)

API = st.sampled_from(["rest", "graphql"])
PERSON = st.sampled_from(["author", "customer"])
KIND = st.sampled_from(["author", "book", "customer", "order"])
WHICH = st.integers(0, 20)  # of the rows that there are, see `pick`
NAME = st.sampled_from(["Ada", "Bo", "Žofie", "a", "Z"])
NUMBER = st.integers(0, 9)
CENTS = st.integers(0, 5_000) | st.sampled_from([0, 1, 29, 115, 435, 1999])
STOCK = st.integers(0, 4)
ITEMS = st.lists(st.tuples(WHICH, st.integers(1, 3)), min_size=1, max_size=3)


class Bookstore(RuleBasedStateMachine):
    """Each rule does the same to the servers and to the model, and compares the outcomes."""

    def __init__(self, drivers: Drivers) -> None:
        super().__init__()
        self.drivers = drivers
        self.model = Model(books=None)
        self.run = next(_runs)

    # -- how it is compared --------------------------------------------------------------

    def pick(self, kind: str, which: int) -> int:
        """The id of a row; now and then one that is not there."""
        ids = [*sorted(self.model.table(kind)), AWAY]
        return ids[which % len(ids)]

    def ask(self, api: str, operation: str, **arguments: Any) -> Answer:
        return self.drivers[api].run(operation, arguments)

    def agree(self, answer: Answer, expected: Callable[[int], Record | None]) -> Record | None:
        """The answer is what the model says, value or refusal."""
        refused, wanted = None, None
        try:
            wanted = expected(answer.value["id"] if answer.value else 0)
        except Refused as error:
            refused = error
        assert answer.code == (refused and refused.code), answer
        if refused and refused.field:
            assert answer.field == refused.field, answer
        if wanted is not None:
            assert undated(answer.value) == wanted, answer
        return wanted

    def write(
        self,
        api: str,
        operation: str,
        kind: str,
        expected: Callable[[int], Record | None],
        **arguments: Any,
    ) -> None:
        """Write, compare, and read it again through the other API."""
        answer = self.ask(api, operation, **arguments)
        row = self.agree(answer, expected)
        if row:
            other = "graphql" if api == "rest" else "rest"
            assert self.ask(other, f"get_{kind}", id=row["id"]).value == answer.value

    # -- authors, books, customers -------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        """Every run begins with something to sell, and somebody to sell it to."""
        for number, api in enumerate(("rest", "graphql")):
            self.create_person(api, "author", "Ada", number)
            self.create_person(api, "customer", "Bo", number)
            self.create_book(api, 0, "Title", 115, [5, 1][number])
        self.place_order("rest", 0, [(0, 2), (1, 1)])

    def email(self, number: int) -> str:
        return f"run{self.run}.{number}@example.com"

    @rule(api=API, kind=PERSON, name=NAME, number=NUMBER)
    def create_person(self, api: str, kind: str, name: str, number: int) -> None:
        values = {"name": name, "email": self.email(number)}
        empty: Record = {"bio": None} if kind == "author" else {"phone": None, "address": None}
        self.write(
            api,
            f"create_{kind}",
            kind,
            lambda row_id: self.model.create(kind, {**values, **empty}, row_id),
            values=values,
        )

    @rule(api=API, author=WHICH, title=NAME, cents=CENTS, stock=STOCK)
    def create_book(self, api: str, author: int, title: str, cents: int, stock: int) -> None:
        values = {
            "title": title,
            "isbn": isbn13(next(_isbns)),
            "price": cents / 100,
            "publication_date": f"20{cents % 100:02}-02-28",
            "author_id": self.pick("author", author),
            "genre": title,
            "description": None,
            "stock": stock,
        }
        self.write(
            api,
            "create_book",
            "book",
            lambda row_id: self.model.create("book", values, row_id),
            values=values,
        )

    def _update(self, api: str, kind: str, which: int, changes: Record) -> None:
        row_id = self.pick(kind, which)
        self.write(
            api,
            f"update_{kind}",
            kind,
            lambda _: self.model.update(kind, row_id, changes),
            id=row_id,
            values=changes,
        )

    @rule(api=API, kind=PERSON, which=WHICH, name=NAME, number=NUMBER)
    def update_person(self, api: str, kind: str, which: int, name: str, number: int) -> None:
        self._update(api, kind, which, {"name": name, "email": self.email(number)})

    @rule(api=API, which=WHICH, cents=CENTS, stock=st.none() | STOCK)
    def update_book(self, api: str, which: int, cents: int, stock: int | None) -> None:
        more = {} if stock is None else {"stock": stock}
        self._update(api, "book", which, {"price": cents / 100, **more})

    @rule(api=API, which=WHICH, other=WHICH, author=WHICH)
    def take_from_another_book(self, api: str, which: int, other: int, author: int) -> None:
        row = self.model.book.get(self.pick("book", other))
        isbn = {"isbn": row["isbn"]} if row else {}
        self._update(api, "book", which, {**isbn, "author_id": self.pick("author", author)})

    @rule(api=API, kind=KIND, which=WHICH)
    def delete(self, api: str, kind: str, which: int) -> None:
        row_id = self.pick(kind, which)
        answer = self.ask(api, f"delete_{kind}", id=row_id)
        self.agree(answer, lambda _: self.model.delete(kind, row_id))

    # -- orders --------------------------------------------------------------------------

    @rule(api=API, customer=WHICH, chosen=ITEMS)
    def place_order(self, api: str, customer: int, chosen: list[tuple[int, int]]) -> None:
        customer_id = self.pick("customer", customer)
        items = [{"book_id": self.pick("book", book), "quantity": q} for book, q in chosen]

        def expected(row_id: int) -> Record:
            if len({item["book_id"] for item in items}) < len(items):
                raise Refused("VALIDATION", "items")
            return self.model.place_order(customer_id, items, row_id)

        values = {"customer_id": customer_id, "items": items}
        self.write(api, "place_order", "order", expected, values=values)

    def _set_status(self, api: str, order_id: int, status: str) -> None:
        self.write(
            api,
            "set_order_status",
            "order",
            lambda _: self.model.set_order_status(order_id, status),
            id=order_id,
            status=status,
        )

    @rule(api=API, which=WHICH, status=st.sampled_from(STATUSES))
    def set_any_status(self, api: str, which: int, status: str) -> None:
        self._set_status(api, self.pick("order", which), status)

    @rule(api=API, which=WHICH, way=st.integers(0, 1))
    def move_on(self, api: str, which: int, way: int) -> None:
        order_id = self.pick("order", which)
        now = self.model.order.get(order_id, {"status": "delivered"})["status"]
        allowed = sorted(NEXT_STATUS[now]) or ["paid"]
        self._set_status(api, order_id, allowed[way % len(allowed)])

    # -- reading -------------------------------------------------------------------------

    @rule(api=API, author=WHICH, sort=st.integers(0, 7), limit=NUMBER, offset=st.integers(0, 2))
    def list_books_of_author(
        self, api: str, author: int, sort: int, limit: int, offset: int
    ) -> None:
        row_id = self.pick("author", author)
        keys = [sort for key in SORTS["book"] for sort in (key, f"-{key}")]
        page = {"sort": keys[sort], "limit": limit + 1, "offset": offset}
        answer = self.ask(api, "list_books_of_author", id=row_id, **page)
        if row_id in self.model.author:
            assert answer.value == self.model.related("book", row_id, **page)
        else:
            assert answer.code == "NOT_FOUND"

    @rule(api=API, customer=WHICH, status=st.none() | st.sampled_from(STATUSES))
    def list_orders(self, api: str, customer: int, status: str | None) -> None:
        filters: Record = {"customer_id": self.pick("customer", customer)}
        if status:
            filters["status"] = status
        found = self.ask(api, "list_orders", limit=100, **filters).value
        wanted = self.model.listed("order", "id", 100, **filters)
        assert [undated(order) for order in found] == wanted
        answer = self.ask(api, "list_orders_of_customer", id=filters["customer_id"], limit=100)
        if filters["customer_id"] in self.model.customer and not status:
            assert [undated(order) for order in answer.value] == [_summary(row) for row in wanted]

    @rule(api=API, chosen=st.lists(WHICH, min_size=1, max_size=4))
    def list_by_ids(self, api: str, chosen: list[int]) -> None:
        ids = [self.pick("book", which) for which in chosen]
        assert self.ask(api, "list_books", ids=ids).value == self.model.by_ids("book", ids)

    def teardown(self) -> None:
        """At the end both APIs show what the model has: every row, every copy, every total."""
        for api in self.drivers:
            for kind in SORTS:
                for row_id, row in self.model.table(kind).items():
                    assert undated(self.ask(api, f"get_{kind}", id=row_id).value) == row


def undated(record: Record) -> Record:
    """Without the one member that the clock has made."""
    return {name: value for name, value in record.items() if name != "order_date"}


def _summary(order: Record) -> Record:
    return undated(summary({**order, "order_date": ""}))


@pytest.fixture(scope="module")
def drivers(writing: Drivers) -> Drivers:
    return {name: writing[name] for name in ("rest", "graphql")}


@WRITING_ON_EACH
def test_random_sequences_agree_with_the_model(drivers: Drivers) -> None:
    run_state_machine_as_test(
        lambda: Bookstore(drivers), settings=budget(20, shrink=False, stateful_step_count=40)
    )


@pytest.mark.slow
def test_many_longer_sequences_agree_with_the_model(drivers: Drivers) -> None:
    run_state_machine_as_test(
        lambda: Bookstore(drivers), settings=budget(250, stateful_step_count=80)
    )
