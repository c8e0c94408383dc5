"""What a plan reads: each root field with its arguments, ready as far as it can be before."""

from functools import lru_cache
from typing import Any

from graphql.execution.values import VariableValues

from graphql_api.connections import connection_of
from graphql_api.inputs import checked_id, connection_query, listing
from graphql_api.names import camel
from graphql_api.pages import shaped
from graphql_api.roots import Arguments, Root
from shared.database import Connection
from shared.fetching import fetch_one
from shared.listing import ListQuery, fetch_list

Data = dict[str, Any]
Frozen = tuple[tuple[str, Any], ...]

_SEARCHED = {"query": "search"}  # searchBooks names the filter so
_KEPT_LISTINGS = 1_024  # of up to 100 ids each: 1 MB at most


class Fetch:
    """Reads one field of the query."""

    __slots__ = ("_query", "_row_id", "_shape", "key", "selection")

    def __init__(self, root: Root, values: VariableValues, *, shows_private: bool) -> None:
        """Raises:
        BookstoreError: an argument breaks a rule.
        """
        self.key, self._shape = root.key, root.shape
        selection = root.selection
        self.selection = selection if selection is None or shows_private else selection.public
        self._query, self._row_id = None, 0
        if root.query is not None:
            made = _listing if root.shape is None else _page
            self._query = made(root.query, _frozen(root.arguments(values)))
        elif selection is not None:
            (row_id,) = root.arguments(values).values()
            self._row_id = checked_id(row_id)

    @property
    def is_one_statement(self) -> bool:
        """Whether it takes no more than one."""
        return self.selection is None or not self.selection.nested

    def read(self, connection: Connection) -> Any:
        """The value of the field."""
        if self.selection is None:
            return "Query"
        if self._query is None:
            return fetch_one(connection, self.selection, self._row_id)
        found = fetch_list(connection, self._query, self.selection)
        if self._shape is None:
            return found.records
        return shaped(self._shape, connection_of(self._query, found))


class Prepared:
    """A plan with the values of one request: what is left is to read.

    Attributes:
        fetches: the fields.
        is_one_statement: whether it takes no more than one, so that no others can come between.
    """

    __slots__ = ("fetches", "is_one_statement")

    def __init__(self, fetches: list[Fetch], *, is_one_statement: bool) -> None:
        self.fetches = fetches
        self.is_one_statement = is_one_statement

    def read(self, connection: Connection) -> Data:
        """The data of the answer."""
        return {fetch.key: fetch.read(connection) for fetch in self.fetches}


class Reading:
    """Reads root fields; where no variable decides about them, they are prepared once."""

    __slots__ = ("_constant", "_is_one_statement", "_prepared", "_roots")

    def __init__(self, roots: list[Root]) -> None:
        self._roots = roots
        self._constant = not any(root.arguments.varies for root in roots)
        selections = [root.selection for root in roots if root.selection is not None]
        nests = any(selection.nested for selection in selections)
        self._is_one_statement = len(selections) <= 1 and not nests
        self._prepared: dict[bool, Prepared] = {}  # by whether it shows what is private

    def known(self, *, shows_private: bool) -> Prepared | None:
        """What is left to read whatever the values are, if it was prepared before."""
        return self._prepared.get(shows_private)

    def prepared(self, values: VariableValues, *, shows_private: bool) -> Prepared:
        """What is left to read with these values.

        Raises:
            BookstoreError, GraphQLError: an argument breaks a rule.
        """
        fetches = [Fetch(root, values, shows_private=shows_private) for root in self._roots]
        prepared = Prepared(fetches, is_one_statement=self._is_one_statement)
        if self._constant:
            self._prepared[shows_private] = prepared
        return prepared


def _frozen(value: Any) -> Any:
    """Arguments as a key: a list is a tuple, an object a tuple of pairs."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return tuple([(name, _frozen(member)) for name, member in value.items()])
    return value


@lru_cache(_KEPT_LISTINGS)
def _listing(model: type[ListQuery], arguments: Frozen) -> ListQuery:
    """What a list takes. The same arguments come again: a page of a website has its own."""
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
    """What a page by cursors takes."""
    given = dict(arguments)
    filters = _filters(model, given.get("filter"))
    first, after, sort = given["first"], given.get("after"), given.get("sort")
    return connection_query(model, first=first, after=after, sort=sort, filters=filters)


def _filters(model: type[ListQuery], given: Frozen | None) -> Arguments:
    names = {camel(name): name for name in model.conditions}
    return {names[name]: value for name, value in given or ()}
