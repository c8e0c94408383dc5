"""Loaders: read in one statement what the resolvers of one level ask for by key.

They are new for each request. `Batching` is how a GraphQL server should load relations; `OneByOne`
is how a naive one does, kept to be measured.
"""

from asyncio import Future, get_running_loop
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Protocol

from graphql_api.resolving.access import Access
from shared.database import Connection
from shared.reading.catalogue import Relation
from shared.reading.fetching import Record, fetch_by_ids, fetch_related
from shared.reading.selection import Page, Selection, own_fields

Read = Callable[[Connection, list[int]], Mapping[int, Any]]


class Loaders(Protocol):
    """Loads objects by id, and lists of children by the id of their parent.

    What is known already is given as a future too, so that a level stays together.
    """

    def one(self, selection: Selection, row_id: int) -> Future[Record | None]:
        """The object with this id, or None."""

    def many(
        self, relation: Relation, parent_id: int, page: Page | None = None
    ) -> Future[list[Record]]:
        """This page of the parent's children; all of them where there is no page."""


def _objects(selection: Selection) -> Read:
    """Reads objects by their ids."""

    def read(connection: Connection, keys: list[int]) -> Mapping[int, Record]:
        return {record["id"]: record for record in fetch_by_ids(connection, selection, keys)}

    return read


def _children(relation: Relation, page: Page | None) -> Read:
    """Reads the children of parents; no child has private fields."""
    selection = own_fields(relation.entity)
    assert not relation.entity.private

    def read(connection: Connection, keys: list[int]) -> Mapping[int, list[Record]]:
        return fetch_related(connection, relation, selection, keys, page)

    return read


class OneByOne:
    """Asks the database for each key by itself, and remembers nothing."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._loop = get_running_loop()
        self._waiting: list[tuple[Future[Any], Read, int]] = []

    def one(self, selection: Selection, row_id: int) -> Future[Record | None]:
        """The object with this id, or None."""
        return self._load(_objects(selection), row_id)

    def many(
        self, relation: Relation, parent_id: int, page: Page | None = None
    ) -> Future[list[Record]]:
        """This page of the parent's children; all of them where there is no page."""
        return self._load(_children(relation, page), parent_id)

    def _load(self, read: Read, key: int) -> Future[Any]:
        future = self._loop.create_future()
        if not self._waiting:
            self._loop.call_soon(self._turn)
        self._waiting.append((future, read, key))
        return future

    def _turn(self) -> None:
        """Ask for some of the waiting keys; other requests get their turn before the rest."""
        turn, self._waiting = self._waiting[:_A_TURN], self._waiting[_A_TURN:]
        if self._waiting:
            self._loop.call_soon(self._turn)
        for future, read, key in turn:
            if not future.done():
                self._ask(future, read, key)

    def _ask(self, future: Future[Any], read: Read, key: int) -> None:
        try:
            found = self._access.read(lambda connection: read(connection, [key]).get(key))
        except Exception as error:
            future.set_exception(error)
            return
        if isinstance(found, Future):
            found.add_done_callback(partial(_hand_on, future))
        else:
            future.set_result(found)


class Batching:
    """Asks the database for all keys of a level at once, and remembers the answers.

    graphql-core awaits the objects of a list in tasks of their own, but a single object without.
    So some fields of a level ask for their keys a few turns of the event loop after others. The
    keys of all loaders are sent together once none has been asked for in `_QUIET_TURNS` turns.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._loop = get_running_loop()
        self._loaders: dict[object, _Loader] = {}
        self._waiting: list[_Loader] = []
        self._quiet = 0  # turns since the last load

    def one(self, selection: Selection, row_id: int) -> Future[Record | None]:
        """The object with this id, or None."""
        loader = self._loaders.get(selection)
        if loader is None:
            loader = _Loader(self._access, _objects(selection), self._await)
            self._loaders[selection] = loader
        return loader.load(row_id)

    def many(
        self, relation: Relation, parent_id: int, page: Page | None = None
    ) -> Future[list[Record]]:
        """This page of the parent's children; all of them where there is no page."""
        loader = self._loaders.get((relation, page))
        if loader is None:
            loader = _Loader(self._access, _children(relation, page), self._await)
            self._loaders[relation, page] = loader
        return loader.load(parent_id)

    def _await(self, loader: "_Loader") -> None:
        """Have a loader sent with the others of its level."""
        if not self._waiting:
            self._loop.call_soon(self._turn)
        self._waiting.append(loader)
        self._quiet = 0

    def _turn(self) -> None:
        self._quiet += 1
        if self._quiet <= _QUIET_TURNS:
            self._loop.call_soon(self._turn)
            return
        waiting, self._waiting = self._waiting, []
        for loader in waiting:
            loader.send()


# A task for the object, one for its list, one for its field; and as many for a list around them.
_QUIET_TURNS: Final = 6
_A_TURN: Final = 100  # loads after which the event loop looks at what has come: 5 ms at most
_Waiting = dict[int, list[Future[Any]]]


class _Loader:
    """Collects keys until it is told to load them.

    Strawberry's DataLoader gives the same future to all callers of a key: when graphql-core cancels
    what a failed field waits for, the others would lose their answer.
    """

    __slots__ = ("_access", "_await", "_found", "_loop", "_read", "_waiting")

    def __init__(self, access: Access, read: Read, await_: Callable[["_Loader"], None]) -> None:
        self._access = access
        self._read = read
        self._await = await_
        self._loop = get_running_loop()
        self._found: dict[int, Any] = {}
        # A future for each caller: to cancel one must not take the answer from another.
        self._waiting: _Waiting = {}

    def load(self, key: int) -> Future[Any]:
        """The value for this key; a known one is given together with its level, too."""
        if not self._waiting:
            self._await(self)
        future = self._loop.create_future()
        self._waiting.setdefault(key, []).append(future)
        return future

    def send(self) -> None:
        """Load what was asked for and is not known."""
        waiting, self._waiting = self._waiting, {}
        keys = [key for key in waiting if key not in self._found]
        if not keys:
            self._settle(waiting, {})
            return
        try:
            found = self._access.read(lambda connection: self._read(connection, keys))
        except Exception as error:
            _refuse(waiting, error)
            return
        if isinstance(found, Future):
            found.add_done_callback(lambda done: self._settle_later(waiting, done))
        else:
            self._settle(waiting, found)

    def _settle_later(self, waiting: _Waiting, done: Future[Mapping[int, Any]]) -> None:
        error = done.exception()
        if error is None:
            self._settle(waiting, done.result())
        else:
            _refuse(waiting, error)

    def _settle(self, waiting: _Waiting, found: Mapping[int, Any]) -> None:
        for key in waiting:
            if key not in self._found:
                self._found[key] = found.get(key)
        pairs = [(future, self._found[key]) for key, each in waiting.items() for future in each]
        self._give(pairs)

    def _give(self, pairs: list[tuple[Future[Any], Any]]) -> None:
        """Give the values to the callers, some per turn, so that other requests run in between."""
        for future, value in pairs[:_A_TURN]:
            if not future.done():
                future.set_result(value)
        if len(pairs) > _A_TURN:
            self._loop.call_soon(self._give, pairs[_A_TURN:])


def _hand_on(future: Future[Any], found: Future[Any]) -> None:
    """Give a future the result or error of another one."""
    if future.done() or found.cancelled():
        return
    error = found.exception()
    if error is None:
        future.set_result(found.result())
    else:
        future.set_exception(error)


def _refuse(waiting: _Waiting, error: BaseException) -> None:
    for futures in waiting.values():
        for future in futures:
            if not future.done():
                future.set_exception(error)
