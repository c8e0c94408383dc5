"""An author's books and a customer's orders. Ids: N."""

from collections import Counter

from tests.contract.case import Case, case, do, given, refused, the
from tests.contract.catalogue.sample import AWAY, SAMPLE
from tests.model import SORTS, summary

_CHILDREN = {"list_books_of_author": "book", "list_orders_of_customer": "order"}


def _busiest(name: str) -> int:
    """The parent with the most, who has more than a page."""
    column = {"book": "author_id", "order": "customer_id"}[name]
    (parent, count), *_ = Counter(row[column] for row in SAMPLE.table(name).values()).most_common(1)
    assert count > 20
    return int(parent)


class _Children:
    """The nested list of an operation, and the parent that has most of it."""

    def __init__(self, operation: str) -> None:
        self.name = _CHILDREN[operation]
        self.owner = {"book": "author", "order": "customer"}[self.name]
        self.parent = _busiest(self.name)

    def expected(
        self, row_id: int, sort: str = "id", limit: int = 20, offset: int = 0
    ) -> list[object]:
        """What the list of this parent holds."""
        rows = SAMPLE.related(self.name, row_id, sort, limit, offset)
        return [summary(row) if self.name == "order" else row for row in rows]


def _pages(number: int, operation: str) -> list[Case]:
    of = _Children(operation)
    name, owner, parent, expected = of.name, of.owner, of.parent, of.expected
    return [
        case(
            f"N-{number}01",
            f"the {name}s of a {owner}",
            do(operation, id=1, lists=expected(1)),
            do(operation, id=2, lists=expected(2)),
        ),
        case(
            f"N-{number}02",
            f"there are 20 of a {owner}'s {name}s by default",
            do(operation, id=parent, lists=expected(parent)),
        ),
        case(
            f"N-{number}03",
            f"a {owner}'s {name}s have pages",
            do(operation, id=parent, limit=1, lists=expected(parent, limit=1)),
            do(operation, id=parent, limit=100, lists=expected(parent, limit=100)),
            do(operation, id=parent, limit=5, offset=19, lists=expected(parent, "id", 5, 19)),
            do(operation, id=parent, offset=10_000, lists=[]),
        ),
        case(
            f"N-{number}04",
            f"the {name}s of an unknown {owner} are NOT_FOUND",
            do(operation, id=AWAY, refuses=refused("NOT_FOUND")),
        ),
        case(
            f"N-{number}05",
            f"a {owner} without {name}s has an empty list",
            given(owner),
            do(operation, id=the(f"{owner}.id"), lists=[]),
        ),
    ]


def _sorts(number: int, operation: str) -> list[Case]:
    of = _Children(operation)
    name, owner, parent, expected = of.name, of.owner, of.parent, of.expected
    return [
        case(
            f"N-{number}{10 + position}",
            f"a {owner}'s {name}s by {sort}, equal ones by id",
            do(operation, id=parent, sort=sort, lists=expected(parent, sort)),
            do(
                operation,
                id=parent,
                sort=sort,
                limit=3,
                offset=2,
                lists=expected(parent, sort, 3, 2),
            ),
        )
        for position, sort in enumerate(both for k in SORTS[name] for both in (k, f"-{k}"))
    ]


CASES = [
    one
    for number, name in enumerate(_CHILDREN, 1)
    for one in (*_pages(number, name), *_sorts(number, name))
]
