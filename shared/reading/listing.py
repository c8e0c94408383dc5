"""Parameters of a list: page, sort, ids and filters, with their rules."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import ColumnElement, bindparam, func

from shared import limits
from shared.database import Connection
from shared.errors import UnknownField, ValidationFailed, Violation
from shared.models import Input
from shared.reading.access_paths import Condition
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, Entity
from shared.reading.cost import Load, finding
from shared.reading.cursors import Position, decode_cursor, encode_cursor
from shared.reading.fetching import Records, fetch_by_ids, fetch_page
from shared.reading.selection import Page, Selection
from shared.rules.order_status import OrderStatus
from shared.rules.values import (
    Genre,
    IdText,
    Limit,
    Offset,
    PriceText,
    Rule,
    Search,
    WholeNumber,
    fail,
    shown,
    to_cents,
)
from shared.storage import search_index, tables


class SortRule(Rule):
    """Accepts the sort keys of an entity, with `-` in front for descending."""

    def __init__(self, entity: Entity) -> None:
        self.keys = [key for name in entity.sorts for key in (name, f"-{name}")]

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.keys:
            raise UnknownField(
                f"sort must be one of {', '.join(self.keys)}, got {shown(value)}", field="sort"
            )
        return value

    def schema(self) -> CoreSchema:
        return core_schema.literal_schema(self.keys)


class IdsRule(Rule):
    """Up to 100 ids: a list, or text with commas between them."""

    _one = WholeNumber(1, limits.MAX_ID, text=True)

    def check(self, value: Any) -> list[int]:
        ids = value.split(",") if isinstance(value, str) else value
        if not isinstance(ids, list):
            fail(f"must be ids with commas between them, got {shown(value)}")
        if not 1 <= len(ids) <= limits.MAX_IDS:
            fail(f"must be 1 to {limits.MAX_IDS} ids, got {len(ids)}")
        return [self._one.check(one) for one in ids]

    def schema(self) -> CoreSchema:
        return core_schema.list_schema(
            core_schema.int_schema(ge=1, le=limits.MAX_ID), min_length=1, max_length=limits.MAX_IDS
        )

    def details(self) -> JsonSchemaValue:
        return {"examples": [[1, 2, 3]]}


_SORT: Any = Field(
    "id", description="What to sort by, with `-` in front for descending; the id decides ties."
)


class PageQuery(Input):
    """Parameters of a page of a list; subclasses add sort and filters."""

    entity: ClassVar[Entity]
    conditions: ClassVar[dict[str, Condition]] = {}

    limit: Limit = Field(limits.DEFAULT_LIMIT, description="The most objects to answer.")
    offset: Offset = Field(0, description="How many objects to leave out before the first.")
    after: str | None = Field(
        None,
        max_length=limits.MAX_CURSOR,
        json_schema_extra={"format": "cursor"},
        examples=[encode_cursor("id", Position(20, 20))],
        description="A cursor: only what lies behind it. Empty for the first page by cursors; "
        "each page's next one is in its answer. Excludes offset.",
    )

    @model_validator(mode="after")
    def _offset_or_after(self) -> "PageQuery":
        if self.after is not None and self.offset:
            rule = "excludes offset: a page begins at the one or at the other"
            raise ValidationFailed([Violation(("after",), rule)])
        return self

    @property
    def page(self) -> Page:
        """The part of the list that is asked for.

        Raises:
            ValidationFailed: `after` is no cursor of this list.
        """
        sort: str = getattr(self, "sort", "id")
        after = decode_cursor(self.entity, sort, self.after) if self.after else None
        # An offset has a highest value; further pages are reached by cursors.
        positions = self.after is not None or self.offset + self.limit > limits.MAX_OFFSET
        return Page(self.limit, self.offset, sort, after, positions)

    def filters(self) -> dict[str, Any]:
        """The filters that were given, with the values as the database compares them."""
        given = {name: getattr(self, name, None) for name in self.conditions}
        return {name: _comparable(name, v) for name, v in given.items() if v is not None}


class ListQuery(PageQuery):
    """Parameters of a list of all objects of a kind: a page of them, or those with some ids."""

    ids: Annotated[list[int] | None, IdsRule()] = Field(
        None,
        description="Only these, in this order; repeated and unknown ids are left out. Excludes "
        "cursors, filters, and any other limit, offset and sort than the default, which then is as "
        "if left out.",
    )

    @model_validator(mode="after")
    def _ids_alone(self) -> "ListQuery":
        # Many clients send the defaults that a contract declares.
        fields = type(self).model_fields
        self.exclude_with_ids(
            name for name in self.model_fields_set if getattr(self, name) != fields[name].default
        )
        return self

    def exclude_with_ids(self, others: Iterable[str]) -> None:
        """Refuse `ids` together with paging, sort or filters.

        Args:
            others: names of the members that were given and are not at their default.

        Raises:
            ValidationFailed: `ids` was given, and one of these with it.
        """
        excluded = sorted({*others} - {"ids", "fields"})
        if self.ids is not None and excluded:
            rule = f"exclude paging, sort and filters: leave out {', '.join(excluded)} or ids"
            raise ValidationFailed([Violation(("ids",), rule)])


class AuthorQuery(ListQuery):
    """Parameters of the list of authors."""

    entity = AUTHOR
    sort: Annotated[str, SortRule(AUTHOR)] = _SORT


class BooksOfAuthorQuery(PageQuery):
    """Parameters of the list of one author's books."""

    entity = BOOK
    sort: Annotated[str, SortRule(BOOK)] = _SORT
    genre: Genre | None = Field(None, description="Only of this genre, exactly.")
    min_price: PriceText | None = Field(None, description="Only at this price or above.")
    max_price: PriceText | None = Field(None, description="Only at this price or below.")
    search: Search | None = Field(
        None, description="Only those whose title or description contains this, in any case."
    )


class BookQuery(BooksOfAuthorQuery, ListQuery):
    """Parameters of the list of books."""

    author_id: IdText | None = Field(None, description="Only of this author.")


class CustomerQuery(ListQuery):
    """Parameters of the list of customers."""

    entity = CUSTOMER
    sort: Annotated[str, SortRule(CUSTOMER)] = _SORT


class OrdersOfCustomerQuery(PageQuery):
    """Parameters of the list of one customer's orders."""

    entity = ORDER
    sort: Annotated[str, SortRule(ORDER)] = _SORT
    status: OrderStatus | None = Field(None, description="Only with this status.")


class OrderQuery(OrdersOfCustomerQuery, ListQuery):
    """Parameters of the list of orders."""

    customer_id: IdText | None = Field(None, description="Only of this customer.")


def _comparable(name: str, value: Any) -> Any:
    if name.endswith("_price"):
        return to_cents(value)
    return search_index.searched(value) if name == "search" else value


def _contains(dialect: str) -> ColumnElement[bool]:
    # Both sides are case folded. PostgreSQL's index knows LIKE alone, whose wildcards are escaped;
    # SQLite's only says where it is worth to look.
    text = tables.book.c.search_text
    if dialect == "sqlite":
        return func.instr(text, bindparam("search")) > 0
    return text.like(bindparam("pattern"))


def _equals(column: ColumnElement[Any]) -> Condition:
    return lambda _dialect: column == bindparam(column.key)


BooksOfAuthorQuery.conditions = {
    "author_id": _equals(tables.book.c.author_id),
    "genre": _equals(tables.book.c.genre),
    "min_price": lambda _: tables.book.c.price_cents >= bindparam("min_price"),
    "max_price": lambda _: tables.book.c.price_cents <= bindparam("max_price"),
    "search": _contains,
}
OrdersOfCustomerQuery.conditions = {
    "customer_id": _equals(tables.order.c.customer_id),
    "status": _equals(tables.order.c.status),
}


def load_of(query: Input, selection: Selection) -> Load:
    """What a query asks for: some objects of a list, or else one."""
    if not isinstance(query, PageQuery):
        return Load(selection.cost)
    if isinstance(query, ListQuery) and query.ids is not None:
        return Load(len(query.ids) * selection.cost)
    found = finding(
        query.entity,
        query.filters(),
        getattr(query, "sort", "id"),
        query.offset,
        is_behind=bool(query.after),
    )
    return Load(query.limit * selection.cost + found.cost, (found,))


def fetch_list(connection: Connection, query: ListQuery, selection: Selection) -> Records:
    """The page that the query asks for, or the objects of its ids."""
    if query.ids is not None:
        return Records(fetch_by_ids(connection, selection, query.ids), False)
    return fetch_filtered(connection, query, selection)


def fetch_filtered(
    connection: Connection, query: PageQuery, selection: Selection, **filters: Any
) -> Records:
    """The page that the query asks for; `filters` are added to its own."""
    values = {**query.filters(), **filters}
    conditions = {name: query.conditions[name] for name in values}
    if "search" in values:
        values |= search_index.parameters(values["search"])
    return fetch_page(connection, selection, query.page, conditions, values)
