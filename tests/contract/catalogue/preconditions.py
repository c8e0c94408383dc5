"""Changing only the version that was read. Ids: A-06x, B-06x, C-06x, O-3xx."""

from typing import Any

from tests.contract.case import NEW, Case, case, do, given, refused, the
from tests.contract.catalogue.orders import A_SHOP, NO_SUCH, item, moved, place
from tests.contract.catalogue.sample import AWAY

_STALE = refused("PRECONDITION_FAILED")
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "author": ("A", {"name": "N. Okoro"}),
    "book": ("B", {"price": 0.5}),
    "customer": ("C", {"name": "S. Ito"}),
}


def _version(kind: str, version: int, **more: Any) -> Any:
    return do(
        f"get_{kind}",
        id=the(f"{kind}.id"),
        fields="version",
        gives={"version": version},
        statements=1,
        **more,
    )


def _cases(kind: str) -> list[Case]:
    letter, changes = _KINDS[kind]
    own = the(f"{kind}.id")
    get, update, replace, delete = (
        f"{verb}_{kind}" for verb in ("get", "update", "replace", "delete")
    )
    return [
        case(
            f"{letter}-060",
            f"the version of a {kind} begins with 1 and grows with each change",
            given(kind),
            _version(kind, 1),
            do(update, id=own, values=changes),
            _version(kind, 2),
            do(replace, id=own, values=NEW[kind](), elsewhere=True),
            _version(kind, 3),
            _version(kind, 3, elsewhere=True),
        ),
        case(
            f"{letter}-061",
            f"a {kind} of the version that was read is changed and deleted",
            given(kind),
            do(update, id=own, values=changes, version=1, has=changes),
            do(replace, id=own, values=NEW[kind](), version=2),
            do(delete, id=own, version=3),
            do(get, id=own, refuses=refused("NOT_FOUND")),
        ),
        case(
            f"{letter}-062",
            f"a {kind} that was changed since is left as it is",
            given(kind),
            do(update, id=own, values=changes, elsewhere=True, named="now"),
            do(update, id=own, values=NEW[kind](), version=1, refuses=_STALE),
            do(replace, id=own, values=NEW[kind](), version=1, refuses=_STALE),
            do(update, id=own, values={}, version=1, refuses=_STALE),
            do(delete, id=own, version=1, refuses=_STALE),
            do(get, id=own, gives=the("now")),
        ),
        case(
            f"{letter}-063",
            f"a version that a {kind} has not reached yet is refused",
            given(kind),
            do(update, id=own, values=changes, version=2, refuses=_STALE),
            do(update, id=own, values=changes, version=2_147_483_647, refuses=_STALE),
            do(get, id=own, gives=the(kind)),
        ),
        case(
            f"{letter}-064",
            f"no version of a {kind} is needed",
            given(kind),
            do(update, id=own, values=changes, elsewhere=True),
            do(update, id=own, values=NEW[kind]()),
        ),
        case(
            f"{letter}-065",
            f"whatever version of an unknown {kind} is NOT_FOUND",
            do(update, id=AWAY, values=changes, version=1, refuses=refused("NOT_FOUND")),
            do(delete, id=AWAY, version=1, refuses=refused("NOT_FOUND")),
        ),
    ]


_ORDERS = [
    case(
        "O-300",
        "the version of an order grows with its status",
        *A_SHOP,
        place(item("book")),
        _version("order", 1),
        moved("paid"),
        _version("order", 2),
    ),
    case(
        "O-301",
        "an order of the version that was read moves on and is deleted",
        *A_SHOP,
        place(item("book")),
        moved("paid", version=1),
        moved("cancelled", version=2),
        do("delete_order", id=the("order.id"), version=3),
        do("get_order", id=the("order.id"), refuses=NO_SUCH),
    ),
    case(
        "O-302",
        "an order that has moved on since stays where it is",
        *A_SHOP,
        place(item("book")),
        moved("paid", elsewhere=True),
        moved("cancelled", version=1, refuses=_STALE),
        moved("shipped", version=3, refuses=_STALE),
        # Also where the status could not follow anyway: first of all, what was read is old.
        moved("delivered", version=1, refuses=_STALE),
        moved("cancelled"),
        do("delete_order", id=the("order.id"), version=2, refuses=_STALE),
        do("get_order", id=the("order.id"), has={"status": "cancelled"}),
    ),
    case(
        "O-303",
        "an order changes the version of the books that it takes, and cancelling does again",
        *A_SHOP,
        place(item("book")),
        _version("book", 2),
        do("update_book", id=the("book.id"), values={"stock": 5}, version=1, refuses=_STALE),
        moved("cancelled"),
        _version("book", 3),
    ),
    case(
        "O-304",
        "whatever version of an unknown order is NOT_FOUND",
        do("set_order_status", id=AWAY, status="paid", version=1, refuses=NO_SUCH),
        do("delete_order", id=AWAY, version=1, refuses=NO_SUCH),
    ),
]

CASES = [*(one for kind in _KINDS for one in _cases(kind)), *_ORDERS]
