"""The reads of a plan: one for each root field, prepared as far as its arguments allow."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from graphql.execution.values import VariableValues

from graphql_api.planning.connection_shapes import shaped
from graphql_api.planning.root_fields import Arguments, Root
from graphql_api.resources.argument_rules import checked_id, connection_query, listing
from graphql_api.resources.connections import connection_of
from graphql_api.resources.names import camel
from shared.database import Connection
from shared.reading.fetching import fetch_each, fetch_one
from shared.reading.listing import ListQuery, fetch_list
from shared.reading.selection import Field, Nested, Selection

Data = dict[str, Any]
Frozen = tuple[tuple[str, Any], ...]

_SEARCHED = {"query": "search"}  # searchBooks names the filter so
_TYPE_NAME = ["Query"]
_KEPT_LISTINGS = 1_024  # of up to 100 ids each: 1 MB at most


class FieldRead:
    """Reads one field of the query, or several fields for objects with the same selection.

    Attributes:
        keys: of the fields, in the answer.
    """

    __slots__ = ("_query", "_row_ids", "_shape", "keys", "selection")

    def __init__(
        self, roots: Sequence[Root], values: VariableValues, *, shows_private: bool
    ) -> None:
        """Raises:
        BookstoreError: an argument breaks a rule.
        """
        root = roots[0]
        self.keys, self._shape = [root.key for root in roots], root.shape
        selection = root.selection
        self.selection = selection if selection is None or shows_private else selection.public
        self._query, self._row_ids = None, []
        if root.query is not None:
            made = _listing if root.shape is None else _page
            self._query = made(root.query, _frozen(root.arguments(values)))
        elif selection is not None:
            self._row_ids = [_row_id(each, values) for each in roots]

    @property
    def is_one_statement(self) -> bool:
        """Whether it takes no more than one."""
        return self.selection is None or not self.selection.nested

    def read(self, connection: Connection) -> list[Any]:
        """The values of the fields."""
        if self.selection is None:
            return _TYPE_NAME
        if self._query is None:
            if len(self._row_ids) == 1:
                return [fetch_one(connection, self.selection, self._row_ids[0])]
            wanted = list(dict.fromkeys(self._row_ids))
            objects = fetch_each(connection, self.selection, wanted)
            return [objects.get(row_id) for row_id in self._row_ids]
        found = fetch_list(connection, self._query, self.selection)
        if self._shape is None:
            return [found.records]
        return [shaped(self._shape, connection_of(self._query, found))]


class Prepared:
    """A plan with the values of one request, ready to be read.

    Attributes:
        reads: what reads the fields.
        is_one_statement: whether it takes one statement at most, so that no write can come between.
        needs_database: whether it takes any statement.
    """

    __slots__ = ("_keys", "is_one_statement", "needs_database", "reads")

    def __init__(
        self,
        keys: list[str],
        reads: list[FieldRead],
        *,
        is_one_statement: bool,
        needs_database: bool,
    ) -> None:
        """Args:
        keys: of the fields, in the order of the answer.
        """
        self._keys = keys
        self.reads = reads
        self.is_one_statement = is_one_statement
        self.needs_database = needs_database

    def constant(self) -> Data:
        """The data of an answer that needs no database."""
        return self.data([_TYPE_NAME] * len(self.reads))

    def read(self, connection: Connection) -> Data:
        """The data of the answer."""
        return self.data([field_read.read(connection) for field_read in self.reads])

    def data(self, values: Iterable[list[Any]]) -> Data:
        """The data of the answer, made of what each read of `reads` has given."""
        data: Data = dict.fromkeys(self._keys)
        for field_read, read in zip(self.reads, values, strict=True):
            data.update(zip(field_read.keys, read, strict=True))
        return data


class Reading:
    """Reads root fields; where no variable decides about them, they are prepared once."""

    __slots__ = (
        "_alike", "_constant", "_is_one_statement", "_keys", "_needs_database", "_prepared"
    )  # fmt: skip

    def __init__(self, roots: list[Root]) -> None:
        self._keys = [root.key for root in roots]
        self._alike = _alike(roots)
        self._constant = not any(root.arguments.varies for root in roots)
        selections = [alike[0].selection for alike in self._alike if alike[0].selection is not None]
        nests = any(selection.nested for selection in selections)
        self._is_one_statement = len(selections) <= 1 and not nests
        self._needs_database = bool(selections)
        self._prepared: dict[bool, Prepared] = {}  # by whether it shows what is private

    def known(self, *, shows_private: bool) -> Prepared | None:
        """The reads, if they do not depend on the values and were prepared before."""
        return self._prepared.get(shows_private)

    def prepared(self, values: VariableValues, *, shows_private: bool) -> Prepared:
        """The reads with these values.

        Raises:
            BookstoreError, GraphQLError: an argument breaks a rule.
        """
        reads = [FieldRead(alike, values, shows_private=shows_private) for alike in self._alike]
        prepared = Prepared(
            self._keys,
            reads,
            is_one_statement=self._is_one_statement,
            needs_database=self._needs_database,
        )
        if self._constant:
            self._prepared[shows_private] = prepared
        return prepared


def _alike(roots: Iterable[Root]) -> list[list[Root]]:
    """The fields in groups: single objects with the same selection are read together."""
    groups: dict[object, list[Root]] = {}
    for number, root in enumerate(roots):
        by_id = root.selection is not None and root.query is None
        groups.setdefault(_asked(root.selection) if by_id else number, []).append(root)
    return list(groups.values())


def _asked(selection: Selection | None) -> object:
    """A key for what a selection asks for, equal for equal selections wherever they stand."""
    if selection is None:
        return None
    members = [
        (member.key, member.relation.name, member.page, _asked(member.selection))
        if isinstance(member, Nested)
        else (member.key, type(member), member.name if isinstance(member, Field) else member.value)
        for member in selection.members
    ]
    return selection.entity.name, tuple(members)


def _row_id(root: Root, values: VariableValues) -> int:
    (row_id,) = root.arguments(values).values()
    return checked_id(row_id)


def _frozen(value: Any) -> Any:
    """Arguments as a key: a list is a tuple, an object a tuple of pairs."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return tuple([(name, _frozen(member)) for name, member in value.items()])
    return value


@lru_cache(_KEPT_LISTINGS)
def _listing(model: type[ListQuery], arguments: Frozen) -> ListQuery:
    """The parameters of a list; cached, since a website's pages send the same ones again."""
    given = dict(arguments)
    filters = _filters(model, given.pop("filter", None))
    ids = given.pop("ids", None)
    return listing(
        model,
        filters=filters,
        ids=None if ids is None else list(ids),
        **{_SEARCHED.get(name, name): value for name, value in given.items()},
    )


@lru_cache(_KEPT_LISTINGS)
def _page(model: type[ListQuery], arguments: Frozen) -> ListQuery:
    """The parameters of a page by cursors."""
    given = dict(arguments)
    filters = _filters(model, given.get("filter"))
    first, after, sort = given["first"], given.get("after"), given.get("sort")
    return connection_query(model, first=first, after=after, sort=sort, filters=filters)


def _filters(model: type[ListQuery], given: Frozen | None) -> Arguments:
    names = {camel(name): name for name in model.conditions}
    return {names[name]: value for name, value in given or ()}
