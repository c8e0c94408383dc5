"""What can be selected: the fields of each entity, and the relations between entities.

Both APIs draw from it: REST's `fields` paths and sort keys, and GraphQL's loaders.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, func, select

from shared.storage import tables
from shared.storage.statements import amount


@dataclass(frozen=True)
class Deprecation:
    """What is said of a field that has a better one beside it.

    Attributes:
        since: from when on nobody should begin to read it.
        sunset: from when on it may be gone.
        reason: why, and what to read instead, in names that both APIs have.
    """

    since: datetime
    sunset: datetime
    reason: str


@dataclass(frozen=True, eq=False)
class Relation:
    """From one entity to another: `child.remote` equals `parent.local`.

    Attributes:
        many: whether it leads to a list, not to one object.
        paged: the list has a limit for each parent; else it is never cut.
        owned: the children are part of the parent, and never change.
    """

    name: str
    target: str
    local: Column[int]
    remote: Column[int]
    many: bool
    paged: bool = False
    owned: bool = False

    @property
    def entity(self) -> "Entity":
        """What it leads to."""
        return ENTITIES[self.target]


@dataclass(frozen=True, eq=False)
class Entity:
    """A kind of object: its fields by the name that is shown, in the order that is shown."""

    name: str
    table: Table
    fields: Mapping[str, ColumnElement[Any]]
    default: tuple[str, ...]  # the members of its full representation
    relations: Mapping[str, Relation] = field(default_factory=dict)
    sorts: Mapping[str, Column[Any]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()  # fields that only the holder of the token sees
    deprecated: Mapping[str, Deprecation] = field(default_factory=dict)

    def members(self) -> str:
        """What a `fields` path can name, for an error."""
        relations = f"; its relations: {', '.join(self.relations)}" if self.relations else ""
        return f"{', '.join(self.fields)}{relations}"

    def reachable(self) -> list["Entity"]:
        """It, and the entities that its relations lead to, directly or by others."""
        found = [self]
        for entity in found:
            for relation in entity.relations.values():
                if relation.entity not in found:
                    found.append(relation.entity)
        return found


def _columns(table: Table, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: table.c[name] for name in names}


_author, _book, _customer = tables.author.c, tables.book.c, tables.customer.c
_order, _item = tables.order.c, tables.order_item.c

_item_count = (
    select(func.count())
    .select_from(tables.order_item)
    .where(_item.order_id == _order.id)
    .correlate(tables.order)
    .scalar_subquery()
)

AUTHOR: Final = Entity(
    "author",
    tables.author,
    _columns(tables.author, "id", "name", "email", "bio", "version"),
    default=("id", "name", "email", "bio"),
    relations={"books": Relation("books", "book", _author.id, _book.author_id, True, paged=True)},
    sorts={"id": _author.id, "name": _author.name},
)

BOOK: Final = Entity(
    "book",
    tables.book,
    {
        **_columns(tables.book, "id", "title", "isbn"),
        "price": amount(_book.price_cents),
        **_columns(tables.book, "publication_date", "author_id", "genre", "description", "stock"),
        **_columns(tables.book, "version"),
    },
    default=(
        "id",
        "title",
        "isbn",
        "price",
        "publication_date",
        "author_id",
        "genre",
        "description",
        "stock",
    ),
    relations={"author": Relation("author", "author", _book.author_id, _author.id, False)},
    sorts={
        "id": _book.id,
        "title": _book.title,
        "price": _book.price_cents,
        "publication_date": _book.publication_date,
    },
)

CUSTOMER: Final = Entity(
    "customer",
    tables.customer,
    _columns(tables.customer, "id", "name", "email", "phone", "address", "version"),
    default=("id", "name", "email", "phone", "address"),
    relations={
        "orders": Relation("orders", "order", _customer.id, _order.customer_id, True, paged=True)
    },
    sorts={"id": _customer.id, "name": _customer.name},
    private=frozenset({"email", "phone", "address"}),
)

ORDER: Final = Entity(
    "order",
    tables.order,
    {
        **_columns(tables.order, "id", "customer_id", "order_date", "status"),
        "total_amount": amount(_order.total_cents),
        "item_count": _item_count,
        "version": _order.version,
    },
    default=("id", "customer_id", "order_date", "status", "total_amount", "items"),
    relations={
        "customer": Relation("customer", "customer", _order.customer_id, _customer.id, False),
        "items": Relation("items", "order_item", _order.id, _item.order_id, True, owned=True),
    },
    sorts={"id": _order.id, "order_date": _order.order_date, "total_amount": _order.total_cents},
    deprecated={
        "item_count": Deprecation(
            since=datetime(2026, 11, 30, tzinfo=UTC),
            sunset=datetime(2027, 11, 30, tzinfo=UTC),
            reason="It counts an order's different books, not its copies: "
            "read the quantity of each of its items.",
        )
    },
)

ORDER_ITEM: Final = Entity(
    "order_item",
    tables.order_item,
    {
        "book_id": _item.book_id,
        "quantity": _item.quantity,
        "price": amount(_item.unit_price_cents),
    },
    default=("book_id", "quantity", "price"),
    relations={"book": Relation("book", "book", _item.book_id, _book.id, False)},
)

ENTITIES: Final = {e.name: e for e in (AUTHOR, BOOK, CUSTOMER, ORDER, ORDER_ITEM)}
