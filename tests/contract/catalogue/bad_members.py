"""Bad values of the members of authors, books and customers. Ids: V-5xx (new), V-6xx (update)."""

from collections.abc import Callable
from typing import Any

from tests.contract.case import NEW, Case, Step, case, do, given, refused, the, without
from tests.contract.catalogue.bad_queries import LONE, NUL, bad_value, shorten

# What shows nothing: white space, control characters, and what has no width.
UNSEEN = ("  ", "\n\t", "\u00a0\u2003\u3000", "\u200b\ufeff", "\ufff9\U000e0020\U0001d173")
TEXT = ("", *UNSEEN, "x" * 201, "😀" * 201, NUL, LONE, "\0", None, 5, True, ["x"], {"a": 1})
LONG_TEXT = ("", "x" * 5_001, NUL, LONE, 5, ["x"])
GENRE = ("", *UNSEEN, "x" * 101, NUL, LONE, None, 5)
PHONE = ("", "x" * 51, NUL, LONE, 5)
ADDRESS = ("", "x" * 501, NUL, LONE, 5)
EMAIL = ("", "nobody", "a b@example.com", "a@", "@example.com", "a@b@example.com", LONE, NUL,
         "Grace <grace@example.com>", f"{'x' * 300}@example.com", None, 5, ["a@b.com"])  # fmt: skip
ISBN = ("", "123", "9781234567898", "9771234567898", "978123456789X", "0804429570", LONE, NUL,
        "\uff19\uff1781234567897", None, 9_781_234_567_897)  # fmt: skip
PRICE = (-0.01, -1, 1.999, 0.001, 1_000_000.01, 2_000_000.5, 1e300, None, "1", "x", True, [1])
DATE = ("", "2023-02-30", "2023-13-01", "0000-01-01", "yesterday", "15.01.2023", "20230115",
        "2023-01-15T12:00:00Z", "2023-01-15T00:00:00+02:00", "2023-01-15T00:00:00-00:00",
        "2023-01-15T00:00:00", "2023-01-15 00:00:00Z", "2023-01-15T00:00Z", "2023-01-15T00Z",
        "2023-01-15T00:00:00.001Z", "2023-01-15T00:00:00.Z", "2023-01-15T00:00:00,0Z",
        "2023-01-15T24:00:00Z", "2023-01-15T00:00:00+0000", "2023-01-15T00:00:00+00",
        "2023-01-15T", "2023-01-15Z", "2023-02-30T00:00:00Z", " 2023-01-15", "2023-01-15\n",
        "2023-1-5", "+2023-01-15", LONE, None, 20_230_115)  # fmt: skip
REFERENCE = (0, -1, 2**31, 2**64, 1.5, None, "1", "x", True)
STOCK = (-1, 1_000_001, 2**31, 2**64, 0.5, None, "5", True)

_MEMBERS: dict[str, list[tuple[str, tuple[Any, ...], str]]] = {
    "author": [("name", TEXT, "String"), ("email", EMAIL, "String"), ("bio", LONG_TEXT, "String")],
    "book": [
        ("title", TEXT, "String"),
        ("isbn", ISBN, "String"),
        ("price", PRICE, "Float"),
        ("publication_date", DATE, "scalar"),
        ("author_id", REFERENCE, "Int"),
        ("genre", GENRE, "String"),
        ("description", LONG_TEXT, "String"),
        ("stock", STOCK, "Int"),
    ],
    "customer": [
        ("name", TEXT, "String"),
        ("email", EMAIL, "String"),
        ("phone", PHONE, "String"),
        ("address", ADDRESS, "String"),
    ],
}


def _refusal(member: str, value: Any, kind: str) -> Any:
    if value is None:
        return refused("VALIDATION", member, own_text=True)
    if kind == "scalar":
        return refused("VALIDATION", member)
    return bad_value(member, value, graphql_type=kind)


Write = Callable[[str, dict[str, Any], Any], Step]


def _create(kind: str, bad: dict[str, Any], refusal: Any) -> Step:
    return do(f"create_{kind}", values=NEW[kind](**bad), refuses=refusal)


def _replace(kind: str, bad: dict[str, Any], refusal: Any) -> Step:
    return do(f"replace_{kind}", id=1, values=NEW[kind](**bad), refuses=refusal)


def _update(kind: str, bad: dict[str, Any], refusal: Any) -> Step:
    return do(f"update_{kind}", id=1, values=bad, refuses=refusal)


def _cases(number: int, verb: str, write: Write, most: int = 99) -> list[Case]:
    return [
        case(
            f"V-{number}{row:02}{place:02}",
            f"{verb} a {kind} refuses the {member} {shorten(value)}",
            write(kind, {member: value}, _refusal(member, value, graphql_type)),
        )
        for row, (kind, member, values, graphql_type) in enumerate(
            (kind, *one) for kind, members in _MEMBERS.items() for one in members
        )
        for place, value in enumerate(values[:most])
    ]


_MISSING = [
    case(
        f"V-80{number}",
        f"a new {kind} needs every member that must not be empty",
        *(
            do(
                f"create_{kind}",
                values=without(NEW[kind](), member),
                refuses=refused("VALIDATION", member, own_text=True),
            )
            for member in members
        ),
        do(f"create_{kind}", values={}, refuses=refused("VALIDATION")),
    )
    for number, (kind, members) in enumerate(
        {
            "author": ("name", "email"),
            "book": ("title", "isbn", "price", "publication_date", "author_id", "genre"),
            "customer": ("name", "email"),
        }.items()
    )
]

_UNKNOWN = [
    case(
        f"V-81{number}",
        f"a member that a {kind} does not have is refused by its name, and nothing else is changed",
        *(
            step
            # Over REST, the last two are read only where there is something: as they are not.
            for name, value in (("nickname", 1), ("version", 999), ("id", 2))
            for step in (
                do(
                    f"create_{kind}",
                    values={**NEW[kind](), name: value},
                    refuses=refused("VALIDATION", name, own_text=True),
                ),
                do(
                    f"update_{kind}",
                    id=1,
                    values={name: value},
                    refuses=refused("VALIDATION", name, own_text=True),
                ),
            )
        ),
    )
    for number, kind in enumerate(NEW)
]

_TOGETHER = [
    case(
        "V-820",
        "one bad member keeps the good ones from being written",
        given("book"),
        do(
            "update_book",
            id=the("book.id"),
            values={"title": "Changed", "price": -1},
            refuses=refused("VALIDATION", "price"),
        ),
        do("get_book", id=the("book.id"), gives=the("book")),
    ),
    case(
        "V-821",
        "every bad member is named at once",
        do(
            "create_book",
            values=NEW["book"](title="", price=-1, isbn="1"),
            refuses=refused("VALIDATION", "title"),
        ),
    ),
]

CASES = [
    *_cases(5, "creating", _create),
    *_cases(6, "updating", _update),
    *_cases(7, "replacing", _replace, most=2),  # by the rules of creating
    *_MISSING,
    *_UNKNOWN,
    *_TOGETHER,
]
