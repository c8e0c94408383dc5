"""Inserting, changing and deleting one row, for the operations of every resource."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias

from sqlalchemy import Table, bindparam, delete, insert, select, update

from shared.database import Connection
from shared.errors import (
    Duplicate,
    InUse,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    UnknownReference,
    ValidationFailed,
    Violation,
)
from shared.reading.catalogue import Entity
from shared.reading.fetching import Record, fetch_one
from shared.reading.selection import Selection, named
from shared.rules.values import shown
from shared.storage.driver_errors import ConstraintViolation
from shared.storage.statements import Statement


@dataclass(frozen=True, slots=True)
class AllBut:
    """Every version but these; None: there may be no row of any version."""

    versions: Collection[int] | None


# The versions in which a row may be changed; None for any. It is the error instead where a version
# must be named and was not: the error is raised once the row is found, since a row that is missing
# is refused for that reason (RFC 9110, 13.2.1).
Versions: TypeAlias = Collection[int] | AllBut | PreconditionRequired | None


def found(entity: Entity, row_id: int, record: Record | None) -> Record:
    """The record.

    Raises:
        NotFound: there is none.
    """
    if record is None:
        raise not_found(entity, row_id)
    return record


def not_found(entity: Entity, row_id: int) -> NotFound:
    """The error that names what is not there."""
    return NotFound(f"there is no {entity.name} with id {row_id}")


def insert_row(connection: Connection, entity: Entity, values: Mapping[str, Any]) -> int:
    """Add a row, and give its id.

    Raises:
        Duplicate: a unique value is taken.
        UnknownReference: an id among the values does not exist.
    """
    try:
        row = connection.first(_insert(entity.table, tuple(values)), **values)
    except ConstraintViolation as violation:
        _refuse(entity, violation, values)
    assert row is not None
    return int(row[0])


def change_row(
    connection: Connection,
    entity: Entity,
    row_id: int,
    values: Mapping[str, Any],
    selection: Selection,
    expected: Versions = None,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> Record:
    """Set these columns of a row, and give it as the selection shows it.

    Args:
        own: members that are read only, which must be as they are.

    Raises:
        ValidationFailed: they are not.
        NotFound: there is no such row.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: a unique value is taken.
        UnknownReference: an id among the values does not exist.
    """
    require_version(connection, entity, row_id, expected)
    require_own(connection, entity, row_id, own)
    if values:
        try:
            changed = connection.change(
                _update(entity.table, tuple(values)), row_id=row_id, **values
            )
        except ConstraintViolation as violation:
            _refuse(entity, violation, values)
        if not changed:
            raise not_found(entity, row_id)
    return found(entity, row_id, fetch_one(connection, selection, row_id))


def delete_row(
    connection: Connection, entity: Entity, row_id: int, referrers: str, expected: Versions = None
) -> None:
    """Remove a row; `referrers` says who may still refer to it, in the plural.

    Raises:
        NotFound: there is no such row.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InUse: others refer to it.
    """
    require_version(connection, entity, row_id, expected)
    try:
        if not connection.change(_delete(entity.table), row_id=row_id):
            raise not_found(entity, row_id)
    except ConstraintViolation:
        raise InUse(
            f"{entity.name} {row_id} cannot be deleted: {referrers} refer to it; delete them first"
        ) from None


def require_version(
    connection: Connection, entity: Entity, row_id: int, expected: Versions
) -> None:
    """Refuse a change of a row whose version is none of those expected; lock the row otherwise.

    Raises:
        NotFound: there is no such row.
        PreconditionFailed: it has another version.
        PreconditionRequired: no version was named, and one must be.
    """
    if expected is None:
        return
    row = connection.first(_version(entity.table), row_id=row_id)
    if row is None:
        raise not_found(entity, row_id)
    require_expected(entity, row_id, row[0], expected)


def require_expected(entity: Entity, row_id: int, version: int, expected: Versions) -> None:
    """Refuse a change of this version, unless it is one of those expected.

    Raises:
        PreconditionFailed: it is not.
        PreconditionRequired: no version was named, and one must be.
    """
    if expected is None:
        return
    if isinstance(expected, PreconditionRequired):
        raise expected
    if isinstance(expected, AllBut):
        if expected.versions is None or version in expected.versions:
            raise PreconditionFailed(
                f"the condition excludes what {entity.name} {row_id} is now: "
                f"its version is {version}"
            )
        return
    if not expected:
        raise PreconditionFailed(
            f"the condition names no version of {entity.name} {row_id}: "
            "give the tag of this resource, as it was answered"
        )
    if version not in expected:
        raise PreconditionFailed(
            f"{entity.name} {row_id} has been changed since you read it: its version is {version}; "
            "read it again"
        )


def require_own(
    connection: Connection, entity: Entity, row_id: int, given: Mapping[str, Any]
) -> None:
    """Refuse read-only members whose given values differ from the row's; lock the row otherwise.

    Raises:
        NotFound: there is no such row.
        ValidationFailed: one of them differs.
    """
    if not given:
        return
    connection.first(_version(entity.table), row_id=row_id)  # which locks it
    record = fetch_one(connection, named(entity, tuple(given)), row_id)
    now = found(entity, row_id, record)
    wrong = [
        Violation((name,), _as_it_is(now[name], value))
        for name, value in given.items()
        if value != now[name]
    ]
    if wrong:
        raise ValidationFailed(wrong)


def _as_it_is(now: Any, given: Any) -> str:
    told = "" if isinstance(now, list) else f": {shown(now)}, got {shown(given)}"
    return f"is read only, and must be left out or as it is{told}"


def require_row(connection: Connection, entity: Entity, row_id: int) -> None:
    """Refuse an id that no row has.

    Raises:
        NotFound: there is no such row.
    """
    if connection.first(_exists(entity.table), row_id=row_id) is None:
        raise not_found(entity, row_id)


def _refuse(entity: Entity, violation: ConstraintViolation, values: Mapping[str, Any]) -> NoReturn:
    if violation.unique:
        column = violation.unique.removeprefix(f"uq_{entity.name}_")
        raise Duplicate(
            f"{column} {values.get(column)!r} is taken by another {entity.name}", field=column
        ) from None
    # Each table refers to one other at most.
    column = next(key.parent.name for key in entity.table.foreign_keys)
    raise unknown_reference(column, values[column]) from None


def unknown_reference(field: str, row_id: int) -> UnknownReference:
    """The error for an id inside an input that does not exist."""
    noun = field.rsplit(".", 1)[-1].removesuffix("_id")
    return UnknownReference(
        f"{field} must be the id of an existing {noun}, got {row_id}",
        field=field,
    )


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Statement:
    return Statement(insert(table).values({n: bindparam(n) for n in names}).returning(table.c.id))


@cache
def _update(table: Table, names: tuple[str, ...]) -> Statement:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    values["version"] = table.c.version + 1
    return Statement(update(table).where(table.c.id == bindparam("row_id")).values(values))


@cache
def _delete(table: Table) -> Statement:
    return Statement(delete(table).where(table.c.id == bindparam("row_id")))


@cache
def _exists(table: Table) -> Statement:
    return Statement(select(table.c.id).where(table.c.id == bindparam("row_id")))


@cache
def _version(table: Table) -> Statement:
    return Statement(
        select(table.c.version).where(table.c.id == bindparam("row_id")).with_for_update()
    )
