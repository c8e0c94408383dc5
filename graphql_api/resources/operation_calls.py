"""Calls of the bookstore's operations by resolvers: lists, pages by cursors, changes."""

from collections.abc import Callable
from typing import Any, TypeVar

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resources.argument_rules import checked_id, expected, in_input
from graphql_api.resources.connections import connection_of
from shared.database import Connection
from shared.models import Input
from shared.reading.catalogue import Entity
from shared.reading.fetching import Record, Records
from shared.reading.listing import ListQuery
from shared.reading.selection import Selection

Query = TypeVar("Query", bound=ListQuery)
New = TypeVar("New", bound=Input)
Lists = Callable[[Connection, Query, Selection], Records]
Creates = Callable[[Connection, New, Selection], Record]


def read_list(info: Info, entity: Entity, query: Query, lists: Lists[Query]) -> Soon[list[Record]]:
    """A page of a list."""
    fields = info.context.fields(entity)
    return info.context.read(lambda connection: lists(connection, query, fields).records)


def read_connection(info: Info, entity: Entity, query: Query, lists: Lists[Query]) -> Soon[Record]:
    """A page of a list by cursors."""
    fields = info.context.fields(entity)
    return info.context.read(
        lambda connection: connection_of(query, lists(connection, query, fields))
    )


async def create(info: Info, entity: Entity, new: New, creates: Creates[New]) -> Record:
    """Add a row; errors name the argument `input`."""
    fields = info.context.fields(entity)
    with in_input():
        return await info.context.write(lambda connection: creates(connection, new, fields))


async def update(
    info: Info,
    entity: Entity,
    row_id: int,
    changes: Input,
    expected_version: int | None,
    updates: Callable[..., Record],
) -> Record:
    """Change a row; errors name the argument `input`."""
    versions, fields = expected(info, expected_version), info.context.fields(entity)
    with in_input():
        return await info.context.write(
            lambda connection: updates(connection, row_id, changes, fields, expected=versions)
        )


async def delete(
    info: Info, row_id: int, expected_version: int | None, deletes: Callable[..., Any]
) -> int:
    """Remove a row, and give its id."""
    checked, versions = checked_id(row_id), expected(info, expected_version)
    await info.context.write(lambda connection: deletes(connection, checked, expected=versions))
    return checked
