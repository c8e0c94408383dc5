"""Lists of each resource by its name, for tests that go over all of them."""

from typing import Any

from shared.database import Connection
from shared.operations import authors, books, customers, orders
from shared.reading.catalogue import ENTITIES
from shared.reading.listing import AuthorQuery, BookQuery, CustomerQuery, OrderQuery
from shared.reading.selection import parse_fields
from tests.model import SORTS

QUERIES: dict[str, tuple[Any, Any]] = {
    "author": (authors.list_authors, AuthorQuery),
    "book": (books.list_books, BookQuery),
    "customer": (customers.list_customers, CustomerQuery),
    "order": (orders.list_orders, OrderQuery),
}
BOTH_WAYS = [(name, sort) for name, sorts in SORTS.items() for key in sorts
             for sort in (key, f"-{key}")]  # fmt: skip


def listed(connection: Connection, name: str, selection: str | None = None, **query: Any) -> Any:
    operation, query_model = QUERIES[name]
    more = (parse_fields(ENTITIES[name], selection),) if selection else ()
    return operation(connection, query_model(**query), *more)
