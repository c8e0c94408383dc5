"""Bad ids, limits, offsets, sorts and filters. Ids: V-1xx to V-4xx."""

from typing import Any

from tests.contract.case import Case, author, book, case, customer, do, refused
from tests.contract.catalogue.sample import SAMPLE

LISTS = ("list_authors", "list_books", "list_customers", "list_orders")
NESTED = ("list_books_of_author", "list_orders_of_customer")
TOO_LONG = "x" * 101
LONE = "lone \ud83d half"
NUL = "a\0bc"

# Whether GraphQL's own types refuse the value before the bookstore's rule is asked.
_NO_INT = ("x", "", "1", 1.5, 2**31, 2**63, 2**64, 2**70, -(2**63) - 1, True, [1, 2], "1e3", "٣")


def bad_value(field: str, value: Any, *, graphql_type: str = "Int") -> Any:
    """The refusal of a value; `graphql_type` is what GraphQL takes it for."""
    own = {
        "Int": type(value) is not int or abs(value) >= 2**31,
        "Float": isinstance(value, str | bool | list),
        "String": not isinstance(value, str),
        "enum": True,
    }[graphql_type]
    return refused("VALIDATION", field, own_text=own)


_BAD_IDS = (0, -1, 2**31, 2**63, 2**64, 2**70, -(2**63) - 1, 1.5, "abc", "1e3", "٣", "1 OR 1=1")
_BY_ID: list[tuple[str, dict[str, Any]]] = [
    ("get_author", {}),
    ("get_book", {}),
    ("get_customer", {}),
    ("get_order", {}),
    ("list_books_of_author", {}),
    ("list_orders_of_customer", {}),
    ("update_author", {"values": {"name": "X"}}),
    ("update_book", {"values": {"price": 1}}),
    ("update_customer", {"values": {"name": "X"}}),
    ("replace_author", {"values": author()}),
    ("replace_book", {"values": book()}),
    ("replace_customer", {"values": customer()}),
    ("set_order_status", {"status": "paid"}),
    ("delete_author", {}),
    ("delete_book", {}),
    ("delete_customer", {}),
    ("delete_order", {}),
]

_BAD_LIMITS = (0, 101, -1, 2**31, 2**64, 1.5, "x", "1e1", "٣", TOO_LONG)
_BAD_OFFSETS = (-1, 10_001, 2**31, 2**64, 0.5, "x")
_BAD_SORTS = ("colour", "price_cents", "-", "--id", "id,name", "ID DESC", "id;", "1")


def _pages(number: int, operation: str) -> list[Case]:
    # A nested list needs a parent.
    whose = {"id": 1} if operation in NESTED else {}
    bad_sort = refused("UNKNOWN_FIELD", "sort", graphql="VALIDATION", own_text=True)
    return [
        *(
            case(
                f"V-2{number}{place:02}",
                f"{operation} refuses the limit {shorten(value)}",
                do(operation, **whose, limit=value, refuses=bad_value("limit", value)),
            )
            for place, value in enumerate(_BAD_LIMITS)
        ),
        *(
            case(
                f"V-2{number}{20 + place}",
                f"{operation} refuses the offset {shorten(value)}",
                do(operation, **whose, offset=value, refuses=bad_value("offset", value)),
            )
            for place, value in enumerate(_BAD_OFFSETS)
        ),
        *(
            case(
                f"V-2{number}{40 + place}",
                f"{operation} refuses to sort by {shorten(value)}",
                do(operation, **whose, sort=value, refuses=bad_sort),
            )
            for place, value in enumerate(_BAD_SORTS)
        ),
    ]


def _ids(number: int, operation: str) -> list[Case]:
    alone = refused("VALIDATION", "ids")
    return [
        case(
            f"V-3{number}0",
            f"{operation} refuses ids together with paging or sort",
            do(operation, ids=[1], limit=5, refuses=alone),
            do(operation, ids=[1], offset=5, refuses=alone),
            do(operation, ids=[1], sort="-id", refuses=alone),
            do(operation, ids=[1], offset=0, limit=5, sort="-id", refuses=alone),
        ),
        case(
            f"V-3{number}1",
            f"{operation} refuses 101 ids",
            do(operation, ids=list(range(1, 102)), refuses=alone),
        ),
        *(
            case(
                f"V-3{number}{2 + place}",
                f"{operation} refuses an id of {shorten(value)} among others",
                do(operation, ids=[1, value], refuses=bad_value("ids", value)),
            )
            for place, value in enumerate((0, -5, 2**31, 2**64, 1.5, "x", "٣"))
        ),
    ]


def shorten(value: Any) -> str:
    """For the name of a case."""
    text = ascii(value)
    return text if len(text) <= 30 else f"{text[:20]}... ({len(text)})"


_FILTERS: list[tuple[str, str, Any, str]] = [
    ("list_books", "author_id", 0, "Int"),
    ("list_books", "author_id", -1, "Int"),
    ("list_books", "author_id", "x", "Int"),
    ("list_books", "author_id", 2**31, "Int"),
    ("list_books", "author_id", 2**70, "Int"),
    ("list_books", "genre", "", "String"),
    ("list_books", "genre", TOO_LONG, "String"),
    ("list_books", "genre", NUL, "String"),
    ("list_books", "min_price", -0.01, "Float"),
    ("list_books", "min_price", 1.999, "Float"),
    ("list_books", "min_price", 1_000_000.01, "Float"),
    ("list_books", "min_price", "x", "Float"),
    ("list_books", "min_price", "nan", "Float"),
    ("list_books", "max_price", -5, "Float"),
    ("list_books", "max_price", 0.001, "Float"),
    ("list_books", "max_price", "inf", "Float"),
    ("list_books", "search", "ab", "String"),
    ("list_books", "search", "", "String"),
    ("list_books", "search", TOO_LONG, "String"),
    ("list_books", "search", NUL, "String"),
    # As searches compare them, in lower case, each of these is two characters.
    ("list_books", "search", "J\u030ca", "String"),
    ("list_books", "search", "\u0399\u0308\u0301\u03b1", "String"),
    ("list_orders", "customer_id", 0, "Int"),
    ("list_orders", "customer_id", "x", "Int"),
    ("list_orders", "customer_id", 2**31, "Int"),
    ("list_orders", "status", "lost", "enum"),
    ("list_orders", "status", "PAID", "enum"),
    ("list_orders", "status", "", "enum"),
]

CASES = [
    *(
        case(
            f"V-1{row:02}{column:02}",
            f"{operation} refuses the id {shorten(value)}",
            do(operation, id=value, **more, refuses=bad_value("id", value)),
        )
        for row, (operation, more) in enumerate(_BY_ID)
        for column, value in enumerate(_BAD_IDS)
    ),
    *(one for n, operation in enumerate((*LISTS, *NESTED)) for one in _pages(n, operation)),
    *(one for n, operation in enumerate(LISTS) for one in _ids(n, operation)),
    case(
        "V-350",
        "ids exclude each filter",
        *(
            do("list_books", ids=[1], **{name: value}, refuses=refused("VALIDATION", "ids"))
            for name, value in (
                ("author_id", 1),
                ("genre", "Art"),
                ("min_price", 1),
                ("max_price", 1),
                ("search", "Python"),
            )
        ),
        do("list_orders", ids=[1], customer_id=1, refuses=refused("VALIDATION", "ids")),
        do("list_orders", ids=[1], status="paid", refuses=refused("VALIDATION", "ids")),
    ),
    *(
        case(
            f"V-4{row:02}",
            f"{operation} refuses the {name} {shorten(value)}",
            do(operation, **{name: value}, refuses=bad_value(name, value, graphql_type=kind)),
        )
        for row, (operation, name, value, kind) in enumerate(_FILTERS)
    ),
    *(
        case(
            f"V-45{place}",
            f"a search refuses {shorten(text)}",
            do("search_books", query=text, refuses=refused("VALIDATION", own_text=True)),
        )
        for place, text in enumerate(("ab", "", TOO_LONG, NUL, "é\0é", "😀😀"))
    ),
    case(
        "V-460",
        "a bad value among good ones is refused all the same",
        do(
            "list_books",
            author_id=1,
            limit=5,
            offset=10_001,
            refuses=refused("VALIDATION", "offset"),
        ),
        do("list_books", author_id=1, lists=SAMPLE.related("book", 1)),
    ),
]
