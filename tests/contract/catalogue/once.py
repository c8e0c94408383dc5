"""Placing an order once, however often it is asked for. Ids: O-4xx."""

from typing import Any

from tests.contract.case import Step, Unique, case, do, given, refused, the
from tests.contract.catalogue.orders import A_SHOP, item, moved, place, stock

KEY, ANOTHER = Unique("key"), Unique("key")
_MISMATCH = refused("IDEMPOTENCY_MISMATCH")


def _once(*items: dict[str, Any], key: Any = KEY, **expected: Any) -> Step:
    return place(*items, key=key, **expected)


def _again(*items: dict[str, Any], **expected: Any) -> Step:
    return _once(*items, named="", gives=the("order"), **expected)


def _orders(*named: str) -> Step:
    return do("list_orders", customer_id=the("customer.id"), lists=[the(name) for name in named])


CASES = [
    case(
        "O-401",
        "the same key and body place one order, however often",
        *A_SHOP,
        _once(item("book", 3)),
        _again(item("book", 3)),
        _again(item("book", 3)),
        stock("book", 7),
        _orders("order"),
    ),
    case(
        "O-402",
        "the same key and body place one order through both APIs",
        *A_SHOP,
        _once(item("book", 3)),
        _again(item("book", 3), elsewhere=True),
        _again(item("book", 3)),
        stock("book", 7),
        _orders("order"),
    ),
    case(
        "O-403",
        "another key places another order",
        *A_SHOP,
        _once(item("book")),
        _once(item("book"), key=ANOTHER, named="second"),
        stock("book", 8),
        _orders("order", "second"),
    ),
    case(
        "O-404",
        "without a key each order is another one",
        *A_SHOP,
        place(item("book")),
        place(item("book"), named="second"),
        stock("book", 8),
        _orders("order", "second"),
    ),
    case(
        "O-405",
        "the same key with another body is IDEMPOTENCY_MISMATCH and places nothing",
        *A_SHOP,
        given("customer", "other"),
        _once(item("book")),
        _once(item("book", 2), named="", refuses=_MISMATCH),
        _once(item("book", 2), named="", refuses=_MISMATCH, elsewhere=True),
        do(
            "place_order",
            values={"customer_id": the("other.id"), "items": [item("book")]},
            key=KEY,
            refuses=_MISMATCH,
        ),
        stock("book", 9),
        _orders("order"),
    ),
    case(
        "O-406",
        "the key gives the order as it was placed, whatever has become of it",
        *A_SHOP,
        _once(item("book", 2)),
        moved("paid"),
        do("update_book", id=the("book.id"), values={"price": 0.01}),
        _again(item("book", 2)),
        moved("cancelled"),
        _again(item("book", 2), elsewhere=True),
        do(
            "place_order",
            values={"customer_id": the("customer.id"), "items": [item("book", 2)]},
            key=KEY,
            fields="id,status,version",
            gives={"id": the("order.id"), "status": "pending", "version": 1},
        ),
        do("get_order", id=the("order.id"), has={"status": "cancelled"}),
        stock("book", 10),
        # What it leads to is as it is now, and that may be itself.
        do(
            "place_order",
            values={"customer_id": the("customer.id"), "items": [item("book", 2)]},
            key=KEY,
            fields="status,customer.orders.status",
            gives={"status": "pending", "customer": {"orders": [{"status": "cancelled"}]}},
        ),
    ),
    case(
        "O-407",
        "the key of an order that was deleted is NOT_FOUND and places nothing",
        *A_SHOP,
        _once(item("book")),
        moved("cancelled"),
        do("delete_order", id=the("order.id")),
        _once(item("book"), named="", refuses=refused("NOT_FOUND")),
        _once(item("book"), named="", refuses=refused("NOT_FOUND"), elsewhere=True),
        stock("book", 10),
        _orders(),
    ),
    case(
        "O-408",
        "an order that could not be placed leaves its key free",
        given("customer"),
        given("book", stock=1),
        _once(item("book", 2), named="", refuses=refused("OUT_OF_STOCK", "items.0.quantity")),
        do("update_book", id=the("book.id"), values={"stock": 2}),
        _once(item("book", 2)),
        _again(item("book", 2), elsewhere=True),
        stock("book", 0),
    ),
    case(
        "O-409",
        "a key that failed can be used for another order",
        *A_SHOP,
        _once(item("book", 11), named="", refuses=refused("OUT_OF_STOCK")),
        _once(item("book", 10)),
        _again(item("book", 10)),
        stock("book", 0),
    ),
    case(
        "O-410",
        "a key has 1 to 255 visible ASCII characters",
        *A_SHOP,
        *(
            _once(
                item("book"),
                key=key,
                named="",
                refuses=refused("VALIDATION", "idempotency_key", own_text=True),
            )
            for key in ("", '""', "a b", "x" * 256, "k\u00e9y")
        ),
        stock("book", 10),
        _orders(),
    ),
]
