"""Authors, books and customers: get, create, replace, merge, delete. Ids: A, B, C."""

from tests.contract.case import Case, Unique, case, do, given, refused, the, without
from tests.contract.catalogue.kinds import KINDS, Kind
from tests.contract.catalogue.sample import AWAY

_AWAY = refused("NOT_FOUND")
_REFERRED_TO = refused("IN_USE")


def _read(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-001",
            f"a {of.kind} has every member, by one statement",
            do(of.get, id=1, gives=of.first, statements=1),
        ),
        case(
            f"{of.letter}-002",
            f"an unknown {of.kind} is NOT_FOUND",
            do(of.get, id=AWAY, refuses=_AWAY),
        ),
        case(
            f"{of.letter}-003",
            "the largest id is an id",
            do(of.get, id=2_147_483_647, refuses=_AWAY),
        ),
    ]


def _created(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-010",
            f"a new {of.kind} is answered as it is read afterwards",
            do(of.create, values=of.new(), named="made"),
            do(of.get, id=the("made.id"), gives=the("made")),
        ),
        case(
            f"{of.letter}-011",
            f"what is left out of a new {of.kind} is empty",
            do(of.create, values=without(of.new(), *of.empty), has=of.empty, named="made"),
            do(of.get, id=the("made.id"), has=of.empty),
        ),
        case(
            f"{of.letter}-012",
            f"a taken {of.unique} is DUPLICATE",
            given(of.kind),
            do(
                of.create,
                values=of.new(**{of.unique: the(f"{of.kind}.{of.unique}")}),
                refuses=of.taken,
            ),
            do(of.create, values=of.new(**{of.unique: of.first[of.unique]}), refuses=of.taken),
        ),
        case(
            f"{of.letter}-050",
            "what a write answers can be selected",
            do(of.create, values=of.new(), fields="id", named="made", has={}),
            do(of.update, id=the("made.id"), values=of.changes, fields="id", gives=the("made")),
            do(of.replace, id=the("made.id"), values=of.new(), fields="id", gives=the("made")),
        ),
    ]


def _replaced(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-020",
            "replacing sets every member",
            given(of.kind),
            do(
                of.replace,
                id=of.own,
                values={**(other := without(of.new(**of.changes), *of.empty))},
                gives={"id": of.own, **other, **of.empty},
                named="now",
            ),
            do(of.get, id=of.own, gives=the("now")),
        ),
        case(
            f"{of.letter}-021",
            f"replacing an unknown {of.kind} is NOT_FOUND",
            do(of.replace, id=AWAY, values=of.new(), refuses=_AWAY),
        ),
        case(
            f"{of.letter}-022",
            f"replacing by a taken {of.unique} is DUPLICATE",
            given(of.kind),
            given(of.kind, "other"),
            do(
                of.replace,
                id=of.own,
                values=of.new(**{of.unique: the(f"other.{of.unique}")}),
                refuses=of.taken,
            ),
            do(of.get, id=of.own, gives=the(of.kind)),
        ),
    ]


def _updated(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-030",
            "an update sets what is given and leaves the rest",
            given(of.kind),
            do(of.update, id=of.own, values=of.changes, has=of.changes, named="now"),
            do(of.get, id=of.own, gives=the("now")),
            *(
                do(of.get, id=of.own, has={name: the(f"{of.kind}.{name}")})
                for name in of.new()
                if name not in of.changes
            ),
        ),
        case(
            f"{of.letter}-031",
            "an update of nothing changes nothing",
            given(of.kind),
            do(of.update, id=of.own, values={}, gives=the(of.kind)),
        ),
        case(
            f"{of.letter}-032",
            f"updating an unknown {of.kind} is NOT_FOUND",
            do(of.update, id=AWAY, values=of.changes, refuses=_AWAY),
            do(of.update, id=AWAY, values={}, refuses=_AWAY),
        ),
    ]


def _updated_uniquely(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-033",
            f"updating to a taken {of.unique} is DUPLICATE and changes nothing",
            given(of.kind),
            given(of.kind, "other"),
            do(
                of.update,
                id=of.own,
                values={**of.changes, of.unique: the(f"other.{of.unique}")},
                refuses=of.taken,
            ),
            do(of.get, id=of.own, gives=the(of.kind)),
        ),
        case(
            f"{of.letter}-034",
            f"its own {of.unique} is not taken by itself",
            given(of.kind),
            do(
                of.update,
                id=of.own,
                values={of.unique: the(f"{of.kind}.{of.unique}")},
                gives=the(of.kind),
            ),
        ),
        case(
            f"{of.letter}-035",
            f"a {of.unique} that was given up can be taken",
            given(of.kind),
            do(of.update, id=of.own, values={of.unique: Unique(of.unique)}),
            do(of.create, values=of.new(**{of.unique: the(f"{of.kind}.{of.unique}")})),
        ),
    ]


def _deleted(of: Kind) -> list[Case]:
    return [
        case(
            f"{of.letter}-040",
            f"a deleted {of.kind} is gone, and deleting it again is NOT_FOUND",
            given(of.kind),
            do(of.delete, id=of.own),
            do(of.get, id=of.own, refuses=_AWAY),
            do(of.update, id=of.own, values=of.changes, refuses=_AWAY),
            do(of.delete, id=of.own, refuses=_AWAY),
        ),
        case(
            f"{of.letter}-041",
            f"a {of.kind} that others refer to is IN_USE",
            do(of.delete, id=1, refuses=_REFERRED_TO),
            do(of.get, id=1, gives=of.first),
        ),
        case(
            f"{of.letter}-042",
            "an id is never used twice",
            given(of.kind, "first"),
            do(of.delete, id=the("first.id")),
            given(of.kind, "second"),
            do(of.get, id=the("first.id"), refuses=_AWAY),
            do(of.get, id=the("second.id"), gives=the("second")),
        ),
    ]


def _cases(of: Kind) -> list[Case]:
    parts = (_read, _created, _replaced, _updated, _updated_uniquely, _deleted)
    return [one for part in parts for one in part(of)]


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
    *(one for kind in KINDS for one in _cases(kind)),
    *_CLEARED,
    *_IN_USE,
]
