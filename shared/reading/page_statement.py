"""The statement of a list page; where several access paths would do, it chooses by counting.

It counts the rows that an index has for the filter, up to the limit between few and many, and
takes one of the paths (see `access_paths`).

The rows that pass may come late in the order that is read. Skipping index entries costs little. But
where the text of each row is searched, only a few rows are tried in order; if they do not fill the
page and the list goes on, all rows that match are sorted, however many.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from shared.reading.access_paths import SEARCH, AccessPath, Asked, access_paths
from shared.reading.catalogue import Entity
from shared.storage.statements import CrossJoin


def page_of(asked: Asked, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The statement of a page with these columns: `limit` rows from `offset` on."""
    paths = access_paths(asked)
    if len(paths) == 1:
        if not _is_cut(asked, paths[0]):
            return _part(asked, paths[0], columns)
        parts = _parts(asked, paths[0])
    else:
        parts = _chosen_parts(asked, paths)
    table = asked.entity.table
    page = _united(parts).subquery("page")
    rows = select(*columns).select_from(CrossJoin(page, table, table.c.id == page.c.id))
    return rows.order_by(*ordering(asked.entity, asked.sort, table)).limit(_parameter("limit"))


def _is_cut(asked: Asked, path: AccessPath) -> bool:
    """Whether it is read in two parts: rows with the position's own key, and those behind.

    With a single condition SQLite would read all rows of an equal key from their start, as would
    PostgreSQL in descending order.
    """
    return asked.is_behind and asked.key != "id" and path.has_order


def _parts(asked: Asked, path: AccessPath) -> list[Select[Any]]:
    """The ids of the page by this path, in one part or in two."""
    row_id = [asked.entity.table.c.id]
    parts = (True, False) if _is_cut(asked, path) else (None,)
    return [_part(asked, path, row_id, is_tie) for is_tie in parts]


def _part(
    asked: Asked,
    path: AccessPath,
    columns: Sequence[ColumnElement[Any]],
    is_tie: bool | None = None,
) -> Select[Any]:
    order = ordering(asked.entity, asked.sort, asked.entity.table)
    if asked.key == "id" and path.has_order:
        order = [path.row_id.desc() if asked.is_falling else path.row_id]
    rows = select(*columns).select_from(path.source)
    rows = rows.where(*_passing(asked, path, is_tie), *path.extra)
    if path.is_search and asked.dialect != "sqlite":
        # Past an OFFSET, PostgreSQL does not see that a walk in the order of the page would do.
        key = asked.entity.sorts[asked.key].label("key")
        apart = rows.add_columns(key).offset(_number(0)).subquery()
        rows = select(apart.c.id)
        order = [apart.c.key.desc() if asked.is_falling else apart.c.key, apart.c.id]
    return paged(rows.order_by(*order))


def _passing(
    asked: Asked, path: AccessPath, is_tie: bool | None, *but: str
) -> list[ColumnElement[bool]]:
    """The conditions of the filters and of the position; `but` are filters that are left out.

    Where a filter and the position both bound the start, they are combined into one condition,
    since SQLite would use the index for only one of them.
    """
    if not asked.is_behind:
        return asked.conditions(*but)
    start = asked.ends[0] if is_tie is False else ""
    return [*asked.conditions(start, *but), _behind(asked, path, is_tie, start)]


def _chosen_parts(asked: Asked, paths: Sequence[AccessPath]) -> list[Select[Any]]:
    """The ids of the page by each path; the statement lets all but one of them read nothing.

    The one is the first path that has few rows, else the last. If the last one searches each row's
    text, it is taken only where few rows fill the page or are all that is left; else the first is.
    """
    last, limit = len(paths) - 1, _parameter("limit")
    few = [(_has_few(path), _number(at)) for at, path in enumerate(paths[:last]) if path.few]
    chosen = _as_one(case(*few, else_=_number(last)) if few else _number(last), "counted")
    by_path = [_parts(asked, path) for path in paths]
    if paths[0].is_search:
        near_parts, goes_on = _near(asked, paths[last], paths[0].few or "few_walked")
        walked = [_only(asked.dialect, part, chosen, last) for part in near_parts]
        near = _united(walked).cte("near").prefix_with("MATERIALIZED")
        is_short = and_(_of(chosen) == _number(last), _count(near) < limit)
        if asked.dialect == "sqlite":  # PostgreSQL plans by how many rows are left
            is_short = and_(is_short, goes_on)
        chosen = _as_one(case((is_short, _number(0)), else_=_of(chosen)), "chosen")
        by_path[last] = [select(near.c.id).limit(limit)]
    return [
        _only(asked.dialect, part, chosen, at) for at, parts in enumerate(by_path) for part in parts
    ]


def _near(
    asked: Asked, walk: AccessPath, few: str
) -> tuple[list[Select[Any]], ColumnElement[bool]]:
    """The ids of the page that are found in the first few rows in order.

    And whether more rows follow those; if not, the page has no other ids.
    """
    key = asked.entity.sorts[asked.key]
    order = ordering(asked.entity, asked.sort, asked.entity.table)
    first = select(key.label("key")).select_from(walk.source).order_by(*order)
    is_tie = False if _is_cut(asked, walk) else None
    first = first.where(*_passing(asked, walk, is_tie, SEARCH)).limit(_parameter(few))
    rows = first.subquery()
    furthest = (func.min if asked.is_falling else func.max)(rows.c.key)
    both = select(furthest.label("key"), func.count().label("rows")).select_from(rows)
    walked = both.cte("walked").prefix_with("MATERIALIZED")
    end, number = (select(column).scalar_subquery() for column in walked.c)
    within = key >= end if asked.is_falling else key <= end
    # The filter that says where the list ends is implied: SQLite would take only one of them.
    filters = {name: made for name, made in asked.filters.items() if name != asked.ends[1]}
    ties, others = _parts(asked, walk)[:-1], _parts(asked._replace(filters=filters), walk)[-1]
    return [*ties, others.where(within)], number >= _parameter(few)


def _has_few(path: AccessPath) -> ColumnElement[bool]:
    """Whether the index of the path has fewer rows than would be many."""
    assert path.few is not None
    few = _parameter(path.few)
    some: Select[Any] = (
        select(literal_column("1").label("one")).select_from(path.counted).where(*path.index)
    )
    return _count(some.limit(few).subquery()) < few


def _only(dialect: str, part: Select[Any], chosen: CTE, number: int) -> Select[Any]:
    """The part, made to read nothing unless it is the one that is chosen."""
    is_chosen = _of(chosen) == _number(number)
    if dialect == "sqlite":  # tests such a condition for every row, and a limit of 0 before
        return part.limit(case((is_chosen, _parameter("limit")), else_=_number(0)))
    return part.where(is_chosen)


def _united(parts: Sequence[Select[Any]]) -> CompoundSelect[Any]:
    return union_all(*[select(part.subquery().c.id) for part in parts])


def _as_one(number: ColumnElement[int], name: str) -> CTE:
    return select(number.label("number")).cte(name).prefix_with("MATERIALIZED")


def _of(chosen: CTE) -> ColumnElement[int]:
    return select(chosen.c.number).scalar_subquery()


def _count(rows: FromClause) -> ColumnElement[int]:
    return select(func.count()).select_from(rows).scalar_subquery()


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number))


def _behind(
    asked: Asked, path: AccessPath, is_tie: bool | None, start: str = ""
) -> ColumnElement[bool]:
    """What lies behind a position, in a form that an index on (key, id) answers.

    `start` is a filter that the keys behind pass as well, if it is given.
    """
    key, row_id = asked.entity.sorts[asked.key], path.row_id
    after_key, after_id = bindparam("after_key", type_=key.type), _parameter("after_id")
    if asked.key == "id":
        return row_id < after_id if asked.is_falling else row_id > after_id
    tie = and_(key == after_key, row_id > after_id)
    if is_tie:
        return tie
    begin: ColumnElement[Any] = after_key
    if start in asked.filters:
        least, greatest = (
            (func.min, func.max) if asked.dialect == "sqlite" else (func.least, func.greatest)
        )
        given = bindparam(start, type_=key.type)
        begin = least(after_key, given + 1) if asked.is_falling else greatest(after_key, given - 1)
    other = key < begin if asked.is_falling else key > begin
    return or_(other, tie) if is_tie is None else other


def paged(statement: Select[Any]) -> Select[Any]:
    """Its rows from `offset` on, at most `limit`."""
    return statement.limit(_parameter("limit")).offset(_parameter("offset"))


def _parameter(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=Integer)


def ordering(entity: Entity, sort: str, source: FromClause) -> list[ColumnElement[Any]]:
    """By the sort key, and by id behind every other one, so that there is only one order."""
    name = sort.removeprefix("-")
    column = source.c[entity.sorts[name].name]
    key = column.desc() if sort.startswith("-") else column
    return [key] if name == "id" else [key, source.c.id]
