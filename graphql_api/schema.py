"""The schema, merged from one module for each type of the domain.

`python -m graphql_api.schema` writes it to `schema.graphql`; a test compares the two.
"""

import sys
from operator import getitem
from pathlib import Path
from typing import Final

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from graphql_api.resolving.resolvers import resolve_directly
from graphql_api.resources.authors import AuthorMutations, AuthorQueries
from graphql_api.resources.books import BookMutations, BookQueries
from graphql_api.resources.customers import CustomerMutations, CustomerQueries
from graphql_api.resources.names import Names
from graphql_api.resources.order_events import OrderSubscriptions
from graphql_api.resources.orders import OrderMutations, OrderQueries
from graphql_api.resources.scalars import SCALARS, keep_sent_numbers

EXPORT: Final = Path(__file__).with_name("schema.graphql")

_QUERIES = (AuthorQueries, BookQueries, CustomerQueries, OrderQueries)
_MUTATIONS = (AuthorMutations, BookMutations, CustomerMutations, OrderMutations)

schema: Final = strawberry.Schema(
    query=merge_types("Query", _QUERIES),
    mutation=merge_types("Mutation", _MUTATIONS),
    subscription=merge_types("Subscription", (OrderSubscriptions,)),
    config=StrawberryConfig(
        default_resolver=getitem,  # what is resolved are records, see shared.reading.fetching
        name_converter=Names(),
        scalar_map=SCALARS,
    ),
)

# Strawberry has no public name for it; its exact version is pinned.
executable: Final[GraphQLSchema] = schema._schema
resolve_directly(executable)
keep_sent_numbers(executable)


def text() -> str:
    """The schema in GraphQL's own language."""
    return f"{schema.as_str()}\n"


if __name__ == "__main__":
    try:
        EXPORT.write_text(text(), encoding="utf-8")
    except OSError as error:
        sys.exit(f"cannot write {EXPORT}: {error.strerror}")
    print(f"written: {EXPORT}")
