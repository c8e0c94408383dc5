"""REST's three classic problems, each followed by its fixes."""

import sys
from collections.abc import Sequence

from client_examples.comparison.screens import author_page, book_list, order_history
from client_examples.walkthroughs.counting import Step, walk

STEPS = (
    Step(
        "Multiple requests",
        "An author's page shows the author and the books: two resources, one after the other.",
        author_page.screen,
        "rest/textbook",
    ),
    Step(
        None,
        "Fix: send them side by side where the second does not need the first's answer.",
        author_page.screen,
        "rest/parallel",
    ),
    Step(
        None,
        "Fix: `fields` follows the relation, so that one request is enough.",
        author_page.screen,
        "rest/fields",
    ),
    Step(
        "N+1",
        "An order history, one resource per request: the list, then every order, then every "
        "book of every order. The more rows, the more requests.",
        order_history.screen,
        "rest/textbook",
    ),
    Step(
        None,
        "Relief: the same requests, but those that wait for nothing new go side by side.",
        order_history.screen,
        "rest/parallel",
    ),
    Step(
        None,
        "Fix: lists. The orders by their customer, then all books by one list of ids.",
        order_history.screen,
        "rest/batched",
    ),
    Step(
        None,
        "Fix: `fields` across three relations.",
        order_history.screen,
        "rest/fields",
    ),
    Step(
        "Over-fetching",
        "A page of books shows title and price, but a resource comes with all its fields.",
        book_list.screen,
        "rest/textbook",
    ),
    Step(
        None,
        "Fix: `fields` names what the page shows.",
        book_list.screen,
        "rest/fields",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk through all steps; the exit status."""
    return walk("REST's three classic problems and their fixes.", STEPS, "rest", arguments)


if __name__ == "__main__":
    sys.exit(main())
