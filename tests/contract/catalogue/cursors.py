"""Pages by cursors, which both APIs give and take alike. Ids: L-6xx."""

import base64
from typing import Any

from tests.contract.case import Case, Step, case, do, given, refused, the
from tests.contract.catalogue.sample import SAMPLE
from tests.model import SORTS

_COUNTS = {name: len(SAMPLE.table(name)) for name in SORTS}
_NO_CURSOR = refused("VALIDATION", "after")


def _packed(text: str) -> str:
    """A cursor that nobody has given."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _walk(name: str, sizes: tuple[int, ...], **asked: Any) -> list[Step]:
    """Page after page by turns of the two APIs, each with the cursor that the other has given."""
    steps, offset = [], 0
    filters = {key: value for key, value in asked.items() if key != "sort"}
    total = len(SAMPLE.listed(name, limit=10_000, **filters))
    for number, size in enumerate(sizes):
        there = SAMPLE.listed(name, asked.get("sort", "id"), size, offset, **filters)
        offset += size
        after = {"after": the(f"page{number - 1}.next")} if number else {}
        more = {} if offset < total else {"next": None}
        steps.append(
            do(
                f"page_{name}s",
                limit=size,
                **after,
                **asked,
                has={"records": there, **more},
                named=f"page{number}",
                elsewhere=number % 2 == 1,
            )
        )
        if offset >= total:
            break
    return steps


def _cases(number: int, name: str) -> list[Case]:
    page, statements = f"page_{name}s", 2 if name == "order" else 1
    last = _COUNTS[name] % 100 or 100
    return [
        case(
            f"L-6{number}0",
            f"a page of {name}s has 20 by default, by id, and takes as much as a list",
            do(page, has={"records": SAMPLE.listed(name)}, statements=statements, named="first"),
            do(
                page,
                after=the("first.next"),
                has={"records": SAMPLE.listed(name, offset=20)},
                statements=statements,
            ),
        ),
        case(
            f"L-6{number}1",
            f"both APIs give the same pages of {name}s, with the same cursors",
            do(page, limit=3, named="first"),
            do(page, limit=3, gives=the("first"), elsewhere=True),
            do(page, limit=3, after=the("first.next"), named="second"),
            do(page, limit=3, after=the("first.next"), gives=the("second"), elsewhere=True),
        ),
        case(
            f"L-6{number}2",
            f"the cursors lead through all {name}s, to a last page without one",
            *_walk(name, (100,) * (_COUNTS[name] // 100 + (last < 100))),
        ),
        *(
            case(
                f"L-6{number}{position}",
                f"pages of {name}s by {sort}, equal ones by id",
                *_walk(name, (7, 1, 100, 2), sort=sort),
            )
            for position, sort in enumerate(
                (both for key in SORTS[name] for both in (key, f"-{key}")), 3
            )
        ),
    ]


_MIDDLE = sorted(book["price"] for book in SAMPLE.book.values())[len(SAMPLE.book) // 2]
_FILTERS: list[tuple[str, dict[str, Any]]] = [
    ("book", {"author_id": 2}),
    ("book", {"genre": "Databases", "sort": "-price"}),
    ("book", {"min_price": _MIDDLE, "sort": "title"}),
    ("book", {"max_price": _MIDDLE, "sort": "-publication_date"}),
    ("book", {"search": "python", "sort": "price"}),
    ("order", {"customer_id": 2, "sort": "-order_date"}),
    ("order", {"status": "delivered", "sort": "total_amount"}),
]

_OWN = [
    *(
        case(
            f"L-65{number}",
            f"pages of {name}s by {' and '.join(asked)}",
            *_walk(name, (3, 2, 4), **asked),
        )
        for number, (name, asked) in enumerate(_FILTERS)
    ),
    case(
        "L-660",
        "a page of nothing has no cursor",
        do("page_books", genre="No such genre", gives={"records": [], "next": None}),
        do("page_orders", customer_id=999_999, gives={"records": [], "next": None}),
    ),
    case(
        "L-661",
        "what comes and goes before a cursor moves nothing behind it",
        given("author"),
        *(given("book", f"book{n}", author_id=the("author.id")) for n in range(4)),
        do("page_books", author_id=the("author.id"), limit=2, named="first"),
        do("delete_book", id=the("book0.id")),
        do("delete_book", id=the("book1.id"), elsewhere=True),
        do(
            "page_books",
            author_id=the("author.id"),
            limit=2,
            after=the("first.next"),
            gives={"records": [the("book2"), the("book3")], "next": None},
        ),
    ),
    case(
        "L-662",
        "what is no cursor is refused",
        *(
            do("page_books", after=text, refuses=_NO_CURSOR)
            for text in (
                "1",
                "abc",
                "%00",
                "\u00e9",
                "null",
                *map(
                    _packed,
                    (
                        "{}",
                        "null",
                        '["id",1]',
                        '["id",1,1,1]',
                        '["id",1,0]',
                        '["id",1,2147483648]',
                        '["id",true,1]',
                        '["id","1",1]',
                        '["id",9223372036854775808,1]',
                        '["colour",1,1]',
                    ),
                ),
            )
        ),
        do("page_authors", sort="name", after=_packed('["name","\\u0000",1]'), refuses=_NO_CURSOR),
        do("page_authors", sort="name", after=_packed('["name",1,1]'), refuses=_NO_CURSOR),
    ),
    case(
        "L-663",
        "a cursor of another order is refused",
        do("page_books", limit=1, sort="price", named="first"),
        do("page_books", after=the("first.next"), refuses=_NO_CURSOR),
        do("page_books", after=the("first.next"), sort="-price", refuses=_NO_CURSOR),
        do("page_books", after=the("first.next"), sort="title", refuses=_NO_CURSOR, elsewhere=True),
    ),
    case(
        "L-664",
        "a page by cursors has 1 to 100",
        do("page_books", limit=0, refuses=refused("VALIDATION", "limit")),
        do("page_books", limit=101, refuses=refused("VALIDATION", "limit")),
        do("page_books", limit=-1, refuses=refused("VALIDATION", "limit")),
    ),
]

CASES = [
    *(
        one
        for number, name in enumerate(("author", "book", "customer", "order"), 1)
        for one in _cases(number, name)
    ),
    *_OWN,
]
