"""The same three problems with GraphQL: which it fixes, and which it moves into the server."""

import sys
from collections.abc import Sequence

from client_examples.comparison.arms.api import GraphqlApi
from client_examples.comparison.arms.screen import Screen, View
from client_examples.comparison.screens import author_page, book_list, order_history
from client_examples.graphql_client import BOOK
from client_examples.walkthroughs.counting import Step, walk

# The sample data gives this one more orders than customer 1.
LARGER_CUSTOMER = 2

larger_history = Screen("larger-order-history", f"customer {LARGER_CUSTOMER}'s orders")
greedy_list = Screen("greedy-book-list", "books, asked for with every field")


@larger_history.graphql("dataloader", path="/graphql/dataloader")
@larger_history.graphql("unbatched", path="/graphql/unbatched")
def history(api: GraphqlApi) -> View:
    """The query of the order history, for the larger customer."""
    return order_history.graphql(api, LARGER_CUSTOMER)


@greedy_list.graphql("every-field")
def every_field(api: GraphqlApi) -> View:
    """A query that asks for all of a book, though the page shows two fields."""
    document = f"query BookList($limit: Int!) {{ books(limit: $limit) {{ {BOOK} }} }}"
    return book_list.view(api.query(document, limit=book_list.BOOKS)["books"])


STEPS = (
    Step(
        "Multiple requests",
        "An author's page shows the author and the books. One query asks for both: "
        f"{author_page.QUERY}",
        author_page.screen,
        "graphql/dataloader",
    ),
    Step(
        "N+1",
        "An order history is one request too. But a server that resolves each relation for "
        "each parent by itself has the N+1 inside, as database statements: "
        f"{order_history.QUERY}",
        order_history.screen,
        "graphql/unbatched",
    ),
    Step(
        None,
        "The same query for a customer with more orders: compare the statements.",
        larger_history,
        "graphql/unbatched",
    ),
    Step(
        None,
        "Fix: DataLoaders collect the keys of a level and ask once. First the customer from "
        "before.",
        order_history.screen,
        "graphql/dataloader",
    ),
    Step(
        None,
        "Then the one with more orders: compare the statements again.",
        larger_history,
        "graphql/dataloader",
    ),
    Step(
        "Over-fetching",
        "GraphQL delivers what is asked for, so a client that asks for everything over-fetches "
        "as well: here every field of a book, for a page that shows title and price.",
        greedy_list,
        "graphql/every-field",
    ),
    Step(
        None,
        f"Fix: ask for what the page shows: {book_list.QUERY}",
        book_list.screen,
        "graphql/dataloader",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk through all steps; the exit status."""
    says = "The three classic problems with GraphQL, and the fix of what it moves."
    return walk(says, STEPS, "graphql", arguments)


if __name__ == "__main__":
    sys.exit(main())
