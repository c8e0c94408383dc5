"""Changing only the version that was read. Ids: A-06x, B-06x, C-06x, O-3xx."""

from typing import Any

from tests.contract.case import Case, case, do, given, refused, the
from tests.contract.catalogue.kinds import KINDS, Kind
from tests.contract.catalogue.orders import A_SHOP, NO_SUCH, item, moved, place
from tests.contract.catalogue.sample import AWAY

_STALE = refused("PRECONDITION_FAILED")


def _version(kind: str, version: int, **more: Any) -> Any:
    return do(
        f"get_{kind}",
        id=the(f"{kind}.id"),
        fields="version",
        gives={"version": version},
        statements=1,
        **more,
    )


def _changed(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-060",
            f"the version of a {of.kind} begins with 1 and grows with each change",
            given(of.kind),
            _version(of.kind, 1),
            do(of.update, id=of.own, values=of.changes),
            _version(of.kind, 2),
            do(of.replace, id=of.own, values=of.new(), elsewhere=True),
            _version(of.kind, 3),
            _version(of.kind, 3, elsewhere=True),
        ),
        case(
            f"{of.letter}-061",
            f"a {of.kind} of the version that was read is changed and deleted",
            given(of.kind),
            do(of.update, id=of.own, values=of.changes, version=1, has=of.changes),
            do(of.replace, id=of.own, values=of.new(), version=2),
            do(of.delete, id=of.own, version=3),
            do(of.get, id=of.own, refuses=refused("NOT_FOUND")),
        ),
        case(
            f"{of.letter}-064",
            f"no version of a {of.kind} is needed",
            given(of.kind),
            do(of.update, id=of.own, values=of.changes, elsewhere=True),
            do(of.update, id=of.own, values=of.new()),
        ),
    ]


def _refused(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-062",
            f"a {of.kind} that was changed since is left as it is",
            given(of.kind),
            do(of.update, id=of.own, values=of.changes, elsewhere=True, named="now"),
            do(of.update, id=of.own, values=of.new(), version=1, refuses=_STALE),
            do(of.replace, id=of.own, values=of.new(), version=1, refuses=_STALE),
            do(of.update, id=of.own, values={}, version=1, refuses=_STALE),
            do(of.delete, id=of.own, version=1, refuses=_STALE),
            do(of.get, id=of.own, gives=the("now")),
        ),
        case(
            f"{of.letter}-063",
            f"a version that a {of.kind} has not reached yet is refused",
            given(of.kind),
            do(of.update, id=of.own, values=of.changes, version=2, refuses=_STALE),
            do(of.update, id=of.own, values=of.changes, version=2_147_483_647, refuses=_STALE),
            do(of.get, id=of.own, gives=the(of.kind)),
        ),
        case(
            f"{of.letter}-065",
            f"whatever version of an unknown {of.kind} is NOT_FOUND",
            do(of.update, id=AWAY, values=of.changes, version=1, refuses=refused("NOT_FOUND")),
            do(of.delete, id=AWAY, version=1, refuses=refused("NOT_FOUND")),
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

CASES = [
    *(one for kind in KINDS for one in (*_changed(kind), *_refused(kind))),
    *_ORDERS,
]
