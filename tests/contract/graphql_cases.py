"""What GraphQL has of its own, as documents. Ids: G."""

from collections.abc import Mapping

from tests.contract.graphql_answers import ANSWERED
from tests.contract.graphql_refusals import REFUSED

DOCUMENTS = [*ANSWERED, *REFUSED]

# One more statement for each parent, which is what the textbook endpoint is for.
GROWING: Mapping[str, str] = {
    "books with their authors": "query($n: Int!) { books(limit: $n) { author { name } } }",
    "authors with their books": "query($n: Int!) { authors(limit: $n) { books { title } } }",
    "orders with their items": "query($n: Int!) { orders(limit: $n) { items { quantity } } }",
    "orders with their customers": "query($n: Int!) { orders(limit: $n) { customer { name } } }",
    "a customer's orders with items and books": (
        "query($n: Int!) { customer(id: 2) { orders(limit: $n) { items { book { title } } } } }"
    ),
}
