"""Selection: a tree of fields and relations, and the `fields` paths that name one.

It says which members of an entity are wanted, for REST's `fields` and for full representations
alike. `fetching` reads it from the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final

from shared import limits
from shared.errors import UnknownField, ValidationFailed, Violation
from shared.reading.catalogue import (
    AUTHOR,
    BOOK,
    CUSTOMER,
    ORDER,
    Deprecation,
    Entity,
    Relation,
)
from shared.reading.cost import cost_of_offset
from shared.reading.cursors import Position
from shared.storage.statements import Statements


@dataclass(frozen=True)
class Page:
    """A part of a list; `sort` is a sort key, with `-` in front for descending.

    `after` is the position behind which the page begins, instead of an `offset`. `positions` asks
    for the positions of the page's rows as well.
    """

    limit: int = limits.DEFAULT_LIMIT
    offset: int = 0
    sort: str = "id"
    after: Position | None = None
    positions: bool = False


@dataclass(frozen=True, eq=False)
class Field:
    """A member that is a column; `key` is its name in the answer. One not shown is null."""

    key: str
    name: str
    shown: bool = True


@dataclass(frozen=True, eq=False)
class Constant:
    """A member that is the same for every row."""

    key: str
    value: str


@dataclass(frozen=True, eq=False)
class Nested:
    """A member that is another entity, or a list of them."""

    key: str
    relation: Relation
    selection: "Selection"
    page: Page | None  # None: the one object, or a list that is never cut

    @property
    def cost(self) -> int:
        """The most objects that it adds for each parent, and what its offset costs."""
        if self.page is not None:
            return self.page.limit * self.selection.cost + cost_of_offset(self.page.offset)
        most = limits.MAX_ORDER_ITEMS if self.relation.many else 1
        return most * self.selection.cost


Member = Field | Constant | Nested


class Selection:
    """Members of an entity in the order of the answer.

    Attributes:
        members: fields and relations.
        keys: the members' names in the answer.
        nested: the members that are relations.
        cost: the most objects that one of it can give, itself among them.
        is_own: whether it shows the row alone, so that the row's version identifies its state. An
            order's items count as part of it, since they never change.
        statements: built for this selection, by how the rows are reached (see `templates`).
    """

    __slots__ = (
        "_public", "cost", "entity", "is_own", "keys", "members", "nested", "statements"
    )  # fmt: skip

    def __init__(self, entity: Entity, members: Iterable[Member]) -> None:
        self.members = members = tuple(members)
        self.entity = entity
        self.keys = tuple(member.key for member in members)
        self.nested = tuple(m for m in members if isinstance(m, Nested))
        self.cost = 1 + sum(nested.cost for nested in self.nested)
        self.is_own: bool = all(
            nested.relation.owned and nested.selection.is_own for nested in self.nested
        )
        self.statements = Statements()
        self._public: Selection | None = None

    @property
    def public(self) -> "Selection":
        """The same without what is private: those members are null. Made once."""
        if self._public is None:
            members = [_public(self.entity, member) for member in self.members]
            is_same = members == list(self.members)
            self._public = self if is_same else Selection(self.entity, members)
        return self._public

    @property
    def deprecations(self) -> list[Deprecation]:
        """What is said of the deprecated fields in it, those of its relations among them."""
        own = [
            self.entity.deprecated[member.name]
            for member in self.members
            if isinstance(member, Field) and member.name in self.entity.deprecated
        ]
        below = [said for nested in self.nested for said in nested.selection.deprecations]
        return own + below


def _public(entity: Entity, member: Member) -> Member:
    """The member as shown to clients without the token: itself, or null if it is private."""
    if isinstance(member, Constant):
        return member
    if isinstance(member, Field):
        is_seen = member.shown and member.name in entity.private
        return replace(member, shown=False) if is_seen else member
    below = member.selection.public
    return member if below is member.selection else replace(member, selection=below)


def _nested(entity: Entity, name: str, selection: Selection) -> Nested:
    relation = entity.relations[name]
    return Nested(name, relation, selection, Page() if relation.paged else None)


def _of(entity: Entity, names: Iterable[str]) -> Selection:
    """The members by name, a relation with its own full representation."""
    return Selection(
        entity,
        (
            Field(name, name)
            if name in entity.fields
            else _nested(entity, name, full(entity.relations[name].entity))
            for name in names
        ),
    )


@cache
def full(entity: Entity) -> Selection:
    """The full representation of an entity."""
    return _of(entity, entity.default)


@cache
def own_fields(entity: Entity) -> Selection:
    """All fields of an entity, without relations: what a loader reads."""
    return _of(entity, entity.fields)


@cache
def named(entity: Entity, names: tuple[str, ...]) -> Selection:
    """The members with these names, a relation with its own full representation."""
    return _of(entity, names)


FULL_AUTHOR: Final = full(AUTHOR)
FULL_BOOK: Final = full(BOOK)
FULL_CUSTOMER: Final = full(CUSTOMER)
FULL_ORDER: Final = full(ORDER)
ORDER_SUMMARY: Final = _of(ORDER, ("id", "order_date", "status", "total_amount", "item_count"))


@lru_cache(maxsize=128)  # the longest have 400 members, which the garbage collector goes through
def parse_fields(entity: Entity, text: str) -> Selection:
    """The selection that dotted paths with commas between them name.

    A path that ends in a relation stands for the full representation of what it leads to.

    Raises:
        UnknownField: a path is empty, or names what is not there; the text says what is.
        ValidationFailed: too many paths, or too deep ones.
    """
    if len(text) > limits.MAX_FIELDS_TEXT:
        _refuse(f"must have at most {limits.MAX_FIELDS_TEXT} characters, got {len(text)}")
    tree: dict[str, Any] = {}
    for path in text.split(","):
        names = path.strip().split(".")
        if len(names) > limits.MAX_FIELDS_DEPTH:
            _refuse(
                f"must have paths of at most {limits.MAX_FIELDS_DEPTH} names, got {path.strip()!r}"
            )
        _add(tree, entity, names, path.strip())
    return _selection(entity, tree)


def _refuse(rule: str) -> None:
    raise ValidationFailed([Violation(("fields",), rule)])


def _add(tree: dict[str, Any], entity: Entity, names: list[str], path: str) -> None:
    name, rest = names[0], names[1:]
    if name in entity.fields and not rest:
        tree[name] = None
    elif name in entity.relations:
        below = tree.setdefault(name, {})
        target = entity.relations[name].entity
        if rest:
            _add(below, target, rest, path)
        else:
            for default in target.default:
                _add(below, target, [default], path)
    else:
        wrong = f"{name!r} has no members" if name in entity.fields else f"there is no {name!r}"
        noun = entity.name.replace("_", " ")
        raise UnknownField(
            f"fields must name what exists, got {path!r}: in {noun}, {wrong}; "
            f"known are {entity.members()}",
            field="fields",
        )


def _selection(entity: Entity, tree: dict[str, Any]) -> Selection:
    return Selection(
        entity,
        (
            Field(name, name)
            if below is None
            else _nested(entity, name, _selection(entity.relations[name].entity, below))
            for name, below in tree.items()
        ),
    )
