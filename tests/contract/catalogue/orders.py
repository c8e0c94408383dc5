"""Orders: placing, stock, the way of the statuses, deleting. Ids: O."""

from typing import Any

from tests.contract.case import Step, case, do, given, refused, the
from tests.contract.catalogue.sample import AWAY, SAMPLE

STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled")
WAYS: dict[str, list[str]] = {
    "pending": [],
    "paid": ["paid"],
    "shipped": ["paid", "shipped"],
    "delivered": ["paid", "shipped", "delivered"],
    "cancelled": ["cancelled"],
}
ALLOWED = {
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "delivered"),
}
NO_SUCH = refused("NOT_FOUND")
NOT_THAT_WAY = refused("INVALID_TRANSITION", "status")


def item(named: str, quantity: int = 1) -> dict[str, Any]:
    return {"book_id": the(f"{named}.id"), "quantity": quantity}


def place(*items: dict[str, Any], named: str = "order", **expected: Any) -> Step:
    """An order of the case's own customer."""
    values = {"customer_id": the("customer.id"), "items": list(items)}
    return do("place_order", values=values, named=named, **expected)


def moved(status: str, named: str = "order", **expected: Any) -> Step:
    if "refuses" not in expected:
        expected = {"has": {"status": status}, **expected}
    return do("set_order_status", id=the(f"{named}.id"), status=status, **expected)


def stock(named: str, copies: int) -> Step:
    return do("get_book", id=the(f"{named}.id"), has={"stock": copies})


A_SHOP = (given("customer"), given("book"))

_PLACING = [
    case(
        "O-001",
        "an order has every member, by two statements",
        do("get_order", id=1, gives=SAMPLE.order[1], statements=2),
        do("get_order", id=6, gives=SAMPLE.order[6], statements=2),
    ),
    case("O-002", "an unknown order is NOT_FOUND", do("get_order", id=AWAY, refuses=NO_SUCH)),
    case(
        "O-010",
        "placing takes the stock and today's prices, and begins as pending",
        given("customer"),
        given("book", price=10, stock=10),
        given("book", "other", price=0.29, stock=3),
        place(
            item("book", 2),
            item("other", 3),
            has={
                "customer_id": the("customer.id"),
                "status": "pending",
                "total_amount": 20.87,
                "items": [
                    {"book_id": the("book.id"), "quantity": 2, "price": 10.0},
                    {"book_id": the("other.id"), "quantity": 3, "price": 0.29},
                ],
            },
        ),
        stock("book", 8),
        stock("other", 0),
        do("get_order", id=the("order.id"), gives=the("order")),
    ),
    case(
        "O-011",
        "a later price does not change an order",
        given("customer"),
        given("book", price=10),
        place(item("book")),
        do("update_book", id=the("book.id"), values={"price": 99}),
        do("get_order", id=the("order.id"), gives=the("order")),
        place(item("book"), named="later", has={"total_amount": 99.0}),
    ),
    case(
        "O-012",
        "items are shown by the ids of their books, in whatever order they were given",
        given("customer"),
        given("book"),
        given("book", "other"),
        place(item("other"), item("book"), named="order"),
        do(
            "get_order",
            id=the("order.id"),
            fields="items.book_id",
            gives={"items": [{"book_id": the("book.id")}, {"book_id": the("other.id")}]},
        ),
    ),
    case(
        "O-013",
        "the last copy can be ordered and no more",
        given("customer"),
        given("book", stock=2),
        place(item("book", 2)),
        stock("book", 0),
        place(item("book"), named="", refuses=refused("OUT_OF_STOCK", "items.0.quantity")),
        stock("book", 0),
    ),
    case(
        "O-014",
        "an order that cannot be filled takes nothing",
        given("customer"),
        given("book", stock=5),
        given("book", "scarce", stock=1),
        place(
            item("book", 5),
            item("scarce", 2),
            named="",
            refuses=refused("OUT_OF_STOCK", "items.1.quantity"),
        ),
        stock("book", 5),
        stock("scarce", 1),
        do("list_orders", customer_id=the("customer.id"), lists=[]),
    ),
    case(
        "O-015",
        "an order by an unknown customer is UNKNOWN_REFERENCE and takes nothing",
        *A_SHOP,
        do(
            "place_order",
            values={"customer_id": AWAY, "items": [item("book")]},
            refuses=refused("UNKNOWN_REFERENCE", "customer_id"),
        ),
        stock("book", 10),
    ),
    case(
        "O-016",
        "an unknown book is UNKNOWN_REFERENCE, named by its place, and takes nothing",
        *A_SHOP,
        place(
            item("book"),
            {"book_id": AWAY, "quantity": 1},
            named="",
            refuses=refused("UNKNOWN_REFERENCE", "items.1.book_id"),
        ),
        stock("book", 10),
    ),
    case(
        "O-017",
        "twenty items are taken and all shown",
        given("customer"),
        *(given("book", f"book{number}", stock=1, price=1) for number in range(20)),
        place(*(item(f"book{number}") for number in range(20)), has={"total_amount": 20.0}),
        do(
            "get_order",
            id=the("order.id"),
            fields="items.book_id,item_count",
            gives={
                "items": [{"book_id": the(f"book{number}.id")} for number in range(20)],
                "item_count": 20,
            },
        ),
    ),
    case(
        "O-018",
        "a total may be larger than 32 bits of cents",
        given("customer"),
        given("book", price=1_000_000, stock=1_000),
        place(item("book", 1_000), has={"total_amount": 1_000_000_000.0}),
    ),
    case(
        "O-019",
        "what placing answers can be selected",
        *A_SHOP,
        do(
            "place_order",
            values={"customer_id": the("customer.id"), "items": [item("book", 3)]},
            fields="status,customer.name,items.book.title,items.quantity",
            gives={
                "status": "pending",
                "customer": {"name": the("customer.name")},
                "items": [{"book": {"title": the("book.title")}, "quantity": 3}],
            },
        ),
    ),
    case(
        "O-020",
        "a new order is in the lists",
        *A_SHOP,
        place(item("book")),
        do("list_orders", customer_id=the("customer.id"), lists=[the("order")]),
        do("list_orders", ids=[the("order.id")], lists=[the("order")]),
        do(
            "list_orders_of_customer",
            id=the("customer.id"),
            fields="id,status,item_count",
            lists=[{"id": the("order.id"), "status": "pending", "item_count": 1}],
        ),
    ),
]

_STEPS = [
    case(
        f"O-1{row}{column}",
        f"an order that is {now} {'may' if (now, then) in ALLOWED else 'can not'} become {then}",
        given("customer"),
        given("book", stock=7),
        place(item("book", 3)),
        *(moved(status) for status in WAYS[now]),
        moved(then) if (now, then) in ALLOWED else moved(then, refuses=NOT_THAT_WAY),
        do(
            "get_order",
            id=the("order.id"),
            has={"status": then if (now, then) in ALLOWED else now, "items": the("order.items")},
        ),
        stock("book", 7 if "cancelled" in (now, then if (now, then) in ALLOWED else "") else 4),
    )
    for row, now in enumerate(STATUSES)
    for column, then in enumerate(STATUSES)
]

_LIFE = [
    case(
        "O-201",
        "cancelling gives back the copies of this order alone",
        given("customer"),
        given("book", stock=10),
        given("book", "other", stock=10),
        place(item("book"), item("other"), named="kept"),
        place(item("book", 4), item("other", 5)),
        moved("paid"),
        stock("book", 5),
        moved("cancelled"),
        stock("book", 9),
        stock("other", 9),
        do("get_order", id=the("kept.id"), gives=the("kept")),
    ),
    case(
        "O-202",
        "the status of an unknown order is NOT_FOUND",
        do("set_order_status", id=AWAY, status="paid", refuses=NO_SUCH),
        do("delete_order", id=AWAY, refuses=NO_SUCH),
    ),
    case(
        "O-203",
        "what a status change answers can be selected",
        *A_SHOP,
        place(item("book")),
        do(
            "set_order_status",
            id=the("order.id"),
            status="paid",
            fields="status,id",
            gives={"status": "paid", "id": the("order.id")},
        ),
    ),
    *(
        case(
            f"O-21{number}",
            f"an order that is {status} can {'' if status == 'cancelled' else 'not '}be deleted",
            *A_SHOP,
            place(item("book")),
            *(moved(step) for step in WAYS[status]),
            *(
                (
                    do("delete_order", id=the("order.id")),
                    do("get_order", id=the("order.id"), refuses=NO_SUCH),
                    do("delete_order", id=the("order.id"), refuses=NO_SUCH),
                    do("list_orders", customer_id=the("customer.id"), lists=[]),
                )
                if status == "cancelled"
                else (
                    do("delete_order", id=the("order.id"), refuses=refused("INVALID_TRANSITION")),
                    do("get_order", id=the("order.id"), has={"status": status}),
                )
            ),
        )
        for number, status in enumerate(STATUSES)
    ),
    case(
        "O-220",
        "book and customer of an order are IN_USE until it is deleted",
        *A_SHOP,
        place(item("book")),
        moved("cancelled"),
        do("delete_book", id=the("book.id"), refuses=refused("IN_USE")),
        do("delete_customer", id=the("customer.id"), refuses=refused("IN_USE")),
        do("delete_order", id=the("order.id")),
        do("delete_book", id=the("book.id")),
        do("delete_customer", id=the("customer.id")),
    ),
]

CASES = [*_PLACING, *_STEPS, *_LIFE]
