"""Templates of statements: built once per access path; the columns are put in.

There are about a thousand access paths, but any number of selections. SQLAlchemy takes 1 to 10 ms
to build and compile the statement of a path; putting in the columns takes 5 µs.
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, select

from shared.database import Connection
from shared.reading.catalogue import Entity
from shared.reading.selection import Constant, Field, Member, Nested, Selection
from shared.storage.statements import Statement

_LABEL: Final = "it"
# By database, entity, and way or member: no more than there are, whatever clients ask.
_templates: Final[dict[object, Statement]] = {}
_columns: Final[dict[object, str]] = {}


def statement_of(
    connection: Connection, selection: Selection, way: object, build: Callable[[], Select[Any]]
) -> Statement:
    """The statement of this selection for this way to its rows.

    Args:
        way: the same for all selections of the entity.
        build: makes it, with `COLUMNS` in the place of the selection's own.
    """
    access = (connection.dialect, way)
    found = selection.statements.get(access)
    if found is None:
        template = _template(connection, (selection.entity.name, *access), build)
        columns = [_column(connection, selection.entity, member) for member in selection.members]
        found = template.with_columns(", ".join(columns))
        selection.statements.add(access, found)
    return found


def _column(connection: Connection, entity: Entity, member: Member) -> str:
    """What is selected for a member.

    For a relation it is the parent's key column: a row becomes a dict whose members are in order
    already, and the keys to load the relation by are in place.
    """
    if isinstance(member, Constant):
        return f"'{member.value}'"  # a name of ours, such as a type's: no value of a caller
    if isinstance(member, Field) and not member.shown:
        return "NULL"
    name = member.relation.name if isinstance(member, Nested) else member.name
    found = _columns.get((connection.dialect, entity.name, name))
    if found is None:
        column = member.relation.local if isinstance(member, Nested) else entity.fields[member.name]
        alone = connection.statement(select(column.label(_LABEL)).select_from(entity.table))
        found = alone.text.removeprefix("SELECT ").rpartition(f" AS {_LABEL} \nFROM ")[0]
        _columns[connection.dialect, entity.name, name] = found
    return found


def _template(connection: Connection, known: object, build: Callable[[], Select[Any]]) -> Statement:
    found = _templates.get(known)
    if found is None:
        found = _templates[known] = connection.statement(build())
    return found
