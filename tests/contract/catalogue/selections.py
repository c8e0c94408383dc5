"""Selections: REST's `fields` and GraphQL's selection sets ask for the same. Ids: F."""

from typing import Any

from tests.contract.case import case, do, given, refused, the
from tests.contract.catalogue.sample import SAMPLE
from tests.model import Model, Record


def _titled(model: Model, order: Record) -> list[Record]:
    return [
        {"quantity": item["quantity"], "book": {"title": model.book[item["book_id"]]["title"]}}
        for item in order["items"]
    ]


def _with_author(model: Model, book: Record) -> Record:
    return {"title": book["title"], "author": {"name": model.author[book["author_id"]]["name"]}}


_HISTORY: Record = {
    "name": SAMPLE.customer[1]["name"],
    "orders": [
        {"order_date": order["order_date"], "items": _titled(SAMPLE, order)}
        for order in SAMPLE.related("order", 1)
    ],
}
_DEEP: dict[str, Any] = {
    "orders": [
        {
            "items": [
                {"book": _with_author(SAMPLE, SAMPLE.book[i["book_id"]])} for i in order["items"]
            ]
        }
        for order in SAMPLE.related("order", 1)
    ]
}
UNKNOWN = refused("UNKNOWN_FIELD", graphql="GRAPHQL_VALIDATION_FAILED", own_text=True)

CASES = [
    case(
        "F-001",
        "only what is asked for is shown",
        do("get_book", id=1, fields="title", gives={"title": "Python Programming"}, statements=1),
        do("get_order", id=1, fields="item_count", gives={"item_count": 3}, statements=1),
    ),
    case(
        "F-007",
        "a list may show nothing but a count",
        do("list_orders", limit=3, fields="item_count", lists=[{"item_count": 3}] * 3),
        do("get_customer", id=2, fields="orders.item_count",
           gives={"orders": [{"item_count": 3}] * 20}),
    ),
    case(
        "F-002",
        "an author with the books takes two statements",
        do(
            "get_author",
            id=1,
            fields="name,books.title",
            gives={
                "name": "Ada Marlowe",
                "books": [{"title": book["title"]} for book in SAMPLE.related("book", 1)],
            },
            statements=2,
        ),
    ),
    case(
        "F-003",
        "a customer's orders with their items and books take four statements",
        do(
            "get_customer",
            id=1,
            fields="name,orders.order_date,orders.items.quantity,orders.items.book.title",
            gives=_HISTORY,
            statements=4,
        ),
    ),
    case(
        "F-004",
        "with each book's author they take five",
        do(
            "get_customer",
            id=1,
            fields="orders.items.book.title,orders.items.book.author.name",
            gives=_DEEP,
            statements=5,
        ),
    ),
    case(
        "F-005",
        "twenty orders take as many statements as five",
        do(
            "get_customer",
            id=2,
            fields="orders.items.book.title,orders.items.book.author.name",
            statements=5,
        ),
    ),
    *(
        case(
            f"F-01{number}",
            f"{limit} books with their authors take two statements",
            do(
                "list_books",
                limit=limit,
                fields="title,author.name",
                lists=[_with_author(SAMPLE, book) for book in SAMPLE.listed("book", limit=limit)],
                statements=2,
            ),
        )
        for number, limit in enumerate((3, 30))
    ),
    *(
        case(
            f"F-02{number}",
            f"{limit} authors with 20 books each at most take two statements",
            do(
                "list_authors",
                limit=limit,
                fields="id,books.id",
                lists=[
                    {"id": n, "books": [{"id": b["id"]} for b in SAMPLE.related("book", n)]}
                    for n in range(1, limit + 1)
                ],
                statements=2,
            ),
        )
        for number, limit in enumerate((3, 30))
    ),
    *(
        case(
            f"F-03{number}",
            f"{limit} orders with customers, items and books take four statements",
            do(
                "list_orders",
                limit=limit,
                fields="customer.name,items.quantity,items.book.title",
                lists=[
                    {
                        "customer": {"name": SAMPLE.customer[order["customer_id"]]["name"]},
                        "items": _titled(SAMPLE, order),
                    }
                    for order in SAMPLE.listed("order", limit=limit)
                ],
                statements=4,
            ),
        )
        for number, limit in enumerate((3, 30))
    ),
    case(
        "F-040",
        "a relation can be followed in a circle",
        do(
            "get_author",
            id=1,
            fields="books.author.books.id",
            gives={"books": [{"author": {"books": [{"id": n} for n in range(1, 6)]}}] * 5},
        ),
    ),
    case(
        "F-041",
        "a path that ends in a relation means all of its members",
        do(
            "get_book",
            id=1,
            fields="author",
            gives={"author": SAMPLE.author[1]},
        ),
        do("get_order", id=1, fields="items", gives={"items": SAMPLE.order[1]["items"]}),
    ),
    case(
        "F-042",
        "lists by ids, of a search and nested ones can be selected too",
        do(
            "list_books",
            ids=[2, 1],
            fields="title,author.name",
            lists=[_with_author(SAMPLE, SAMPLE.book[n]) for n in (2, 1)],
        ),
        do(
            "search_books",
            query="Python",
            fields="title,author.name",
            lists=[_with_author(SAMPLE, book) for book in SAMPLE.listed("book", search="Python")],
        ),
        do(
            "list_books_of_author",
            id=1,
            fields="title,author.name",
            lists=[_with_author(SAMPLE, book) for book in SAMPLE.related("book", 1)],
        ),
        do(
            "list_orders_of_customer",
            id=1,
            fields="items.quantity,items.book.title",
            lists=[{"items": _titled(SAMPLE, order)} for order in SAMPLE.related("order", 1)],
        ),
    ),
    case(
        "F-043",
        "what refers to nothing has an empty list",
        given("author"),
        do(
            "get_author",
            id=the("author.id"),
            fields="books.author.name,name",
            gives={"books": [], "name": the("author.name")},
        ),
    ),
    *(
        case(
            f"F-05{number}",
            f"there is no {path} in a {operation.removeprefix('get_')}",
            do(operation, id=1, fields=path, refuses=UNKNOWN),
        )
        for number, (operation, path) in enumerate(
            (
                ("get_book", "colour"),
                ("get_book", "price_cents"),
                ("get_author", "books.colour"),
                ("get_order", "items.id"),
                ("get_customer", "orders.items.book.author.age"),
                ("get_book", "title.length"),
                ("get_book", "orders.id"),
            )
        )
    ),
    case(
        "F-060",
        "a write that asks for an unknown member writes nothing",
        do("create_author", values={"name": "X", "email": "unknown.member@example.com"},
           fields="id,colour", refuses=UNKNOWN),
        do("update_author", id=1, values={"name": "X"}, fields="colour", refuses=UNKNOWN),
        do("get_author", id=1, gives=SAMPLE.author[1]),
    ),
]  # fmt: skip
