"""SQL that is built once, compiled once per database, and run on the driver's own cursor.

A point read took 146 µs on SQLite when SQLAlchemy built it per call, 63 µs when built once and
run through `Engine.connect()`, and 6 µs this way (medians, one core).
"""

from copy import copy
from typing import Any, ClassVar, Final

import orjson
from sqlalchemy import ARRAY, ColumnElement, Double, Integer, Join, bindparam, cast, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.expression import FromClause
from sqlalchemy.types import NULLTYPE

Parameters = tuple[Any, ...] | dict[str, Any]

# Stands for the columns of a selection in the statement of a way to its rows. SQLAlchemy takes
# 5 to 10 ms for the page of a search; to put other columns in its text takes 2 µs.
_COLUMNS: Final = "{columns}"
COLUMNS: Final[ColumnElement[Any]] = literal_column(_COLUMNS)


class Compiled:
    """The text of a statement for one database, and how its values are bound."""

    __slots__ = ("_constants", "_lists", "_names", "text")

    def __init__(self, construct: ClauseElement, dialect: Dialect) -> None:
        compiled = construct.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = compiled.string
        self._constants = {k: v for k, v in compiled.params.items() if v is not None}
        positions = compiled.positiontup
        self._names = tuple(positions) if positions is not None else None
        # SQLite has no arrays: a list goes as JSON, see AnyOf
        self._lists = [
            position
            for position, name in enumerate(positions or ())
            if isinstance(compiled.binds[name].type, ARRAY)
        ]

    def with_columns(self, columns: str) -> "Compiled":
        """The same with these in the place of `COLUMNS`."""
        filled = copy(self)
        filled.text = self.text.replace(_COLUMNS, columns, 1)
        return filled

    def bind(self, values: dict[str, Any]) -> Parameters:
        """The values as the driver takes them: in their order, or by name."""
        if self._constants:
            values = {**self._constants, **values}
        if self._names is None:
            return values
        bound = [values[name] for name in self._names]
        for position in self._lists:
            bound[position] = orjson.dumps(bound[position]).decode()
        return tuple(bound)


class Statement:
    """One statement of the bookstore; its text is made when a database first runs it."""

    __slots__ = ("_compiled", "_construct")

    def __init__(self, construct: Executable, only: Dialect | None = None) -> None:
        """For one database only, drops SQLAlchemy's objects once compiled: 4 KB remain of 60."""
        self._construct: Executable | None = construct
        self._compiled: dict[str, Compiled] = {}
        if only is not None:
            self.compiled(only)
            self._construct = None

    @property
    def text(self) -> str:
        """Its text for the database that alone will run it."""
        (compiled,) = self._compiled.values()
        return compiled.text

    def with_columns(self, columns: str) -> "Statement":
        """The same with these in the place of `COLUMNS`, for one database only."""
        filled = copy(self)
        filled._compiled = {n: one.with_columns(columns) for n, one in self._compiled.items()}
        return filled

    def compiled(self, dialect: Dialect) -> Compiled:
        """The text for this database."""
        found = self._compiled.get(dialect.name)
        if found is None:
            assert isinstance(self._construct, ClauseElement)
            found = self._compiled[dialect.name] = Compiled(self._construct, dialect)
        return found


class Statements(dict[object, Statement]):
    """Those of a selection, by the database and how its rows are reached there."""

    __slots__ = ()

    MOST: ClassVar = 64  # a list can be sorted and filtered in more ways than anybody uses

    def add(self, access: object, statement: Statement) -> None:
        """Keep a new one for this way to the rows."""
        if len(self) >= self.MOST:
            self.clear()
        self[access] = statement


class AnyOf(ColumnElement[Any]):
    """`column` is one of the integers in the list parameter `name`.

    One text for any number of values, where `IN (?, ?, …)` would be one text for each.
    """

    inherit_cache = False
    # Not Boolean: where there is no such type SQLAlchemy would append "= 1", and SQLite would
    # then read the whole table.
    type = NULLTYPE

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=ARRAY(Integer))


@compiles(AnyOf, "postgresql")
def _any_of_array(element: AnyOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} = ANY ({values})"


@compiles(AnyOf, "sqlite")
def _any_of_json(element: AnyOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled parts


class CrossJoin(Join):
    """A join whose left side SQLite reads first (`CROSS JOIN`), whatever its planner thinks.

    Left to itself it once read all books for twenty authors: 20 ms instead of 0.3 ms.
    """

    inherit_cache = False


@compiles(CrossJoin, "sqlite")
def _cross_join(element: CrossJoin, compiler: SQLCompiler, **kw: Any) -> str:
    kw["asfrom"] = True
    left, right = (compiler.process(side, **kw) for side in (element.left, element.right))
    assert element.onclause is not None
    return f"{left} CROSS JOIN {right} ON {compiler.process(element.onclause)}"


def amount(cents: ColumnElement[int]) -> ColumnElement[Any]:
    """Cents as the number that is shown: 2999 as 29.99, the nearest double to it."""
    return cast(cents, Double) / literal_column("100.0")


class Indexed(FromClause):
    """A table that SQLite is to read by this index, or by id; its planner has no choice.

    What the planner knows of a table may be from when it had a thousandth of the rows.
    """

    inherit_cache = False
    named_with_column = False

    def __init__(self, source: FromClause, index: str | None) -> None:
        self.source = source
        self.index = index

    @property
    def _from_objects(self) -> list[FromClause]:
        return [self, *self.source._from_objects]

    @property
    def _hide_froms(self) -> list[FromClause]:
        return list(self.source._from_objects)


@compiles(Indexed)
def _indexed(element: Indexed, compiler: SQLCompiler, **kw: Any) -> str:
    kw["asfrom"] = True
    source = compiler.process(element.source, **kw)
    if compiler.dialect.name != "sqlite":
        return source
    return (
        f"{source} NOT INDEXED" if element.index is None else f"{source} INDEXED BY {element.index}"
    )
