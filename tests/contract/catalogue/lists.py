"""Lists: defaults, pages, sorts, ids, filters. Ids: L."""

from typing import Any

from tests.contract.case import Case, case, do
from tests.contract.catalogue.sample import AWAY, SAMPLE
from tests.model import SORTS, Model

_COUNTS = {name: len(SAMPLE.table(name)) for name in SORTS}


def _pages(number: int, name: str) -> list[Case]:
    listing, total = f"list_{name}s", _COUNTS[name]
    statements = 2 if name == "order" else 1
    ids = [5, 3, AWAY, 3, 1, 5]
    return [
        case(
            f"L-{number}00",
            f"a list of {name}s has 20 by default, by id",
            do(listing, lists=SAMPLE.listed(name), statements=statements),
        ),
        case(
            f"L-{number}01",
            f"a list of {name}s has 1 to 100",
            do(listing, limit=1, lists=SAMPLE.listed(name, limit=1), statements=statements),
            do(listing, limit=100, lists=SAMPLE.listed(name, limit=100), statements=statements),
        ),
        case(
            f"L-{number}02",
            f"a list of {name}s begins behind the offset",
            do(listing, offset=0, lists=SAMPLE.listed(name)),
            do(listing, offset=7, limit=5, lists=SAMPLE.listed(name, offset=7, limit=5)),
            do(listing, offset=total - 2, lists=SAMPLE.listed(name, offset=total - 2)),
        ),
        case(
            f"L-{number}03",
            f"behind the last of the {name}s is nothing",
            do(listing, offset=total, lists=[]),
            do(listing, offset=10_000, lists=[]),
        ),
        case(
            f"L-{number}04",
            f"{name}s by ids come in their order, repeated and unknown ones left out",
            do(listing, ids=ids, lists=SAMPLE.by_ids(name, ids), statements=statements),
        ),
        case(
            f"L-{number}05",
            f"{name}s by unknown ids are an empty list",
            do(listing, ids=[AWAY], lists=[], statements=1),
        ),
        case(
            f"L-{number}06",
            f"a hundred ids of {name}s are answered whole",
            do(listing, ids=list(range(100, 0, -1)), lists=list(range(100, 0, -1))),
        ),
        case(
            f"L-{number}07",
            f"a default that is declared is as if left out, also beside ids of {name}s",
            do(listing, ids=ids, offset=0, lists=SAMPLE.by_ids(name, ids), statements=statements),
            do(listing, ids=list(range(30, 0, -1)), offset=0, lists=list(range(30, 0, -1))),
            do(listing, limit=20, offset=0, sort="id", lists=SAMPLE.listed(name)),
        ),
    ]


def _sorts(number: int, name: str) -> list[Case]:
    listing = f"list_{name}s"
    return [
        case(
            f"L-{number}{10 + position}",
            f"{name}s by {sort}, equal ones by id",
            do(listing, sort=sort, lists=SAMPLE.listed(name, sort)),
            do(
                listing,
                sort=sort,
                limit=100,
                offset=50,
                lists=SAMPLE.listed(name, sort, 100, 50),
            ),
        )
        for position, sort in enumerate(both for k in SORTS[name] for both in (k, f"-{k}"))
    ]


def _middle_price(model: Model) -> float:
    prices = sorted(book["price"] for book in model.book.values())
    return float(prices[len(prices) // 2])


_MIDDLE = _middle_price(SAMPLE)
_FILTERS: list[tuple[str, str, dict[str, Any]]] = [
    ("501", "book", {"author_id": 1}),
    ("502", "book", {"author_id": AWAY}),
    ("503", "book", {"genre": "Databases"}),
    ("504", "book", {"genre": "databases"}),
    ("505", "book", {"min_price": _MIDDLE}),
    ("506", "book", {"max_price": _MIDDLE}),
    ("507", "book", {"min_price": _MIDDLE, "max_price": _MIDDLE}),
    ("508", "book", {"min_price": 70, "max_price": 10}),
    ("509", "book", {"min_price": 0, "max_price": 1_000_000}),
    ("510", "book", {"search": "python"}),
    ("511", "book", {"author_id": 2, "genre": "Databases", "min_price": 30, "search": "database"}),
    ("520", "order", {"customer_id": 1}),
    ("521", "order", {"customer_id": AWAY}),
    ("522", "order", {"status": "pending"}),
    ("523", "order", {"status": "cancelled"}),
    ("524", "order", {"customer_id": 2, "status": "delivered"}),
]

CASES = [
    *(
        one
        for number, name in enumerate(("author", "book", "customer", "order"), 1)
        for one in (*_pages(number, name), *_sorts(number, name))
    ),
    *(
        case(
            f"L-{number}",
            f"{name}s by {' and '.join(filters)}",
            do(f"list_{name}s", **filters, lists=SAMPLE.listed(name, **filters)),
            do(
                f"list_{name}s",
                **filters,
                sort=f"-{SORTS[name][-1]}",
                limit=7,
                offset=2,
                lists=SAMPLE.listed(name, f"-{SORTS[name][-1]}", 7, 2, **filters),
            ),
        )
        for number, name, filters in _FILTERS
    ),
]
