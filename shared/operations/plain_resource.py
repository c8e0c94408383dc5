"""The operations of resources that have no rules of their own: authors and customers."""

from typing import Generic, TypeVar

from shared.database import Connection
from shared.models import Input, Update
from shared.operations.rows import Versions, change_row, delete_row, found, insert_row
from shared.reading.catalogue import Entity
from shared.reading.fetching import Record, Records, fetch_one
from shared.reading.listing import ListQuery, fetch_list
from shared.reading.selection import Selection, full

Query = TypeVar("Query", bound=ListQuery)
New = TypeVar("New", bound=Input)
Changes = TypeVar("Changes", bound=Update)


class PlainResource(Generic[Query, New, Changes]):
    """Operations on the rows of one entity; a selection that is left out is the full one."""

    def __init__(self, entity: Entity, referrers: str) -> None:
        """Args:
        referrers: who may refer to a row, in the plural.
        """
        self._entity = entity
        self._referrers = referrers
        self._full = full(entity)

    def list(
        self, connection: Connection, query: Query, selection: Selection | None = None
    ) -> Records:
        """A page of all, or those with the ids that are given."""
        return fetch_list(connection, query, selection or self._full)

    def get(
        self, connection: Connection, row_id: int, selection: Selection | None = None
    ) -> Record:
        """One of them.

        Raises:
            NotFound: there is none with this id.
        """
        record = fetch_one(connection, selection or self._full, row_id)
        return found(self._entity, row_id, record)

    def create(
        self, connection: Connection, new: New, selection: Selection | None = None
    ) -> Record:
        """Add one.

        Raises:
            Duplicate: a unique value is taken.
        """
        return self.get(connection, insert_row(connection, self._entity, new.values()), selection)

    def replace(
        self,
        connection: Connection,
        row_id: int,
        new: New,
        selection: Selection | None = None,
        *,
        expected: Versions = None,
    ) -> Record:
        """Set every member; what is left out becomes empty.

        Raises:
            NotFound: there is none with this id.
            ValidationFailed: a member that is read only is not as it is.
            PreconditionFailed: it has another version than one of those expected.
            PreconditionRequired: none was named, and one must be.
            Duplicate: a unique value is taken.
        """
        shown = selection or self._full
        return change_row(
            connection, self._entity, row_id, new.values(), shown, expected, new.own()
        )

    def update(
        self,
        connection: Connection,
        row_id: int,
        given: Changes,
        selection: Selection | None = None,
        *,
        expected: Versions = None,
    ) -> Record:
        """Set the members that are given; raises what `replace` raises."""
        shown = selection or self._full
        return change_row(
            connection, self._entity, row_id, given.changes(), shown, expected, given.own()
        )

    def delete(self, connection: Connection, row_id: int, *, expected: Versions = None) -> None:
        """Remove one.

        Raises:
            NotFound: there is none with this id.
            PreconditionFailed: it has another version than one of those expected.
            PreconditionRequired: none was named, and one must be.
            InUse: others refer to it.
        """
        delete_row(connection, self._entity, row_id, self._referrers, expected)
