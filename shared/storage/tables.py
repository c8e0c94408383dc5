"""The tables, their constraints and indexes.

Columns hold integers and text only, so that nothing is converted on the way out: money in
cents, days as `2023-01-15`, instants as `2024-05-01T12:00:00Z`, whose order as text is their
order in time.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import BigInteger, TypeEngine

from shared.rules.order_status import OrderStatus

metadata: Final = MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text() -> TypeEngine[str]:
    # PostgreSQL would sort by the language of its cluster; both are to sort by code point.
    return Text().with_variant(String(collation="C"), "postgresql")


def _cents() -> TypeEngine[int]:
    # A total of 20 items of 1,000 copies passes 32 bits.
    return Integer().with_variant(BigInteger(), "postgresql")


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False, server_default="1")


bookstore: Final = Table(
    "bookstore",
    metadata,
    Column("name", _text(), primary_key=True),
    Column("value", _text(), nullable=False),
    comment="What this database is: its instance, the size and seed of its sample data.",
)

author: Final = Table(
    "author",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", _text(), nullable=False),
    Column("email", _text(), nullable=False, unique=True),
    Column("bio", _text()),
    _version(),
    sqlite_autoincrement=True,  # an id is never used twice
)

book: Final = Table(
    "book",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", _text(), nullable=False),
    Column("isbn", _text(), nullable=False, unique=True),
    Column("price_cents", _cents(), nullable=False),
    Column("publication_date", _text(), nullable=False),
    Column("author_id", ForeignKey("author.id"), nullable=False),
    Column("genre", _text(), nullable=False),
    Column("description", _text()),
    Column("stock", Integer, nullable=False),
    # Title and description, case folded and in NFC by Python: both databases find the same books.
    Column("search_text", _text(), nullable=False),
    _version(),
    CheckConstraint("price_cents >= 0", name="price"),
    CheckConstraint("stock >= 0", name="stock"),
    sqlite_autoincrement=True,
)

customer: Final = Table(
    "customer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", _text(), nullable=False),
    Column("email", _text(), nullable=False, unique=True),
    Column("phone", _text()),
    Column("address", _text()),
    _version(),
    sqlite_autoincrement=True,
)

order: Final = Table(
    "order",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("order_date", _text(), nullable=False),
    Column("status", _text(), nullable=False),
    Column("total_cents", _cents(), nullable=False),
    _version(),
    CheckConstraint(
        "status IN ({})".format(", ".join(f"'{status}'" for status in OrderStatus)), name="status"
    ),
    sqlite_autoincrement=True,
)

order_item: Final = Table(
    "order_item",
    metadata,
    Column("order_id", ForeignKey("order.id", ondelete="CASCADE"), primary_key=True),
    Column("book_id", ForeignKey("book.id"), primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_cents", _cents(), nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    sqlite_with_rowid=False,  # the rows of an order lie together
)

order_event: Final = Table(
    "order_event",
    metadata,
    Column("id", Integer, primary_key=True),
    # No foreign key: what has happened stays true when the order is deleted.
    Column("order_id", Integer, nullable=False),
    Column("status", _text(), nullable=False),
    Column("occurred_at", _text(), nullable=False),
    sqlite_autoincrement=True,
    comment="An outbox: each change of an order's status, in the transaction that makes it.",
)

idempotency_key: Final = Table(
    "idempotency_key",
    metadata,
    Column("key", _text(), primary_key=True),
    Column("fingerprint", _text(), nullable=False),
    Column("order_id", Integer, nullable=False),
    comment="Which order a key has placed, and a hash of what was asked for.",
)

RESOURCES: Final = (author, book, customer, order)


@dataclass(frozen=True)
class Listed:
    """The columns that a table's lists are sorted and filtered by; its indexes follow from them.

    Attributes:
        sorts: the sort keys, besides the id.
        owner: the column of the resource that a row belongs to; one owner has some thousands of
            rows at most.
        group: the column of a filter that many rows pass.
        range: the sort key that has a lowest and a highest value as filters. It is part of the
            indexes by other keys too, as the group is of those by owner, so that rows which these
            filters leave out are not read.
    """

    sorts: tuple[Column[Any], ...]
    owner: Column[Any] | None = None
    group: Column[Any] | None = None
    range: Column[Any] | None = None


LISTED: Final = {
    author: Listed((author.c.name,)),
    book: Listed(
        (book.c.title, book.c.price_cents, book.c.publication_date),
        owner=book.c.author_id,
        group=book.c.genre,
        range=book.c.price_cents,
    ),
    customer: Listed((customer.c.name,)),
    order: Listed(
        (order.c.order_date, order.c.total_cents), owner=order.c.customer_id, group=order.c.status
    ),
}


def list_index(column: Column[Any], by: Column[Any] | None = None, *, falling: bool = False) -> str:
    """The name of a table's index by this column, or by the filter `by` and then this column."""
    filtered = "" if by is None else f"{by.name}_"
    return f"ix_{column.table.name}_{filtered}by_{column.name}{'_falling' if falling else ''}"


def _index_lists(table: Table, listed: Listed) -> None:
    """An index for each sort, and for each filter with each sort; the id decides ties.

    Rows with equal keys come by ascending id in both directions. So descending sorts have indexes
    of their own: else SQLite would sort 14,000 books of one price for a page of 20. One owner has
    few rows with equal keys, and those are sorted.
    """
    row_id, covered = table.c.id, () if listed.range is None else (listed.range,)
    for by in (None, listed.group) if listed.group is not None else (None,):
        first = () if by is None else (by,)
        if by is not None:
            Index(list_index(row_id, by), by, row_id, *covered)
        for key in listed.sorts:
            last = (row_id, *(column for column in covered if column is not key))
            Index(list_index(key, by), *first, key, *last)
            Index(list_index(key, by, falling=True), *first, key.desc(), *last)
    if (owner := listed.owner) is not None:
        also = [column for column in (listed.group, listed.range) if column is not None]
        for key in (row_id, *listed.sorts):
            behind = dict.fromkeys((key, row_id, *also))
            Index(list_index(key, owner), owner, *behind)


for _table, _listed in LISTED.items():
    _index_lists(_table, _listed)

Index("ix_order_item_book_id", order_item.c.book_id)
Index("ix_order_event_order_id", order_event.c.order_id, order_event.c.id)
