"""The bookstore in plain Python: what every answer of the real one is compared with.

It shares with the project the sample rows alone; its rules are written from the contract.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.sample_data import generator

Record = dict[str, Any]

SORTS = {
    "author": ("id", "name"),
    "book": ("id", "title", "price", "publication_date"),
    "customer": ("id", "name"),
    "order": ("id", "order_date", "total_amount"),
}
NEXT_STATUS = {
    "pending": {"paid", "cancelled"},
    "paid": {"shipped", "cancelled"},
    "shipped": {"delivered"},
    "delivered": set[str](),
    "cancelled": set[str](),
}


class Refused(Exception):
    """The model's error: a code of the contract, and the field that is to blame."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field


class Model:
    """All rows by id, as both APIs show them, and what may be asked of them."""

    def __init__(self, books: int | None = 1_000, seed: int = 1) -> None:
        """The sample data of this size; of no size: nothing at all."""
        self.author: dict[int, Record] = {}
        self.book: dict[int, Record] = {}
        self.customer: dict[int, Record] = {}
        self.order: dict[int, Record] = {}
        for table, columns, rows in generator.generate(books, seed) if books else ():
            for row in rows:
                self._take(table.name, dict(zip(columns, row, strict=True)))
        self.last_id = {name: max(self.table(name), default=0) for name in SORTS}

    def _take(self, table: str, row: Record) -> None:
        if table == "order_item":
            item = {"book_id": row["book_id"], "quantity": row["quantity"]}
            item["price"] = row["unit_price_cents"] / 100
            self.order[row["order_id"]]["items"].append(item)
            return
        if table == "book":
            del row["search_text"]
            row["price"] = row.pop("price_cents") / 100
        if table == "order":
            row["total_amount"] = row.pop("total_cents") / 100
            row["items"] = []
        self.table(table)[row["id"]] = row

    def table(self, name: str) -> dict[int, Record]:
        """The rows of `author`, `book`, `customer` or `order`, by id."""
        found: dict[int, Record] = getattr(self, name)
        return found

    def listed(
        self,
        name: str,
        sort: str = "id",
        limit: int = 20,
        offset: int = 0,
        **filters: Any,
    ) -> list[Record]:
        """A page of the rows that pass the filters, by the sort key and then by id."""
        rows = [row for row in self.table(name).values() if _passes(row, filters)]
        return page(rows, sort, limit, offset)

    def related(
        self, name: str, parent: int, sort: str = "id", limit: int = 20, offset: int = 0
    ) -> list[Record]:
        """A nested page: the books of an author, or the orders of a customer."""
        column = {"book": "author_id", "order": "customer_id"}[name]
        return self.listed(name, sort, limit, offset, **{column: parent})

    def by_ids(self, name: str, ids: Sequence[int]) -> list[Record]:
        """The rows in the order of the ids; repeated and unknown ones are left out."""
        table = self.table(name)
        return [table[row_id] for row_id in dict.fromkeys(ids) if row_id in table]

    # -- what changes it ------------------------------------------------------------------

    def create(self, name: str, values: Record, row_id: int | None = None) -> Record:
        """A new author, book or customer."""
        self._check(name, None, values)
        row_id = self._new_id(name, row_id)
        self.table(name)[row_id] = {"id": row_id, **values}
        return self.table(name)[row_id]

    def update(self, name: str, row_id: int, changes: Record) -> Record:
        """Set the members that are given."""
        row = self._found(name, row_id)
        self._check(name, row_id, changes)
        row.update(changes)
        return row

    def delete(self, name: str, row_id: int) -> None:
        """Remove a row that nothing refers to."""
        self._found(name, row_id)
        if name == "order":
            if self.order[row_id]["status"] != "cancelled":
                raise Refused("INVALID_TRANSITION")
        elif self._is_referred_to(name, row_id):
            raise Refused("IN_USE")
        del self.table(name)[row_id]

    def place_order(
        self, customer_id: int, items: Sequence[Mapping[str, int]], row_id: int | None = None
    ) -> Record:
        """Take the stock and record the order at today's prices."""
        for position, item in enumerate(items):
            if item["book_id"] not in self.book:
                raise Refused("UNKNOWN_REFERENCE", f"items.{position}.book_id")
        for position, item in enumerate(items):
            if self.book[item["book_id"]]["stock"] < item["quantity"]:
                raise Refused("OUT_OF_STOCK", f"items.{position}.quantity")
        if customer_id not in self.customer:
            raise Refused("UNKNOWN_REFERENCE", "customer_id")
        placed, cents = [], 0
        for item in items:
            book = self.book[item["book_id"]]
            book["stock"] -= item["quantity"]
            cents += round(book["price"] * 100) * item["quantity"]
            placed.append({**item, "price": book["price"]})
        row_id = self._new_id("order", row_id)
        self.order[row_id] = {
            "id": row_id,
            "customer_id": customer_id,
            "status": "pending",
            "total_amount": cents / 100,
            "items": sorted(placed, key=lambda item: item["book_id"]),
        }
        return self.order[row_id]

    def set_order_status(self, row_id: int, status: str) -> Record:
        """Move an order on; cancelling it returns the stock."""
        order = self._found("order", row_id)
        if status not in NEXT_STATUS[order["status"]]:
            raise Refused("INVALID_TRANSITION", "status")
        order["status"] = status
        if status == "cancelled":
            for item in order["items"]:
                self.book[item["book_id"]]["stock"] += item["quantity"]
        return order

    def _new_id(self, name: str, row_id: int | None) -> int:
        row_id = row_id or self.last_id[name] + 1
        assert row_id > self.last_id[name], "an id is never used twice"
        self.last_id[name] = row_id
        return row_id

    def _found(self, name: str, row_id: int) -> Record:
        if row_id not in self.table(name):
            raise Refused("NOT_FOUND")
        return self.table(name)[row_id]

    def _check(self, name: str, row_id: int | None, values: Record) -> None:
        unique = "isbn" if name == "book" else "email"
        others = [row for key, row in self.table(name).items() if key != row_id]
        if unique in values and values[unique] in {row[unique] for row in others}:
            raise Refused("DUPLICATE", unique)
        if "author_id" in values and values["author_id"] not in self.author:
            raise Refused("UNKNOWN_REFERENCE", "author_id")

    def _is_referred_to(self, name: str, row_id: int) -> bool:
        if name == "author":
            return any(book["author_id"] == row_id for book in self.book.values())
        if name == "customer":
            return any(order["customer_id"] == row_id for order in self.order.values())
        items = (item for order in self.order.values() for item in order["items"])
        return any(item["book_id"] == row_id for item in items)


def page(
    rows: Sequence[Record], sort: str = "id", limit: int = 20, offset: int = 0
) -> list[Record]:
    """Rows by a sort key (`-` in front: descending), equal ones by id, from offset on."""
    name = sort.removeprefix("-")
    by_id = sorted(rows, key=lambda row: row["id"], reverse=sort == "-id")
    if name != "id":
        by_id.sort(key=lambda row: row[name], reverse=sort.startswith("-"))
    return by_id[offset : offset + limit]


def summary(order: Record) -> Record:
    """An order without its items."""
    members = ("id", "order_date", "status", "total_amount")
    return {name: order[name] for name in members} | {"item_count": len(order["items"])}


def _passes(row: Record, filters: Mapping[str, Any]) -> bool:
    return all(_FILTERS.get(name, _equals(name))(row, value) for name, value in filters.items())


def _equals(name: str) -> Callable[[Record, Any], bool]:
    return lambda row, value: row[name] == value


def _contains(row: Record, text: str) -> bool:
    return any(text.casefold() in (row[n] or "").casefold() for n in ("title", "description"))


_FILTERS: dict[str, Callable[[Record, Any], bool]] = {
    "min_price": lambda row, value: row["price"] >= value,
    "max_price": lambda row, value: row["price"] <= value,
    "search": _contains,
}
