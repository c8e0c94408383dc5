"""Bad orders. Ids: V-9xx."""

from typing import Any

from tests.contract.case import Case, Step, case, do, given, refused, the
from tests.contract.catalogue.bad_queries import bad_value, shorten
from tests.contract.catalogue.orders import A_SHOP, item, place, stock
from tests.contract.catalogue.sample import AWAY


def _bad_item(number: str, member: str, value: Any) -> Case:
    refusal = (
        refused("VALIDATION", f"items.1.{member}", own_text=True)
        if value is None
        else bad_value(f"items.1.{member}", value)
    )
    return case(
        f"V-{number}",
        f"an order refuses an item whose {member} is {shorten(value)}",
        *A_SHOP,
        given("book", "other"),
        place(item("book"), {**item("other"), member: value}, named="", refuses=refusal),
        stock("book", 10),
    )


def _bad_order(number: int, fact: str, values: dict[str, Any], refusal: Any) -> Case:
    return case(
        f"V-92{number}",
        fact,
        *A_SHOP,
        do("place_order", values=values, refuses=refusal),
        stock("book", 10),
    )


def _bad_status(value: Any) -> Step:
    return do(
        "set_order_status",
        id=the("order.id"),
        status=value,
        refuses=refused("VALIDATION", "status", own_text=True),
    )


CUSTOMER = the("customer.id")
ITEMS = [item("book")]

CASES = [
    *(
        _bad_item(f"90{place:02}", "quantity", value)
        for place, value in enumerate((0, -1, 1_001, 2**31, 2**64, 1.5, None, "1", True))
    ),
    *(
        _bad_item(f"91{place:02}", "book_id", value)
        for place, value in enumerate((0, -1, 2**31, 2**64, 1.5, None, "x"))
    ),
    _bad_order(
        0,
        "an order of nothing is refused",
        {"customer_id": CUSTOMER, "items": []},
        refused("VALIDATION", "items"),
    ),
    _bad_order(
        1,
        "an order of 21 items is refused",
        {
            "customer_id": CUSTOMER,
            "items": [{"book_id": number, "quantity": 1} for number in range(1, 22)],
        },
        refused("VALIDATION", "items"),
    ),
    _bad_order(
        2,
        "the same book twice is refused",
        {"customer_id": CUSTOMER, "items": [item("book"), item("book", 2)]},
        refused("VALIDATION", "items"),
    ),
    _bad_order(
        3,
        "an order needs its customer",
        {"items": ITEMS},
        refused("VALIDATION", "customer_id", own_text=True),
    ),
    _bad_order(
        4,
        "an order needs its items",
        {"customer_id": CUSTOMER},
        refused("VALIDATION", "items", own_text=True),
    ),
    _bad_order(
        5,
        "an order has no member for its date, status or price",
        {"customer_id": CUSTOMER, "items": ITEMS, "status": "paid"},
        refused("VALIDATION", "status", own_text=True),
    ),
    _bad_order(
        6,
        "an item has no member for its price",
        {"customer_id": CUSTOMER, "items": [{**item("book"), "price": 0.01}]},
        refused("VALIDATION", "items.0.price", own_text=True),
    ),
    _bad_order(
        7,
        "items are a list of objects",
        {"customer_id": CUSTOMER, "items": [5]},
        refused("VALIDATION", "items", own_text=True),
    ),
    _bad_order(
        8,
        "an unknown customer is named, and too few copies are not reached",
        {"customer_id": AWAY, "items": ITEMS},
        refused("UNKNOWN_REFERENCE", "customer_id"),
    ),
    *(
        case(
            f"V-93{place}",
            f"an order refuses the customer {shorten(value)}",
            *A_SHOP,
            do(
                "place_order",
                values={"customer_id": value, "items": ITEMS},
                refuses=refused("VALIDATION", "customer_id", own_text=True)
                if value is None
                else bad_value("customer_id", value),
            ),
            stock("book", 10),
        )
        for place, value in enumerate((0, -1, 2**31, 2**64, 1.5, None, "x"))
    ),
    case(
        "V-940",
        "a status that is none is refused and the order stays as it is",
        *A_SHOP,
        place(item("book")),
        *(_bad_status(value) for value in ("lost", "PAID", "", None, 5, True, ["paid"])),
        do("get_order", id=the("order.id"), gives=the("order")),
    ),
]
