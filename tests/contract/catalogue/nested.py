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


def _cases(number: int, operation: str) -> list[Case]:
    name = _CHILDREN[operation]
    owner = {"book": "author", "order": "customer"}[name]
    parent = _busiest(name)

    def expected(row_id: int, sort: str = "id", limit: int = 20, offset: int = 0) -> list[object]:
        rows = SAMPLE.related(name, row_id, sort, limit, offset)
        return [summary(row) if name == "order" else row for row in rows]

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
        *(
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
        ),
    ]


CASES = [one for number, name in enumerate(_CHILDREN, 1) for one in _cases(number, name)]
