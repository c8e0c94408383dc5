"""Servers with a token, where every change names its version. Ids: T.

They run with BOOKSTORE_TOKEN and BOOKSTORE_REQUIRE_IF_MATCH, so these are not among `CASES`.
"""

from collections.abc import Sequence
from typing import Any

from tests.contract.case import NEW, Case, Step, case, do, refused, the
from tests.contract.catalogue.sample import AWAY, SAMPLE

TOKEN = "only-these-tests-know-it-0123"
_WRONG = "only-others-know-this-one-0123"
_DENIED = refused("UNAUTHORIZED")
_UNNAMED = refused("PRECONDITION_REQUIRED")
_STALE = refused("PRECONDITION_FAILED")
_PRIVATE = ("email", "phone", "address")
_ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}

# Every operation that writes, as it would be right but for the token.
_WRITES: list[tuple[str, dict[str, Any]]] = [
    *((f"create_{kind}", {"values": new()}) for kind, new in NEW.items()),
    *((f"replace_{kind}", {"id": 1, "values": new(), "version": 1}) for kind, new in NEW.items()),
    *((f"update_{kind}", {"id": 1, "values": {}, "version": 1}) for kind in NEW),
    *((f"delete_{kind}", {"id": 1, "version": 1}) for kind in (*NEW, "order")),
    ("place_order", {"values": _ORDER}),
    ("place_order", {"values": _ORDER, "key": "denied"}),
    ("set_order_status", {"id": 1, "status": "paid", "version": 1}),
]


def _made(kind: str, **values: Any) -> Step:
    return do(f"create_{kind}", values=NEW[kind](**values), token=TOKEN, named=kind)


def _hidden(customer: dict[str, Any]) -> dict[str, Any]:
    """The customer as everybody sees him."""
    return {**customer, **dict.fromkeys(_PRIVATE)}


_CUSTOMERS = SAMPLE.listed("customer")
_OPEN = [
    case(
        "T-001",
        "reads need no token",
        do("get_author", id=1, gives=SAMPLE.author[1]),
        do("get_book", id=1, gives=SAMPLE.book[1]),
        do("get_order", id=1, gives=SAMPLE.order[1]),
        do("list_books", lists=SAMPLE.listed("book")),
        do("page_authors", has={"records": SAMPLE.listed("author")}),
    ),
    case(
        "T-002",
        "reads are open to who has another token too, and to who has this one",
        *(
            do("list_orders", token=token, lists=SAMPLE.listed("order"))
            for token in (_WRONG, TOKEN, "x")
        ),
    ),
]
_DENIALS = [
    case(
        f"T-1{number:02}",
        f"{operation} needs the token{' also with a key' if 'key' in arguments else ''}",
        do(operation, **arguments, refuses=_DENIED),
        *(
            do(operation, **arguments, token=wrong, refuses=_DENIED)
            for wrong in (_WRONG, TOKEN[:-1], f"{TOKEN}0", TOKEN.upper())
        ),
    )
    for number, (operation, arguments) in enumerate(_WRITES)
]
_PRIVACY = [
    case(
        "T-201",
        "who has no token sees a customer's name, and neither address nor e-mail nor phone",
        do("get_customer", id=1, gives=_hidden(SAMPLE.customer[1])),
        do("get_customer", id=1, token=_WRONG, gives=_hidden(SAMPLE.customer[1])),
        do("get_customer", id=1, token=TOKEN, gives=SAMPLE.customer[1]),
        do("get_customer", id=1, gives=_hidden(SAMPLE.customer[1])),
    ),
    case(
        "T-202",
        "nor in a selection",
        do("get_customer", id=1, fields="email,id", gives={"email": None, "id": 1}),
        do(
            "get_customer",
            id=1,
            fields="email,id",
            token=TOKEN,
            gives={"email": SAMPLE.customer[1]["email"], "id": 1},
        ),
    ),
    case(
        "T-203",
        "nor in a list",
        do("list_customers", lists=[_hidden(customer) for customer in _CUSTOMERS]),
        do("list_customers", token=TOKEN, lists=_CUSTOMERS),
        do("list_customers", ids=[2, 1], lists=[_hidden(SAMPLE.customer[n]) for n in (2, 1)]),
    ),
    case(
        "T-204",
        "nor in a page by cursors",
        do("page_customers", has={"records": [_hidden(customer) for customer in _CUSTOMERS]}),
        do("page_customers", token=TOKEN, has={"records": _CUSTOMERS}),
    ),
    case(
        "T-205",
        "nor below an order, alone or in a list",
        *(
            step
            for token, seen in (({}, _hidden), ({"token": TOKEN}, dict))
            for step in (
                do(
                    "get_order",
                    id=1,
                    fields="customer",
                    **token,
                    gives={"customer": seen(SAMPLE.customer[SAMPLE.order[1]["customer_id"]])},
                ),
                do(
                    "list_orders",
                    fields="customer.email,customer.name,id",
                    **token,
                    lists=[
                        {
                            "customer": {
                                name: seen(SAMPLE.customer[order["customer_id"]])[name]
                                for name in ("email", "name")
                            },
                            "id": order["id"],
                        }
                        for order in SAMPLE.listed("order")
                    ],
                ),
            )
        ),
    ),
    case(
        "T-206",
        "who writes a customer sees all of him",
        _made("customer"),
        do("get_customer", id=the("customer.id"), token=TOKEN, gives=the("customer")),
        do("get_customer", id=the("customer.id"), has=dict.fromkeys(_PRIVATE)),
        do(
            "update_customer",
            id=the("customer.id"),
            values={"name": "Also"},
            version=1,
            token=TOKEN,
            has={"email": the("customer.email"), "phone": the("customer.phone")},
        ),
    ),
]
_VERSIONS = [
    *(
        case(
            f"T-30{number}",
            f"a {kind} is changed and deleted by its version alone",
            _made(kind),
            *(
                do(operation, id=the(f"{kind}.id"), **more, token=TOKEN, refuses=_UNNAMED)
                for operation, more in (
                    (f"update_{kind}", {"values": {}}),
                    (f"replace_{kind}", {"values": NEW[kind]()}),
                    (f"delete_{kind}", {}),
                )
            ),
            do(f"delete_{kind}", id=the(f"{kind}.id"), version=2, token=TOKEN, refuses=_STALE),
            do(
                f"replace_{kind}",
                id=the(f"{kind}.id"),
                values=NEW[kind](),
                version=1,
                token=TOKEN,
            ),
            do(f"delete_{kind}", id=the(f"{kind}.id"), version=2, token=TOKEN),
        )
        for number, kind in enumerate(NEW)
    ),
    case(
        "T-310",
        "an order is moved on and deleted by its version alone",
        _made("customer"),
        _made("book"),
        do(
            "place_order",
            values={
                "customer_id": the("customer.id"),
                "items": [{"book_id": the("book.id"), "quantity": 1}],
            },
            token=TOKEN,
            named="order",
        ),
        *(
            do("set_order_status", id=the("order.id"), status="cancelled", token=TOKEN, **more)
            for more in ({"refuses": _UNNAMED}, {"version": 2, "refuses": _STALE}, {"version": 1})
        ),
        do("delete_order", id=the("order.id"), token=TOKEN, refuses=_UNNAMED),
        do("delete_order", id=the("order.id"), version=2, token=TOKEN),
    ),
    case(
        "T-311",
        "what is not there is NOT_FOUND, since no version of it could be named",
        *(
            do(operation, id=AWAY, **more, token=TOKEN, refuses=refused("NOT_FOUND"))
            for operation, more in (
                *((f"update_{kind}", {"values": {}}) for kind in NEW),
                *((f"replace_{kind}", {"values": new()}) for kind, new in NEW.items()),
                *((f"delete_{kind}", {}) for kind in (*NEW, "order")),
                ("set_order_status", {"status": "paid"}),
            )
        ),
    ),
]

GUARDED: Sequence[Case] = (*_OPEN, *_DENIALS, *_PRIVACY, *_VERSIONS)
