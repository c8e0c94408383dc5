"""Cases of the contract: data, in words that both APIs share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

READS = ("get_", "list_", "page_", "search_")


@dataclass(frozen=True)
class Refusal:
    """What is refused, by its code and the field that is to blame.

    Attributes:
        graphql: GraphQL's code, where its own grammar refuses what REST refuses by a rule.
        own_text: each API has its own words for it, since a library of it says so.
        cost: the objects that it could give, which are too many.
    """

    code: str
    field: str | None = None
    graphql: str | None = None
    own_text: bool = False
    cost: int | None = None

    def code_of(self, api: str) -> str:
        """The code that this API has."""
        return self.graphql if self.graphql and api != "rest" else self.code


@dataclass(frozen=True)
class The:
    """A member of what an earlier step gave, as `book.id`."""

    path: str


@dataclass(frozen=True, eq=False)
class Unique:
    """A value that is new in each run: `email`, `isbn` or `key`."""

    kind: str


@dataclass(frozen=True)
class Step:
    """One operation and what it must give.

    Attributes:
        name: by which later steps refer to what it gave.
        gives: exactly this.
        has: at least these members.
        lists: exactly these records, or the records with these ids, in this order.
        statements: database statements, over both APIs alike.
        elsewhere: it goes through the other API.
    """

    operation: str
    arguments: Mapping[str, Any]
    name: str = ""
    gives: Any = None
    has: Mapping[str, Any] | None = None
    lists: Sequence[Any] | None = None
    refuses: Refusal | None = None
    statements: int | None = None
    elsewhere: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes something, or would if it were not refused."""
        return not self.operation.startswith(READS)


@dataclass(frozen=True)
class Case:
    """A fact of the contract, and the steps that show it."""

    id: str
    fact: str
    steps: Sequence[Step]

    @property
    def writes(self) -> bool:
        """Whether it needs servers that may be written to."""
        return any(step.writes for step in self.steps)

    def __str__(self) -> str:
        return f"{self.id} MUST {self.fact}"


def case(case_id: str, fact: str, *steps: Step) -> Case:
    """`case("A-001", "an author has every member", do("get_author", ...))`"""
    return Case(case_id, fact, steps)


def do(
    operation: str,
    *,
    named: str = "",
    gives: Any = None,
    has: Mapping[str, Any] | None = None,
    lists: Sequence[Any] | None = None,
    refuses: Refusal | None = None,
    statements: int | None = None,
    elsewhere: bool = False,
    **arguments: Any,
) -> Step:
    """A step: the operation with its arguments, and what it must give.

    Three arguments are not the operation's, but each API's way to say them: `version` (the one
    expected), `key` (an idempotency key) and `token`.
    """
    return Step(operation, arguments, named, gives, has, lists, refuses, statements, elsewhere)


def refused(code: str, blamed: str | None = None, **more: Any) -> Refusal:
    """`refuses=refused("DUPLICATE", "email")`"""
    return Refusal(code, blamed, **more)


def the(path: str) -> Any:
    """`the("book.id")`: of what the step named `book` gave."""
    return The(path)


def author(**values: Any) -> dict[str, Any]:
    """The values of a new author."""
    return {"name": "Nia Okoro", "email": Unique("email"), "bio": "Writes.", **values}


def book(**values: Any) -> dict[str, Any]:
    """The values of a new book, by author 3 of the sample."""
    return {
        "title": "New Book",
        "isbn": Unique("isbn"),
        "price": 12.34,
        "publication_date": "2024-02-29",
        "author_id": 3,
        "genre": "Art",
        "description": "All of it.",
        "stock": 10,
        **values,
    }


def customer(**values: Any) -> dict[str, Any]:
    """The values of a new customer."""
    new = {"name": "Sam Ito", "email": Unique("email"), "phone": "+1 555", "address": "Here"}
    return {**new, **values}


NEW = {"author": author, "book": book, "customer": customer}


def given(kind: str, named: str = "", **values: Any) -> Step:
    """A row of the case's own: `given("book", stock=5)`."""
    return do(f"create_{kind}", named=named or kind, values=NEW[kind](**values))


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The values without these members."""
    return {name: value for name, value in values.items() if name not in names}
