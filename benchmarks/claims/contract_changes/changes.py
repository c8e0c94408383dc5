"""The ten kinds of change, by the names under which the copies of both servers make them."""

from typing import Final, NamedTuple


class Change(NamedTuple):
    """A kind of change, and what it is made of on each server.

    Attributes:
        name: by which the copies know it.
        kind: in the words of the claim.
        made: of what, in a few words.
    """

    name: str
    kind: str
    made: str


CHANGES: Final = (
    Change("renamed", "a field renamed", "a book's price"),
    Change("removed", "a field removed", "a book's genre"),
    Change("retyped", "a field of another type", "an order's total, a text in place of a number"),
    Change("nullable", "null where it was not", "a book's genre, of the first book"),
    Change("enum", "an enum value added", "`returned`, the first order's status"),
    Change("required", "an argument made required", "the books' `sort`"),
    Change("default", "a default changed", "a customer's orders, 10 in place of 20"),
    Change("shorter", "a list cut shorter", "books, at most 10 whatever is asked for"),
    Change("moved", "an address or operation moved", "`/books` and `books`, to `catalogue`"),
    Change("deprecated", "a field deprecated", "a book's genre"),
)
PAGE_SIZE: Final = 10  # of the lists that are cut
