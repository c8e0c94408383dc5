"""Authors, books and customers: get, create, replace, merge, delete. Ids: A, B, C."""

from typing import Any

from tests.contract.case import NEW, Case, Unique, case, do, given, refused, the, without
from tests.contract.catalogue.sample import AWAY, SAMPLE

# What each has: its unique member, what may be left out and then is, and who refers to it.
_KINDS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "author": ("A", "email", {"bio": None}, {"name": "N. Okoro"}),
    "book": ("B", "isbn", {"description": None, "stock": 0}, {"title": "Newer", "price": 0.5}),
    "customer": ("C", "email", {"phone": None, "address": None}, {"name": "S. Ito"}),
}


def _cases(kind: str) -> list[Case]:
    letter, unique, empty, changes = _KINDS[kind]
    new = NEW[kind]
    get, create, update = f"get_{kind}", f"create_{kind}", f"update_{kind}"
    replace, delete = f"replace_{kind}", f"delete_{kind}"
    first = SAMPLE.table(kind)[1]
    own = the(f"{kind}.id")
    away = refused("NOT_FOUND")
    in_use = refused("IN_USE")
    taken = refused("DUPLICATE", unique)
    return [
        case(
            f"{letter}-001",
            f"a {kind} has every member, by one statement",
            do(get, id=1, gives=first, statements=1),
        ),
        case(f"{letter}-002", f"an unknown {kind} is NOT_FOUND", do(get, id=AWAY, refuses=away)),
        case(
            f"{letter}-003",
            "the largest id is an id",
            do(get, id=2_147_483_647, refuses=away),
        ),
        case(
            f"{letter}-010",
            f"a new {kind} is answered as it is read afterwards",
            do(create, values=new(), named="made"),
            do(get, id=the("made.id"), gives=the("made")),
        ),
        case(
            f"{letter}-011",
            f"what is left out of a new {kind} is empty",
            do(create, values=without(new(), *empty), has=empty, named="made"),
            do(get, id=the("made.id"), has=empty),
        ),
        case(
            f"{letter}-012",
            f"a taken {unique} is DUPLICATE",
            given(kind),
            do(create, values=new(**{unique: the(f"{kind}.{unique}")}), refuses=taken),
            do(create, values=new(**{unique: first[unique]}), refuses=taken),
        ),
        case(
            f"{letter}-020",
            "replacing sets every member",
            given(kind),
            do(
                replace,
                id=own,
                values={**(other := without(new(**changes), *empty))},
                gives={"id": own, **other, **empty},
                named="now",
            ),
            do(get, id=own, gives=the("now")),
        ),
        case(
            f"{letter}-021",
            f"replacing an unknown {kind} is NOT_FOUND",
            do(replace, id=AWAY, values=new(), refuses=away),
        ),
        case(
            f"{letter}-022",
            f"replacing by a taken {unique} is DUPLICATE",
            given(kind),
            given(kind, "other"),
            do(replace, id=own, values=new(**{unique: the(f"other.{unique}")}), refuses=taken),
            do(get, id=own, gives=the(kind)),
        ),
        case(
            f"{letter}-030",
            "an update sets what is given and leaves the rest",
            given(kind),
            do(update, id=own, values=changes, has=changes, named="now"),
            do(get, id=own, gives=the("now")),
            *(
                do(get, id=own, has={name: the(f"{kind}.{name}")})
                for name in new()
                if name not in changes
            ),
        ),
        case(
            f"{letter}-031",
            "an update of nothing changes nothing",
            given(kind),
            do(update, id=own, values={}, gives=the(kind)),
        ),
        case(
            f"{letter}-032",
            f"updating an unknown {kind} is NOT_FOUND",
            do(update, id=AWAY, values=changes, refuses=away),
            do(update, id=AWAY, values={}, refuses=away),
        ),
        case(
            f"{letter}-033",
            f"updating to a taken {unique} is DUPLICATE and changes nothing",
            given(kind),
            given(kind, "other"),
            do(
                update,
                id=own,
                values={**changes, unique: the(f"other.{unique}")},
                refuses=taken,
            ),
            do(get, id=own, gives=the(kind)),
        ),
        case(
            f"{letter}-034",
            f"its own {unique} is not taken by itself",
            given(kind),
            do(update, id=own, values={unique: the(f"{kind}.{unique}")}, gives=the(kind)),
        ),
        case(
            f"{letter}-035",
            f"a {unique} that was given up can be taken",
            given(kind),
            do(update, id=own, values={unique: Unique(unique)}),
            do(create, values=new(**{unique: the(f"{kind}.{unique}")})),
        ),
        case(
            f"{letter}-040",
            f"a deleted {kind} is gone, and deleting it again is NOT_FOUND",
            given(kind),
            do(delete, id=own),
            do(get, id=own, refuses=away),
            do(update, id=own, values=changes, refuses=away),
            do(delete, id=own, refuses=away),
        ),
        case(
            f"{letter}-041",
            f"a {kind} that others refer to is IN_USE",
            do(delete, id=1, refuses=in_use),
            do(get, id=1, gives=first),
        ),
        case(
            f"{letter}-042",
            "an id is never used twice",
            given(kind, "first"),
            do(delete, id=the("first.id")),
            given(kind, "second"),
            do(get, id=the("first.id"), refuses=away),
            do(get, id=the("second.id"), gives=the("second")),
        ),
        case(
            f"{letter}-050",
            "what a write answers can be selected",
            do(create, values=new(), fields="id", named="made", has={}),
            do(update, id=the("made.id"), values=changes, fields="id", gives=the("made")),
            do(replace, id=the("made.id"), values=new(), fields="id", gives=the("made")),
        ),
    ]


_CLEARED = [
    case(
        f"{letter}-036",
        f"null clears the {member}",
        given(kind),
        do(f"update_{kind}", id=the(f"{kind}.id"), values={member: None}, has={member: None}),
        do(f"get_{kind}", id=the(f"{kind}.id"), has={member: None}),
    )
    for letter, kind, member in (
        ("A", "author", "bio"),
        ("B", "book", "description"),
        ("C", "customer", "phone"),
    )
] + [
    case(
        "C-037",
        "null clears the address and leaves the phone",
        given("customer"),
        do(
            "update_customer",
            id=the("customer.id"),
            values={"address": None},
            has={"address": None, "phone": the("customer.phone")},
        ),
    ),
]

_IN_USE = [
    case(
        "A-043",
        "an author can be deleted once the books are",
        given("author"),
        given("book", author_id=the("author.id")),
        do("delete_author", id=the("author.id"), refuses=refused("IN_USE")),
        do("delete_book", id=the("book.id")),
        do("delete_author", id=the("author.id")),
    ),
]

CASES = [
    *(one for kind in _KINDS for one in _cases(kind)),
    *_CLEARED,
    *_IN_USE,
]
