"""From arguments to the bookstore's inputs, whose rules and texts serve both APIs.

An error names the input as the GraphQL client wrote it: by its path from the argument on, such
as `limit`, `filter.minPrice` or `input.items.0.quantity`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from strawberry import UNSET

from graphql_api.resolving.context import Info
from graphql_api.resources.names import camel, in_camel
from shared import limits
from shared.errors import BookstoreError, PreconditionRequired, ValidationFailed, Violation
from shared.models import Input
from shared.operations.rows import Versions
from shared.reading.listing import ListQuery, PageQuery
from shared.reading.selection import Page
from shared.rules.validation import validated
from shared.rules.values import Id

Model = TypeVar("Model", bound=BaseModel)
Query = TypeVar("Query", bound=PageQuery)
Path = tuple[str | int, ...]

_LEFT_OUT = (None, UNSET)  # null is as good as nothing in the arguments of a list


class _ById(Input):
    id: Id


def checked_id(row_id: int) -> int:
    """The id, checked.

    Raises:
        ValidationFailed: it is not in the range of ids.
    """
    if type(row_id) is int and 1 <= row_id <= limits.MAX_ID:
        return row_id  # as nearly all are
    return validated(_ById, {"id": row_id}).id


def checked(model: type[Model], given: object) -> Model:
    """The value of the argument `input`, as the bookstore's operations take it.

    Raises:
        ValidationFailed: naming every member that breaks a rule.
    """
    with in_input():
        return validated(model, _plain(given))


def listing(
    query: type[Query],
    *,
    filters: object = None,
    offset: int = 0,
    names: Mapping[str, Path] | None = None,
    **others: Any,
) -> Query:
    """The parameters of a list, from the arguments that were given.

    Args:
        names: arguments named differently from the bookstore's parameters; by default those of
            the filters.

    Raises:
        ValidationFailed: naming every argument that breaks a rule.
    """
    values = {**_plain(filters or {}), **{name: _plain(value) for name, value in others.items()}}
    if offset:  # 0 is no offset, also beside ids
        values["offset"] = offset
    places = names or {name: ("filter", name) for name in query.conditions}
    with _renamed(lambda path: places.get(str(path[0]), path)):
        found = validated(query, {name: v for name, v in values.items() if v not in _LEFT_OUT})
        if isinstance(found, ListQuery):  # the schema declares a default of the offset alone
            found.exclude_with_ids(found.model_fields_set)
        return found


def connection_query(
    query: type[Query], *, first: int, after: str | None, sort: Enum | None, filters: object = None
) -> Query:
    """The parameters of a page by cursors, from the arguments that were given.

    Raises:
        ValidationFailed: naming every argument that breaks a rule.
    """
    names: dict[str, Path] = {name: ("filter", name) for name in query.conditions}
    names["limit"] = ("first",)
    # Without a cursor it is the first page by cursors, see `PageQuery.after`.
    return listing(query, filters=filters, limit=first, after=after or "", sort=sort, names=names)


def expected(info: Info, version: int | None) -> Versions:
    """The versions in which a row may be changed, by the argument `expectedVersion`.

    Where this server requires one and none is given, the error that says so.
    """
    if version not in _LEFT_OUT:
        return (version,)
    if info.context.require_version:
        return PreconditionRequired(
            "this server changes only what you name the version of: give expectedVersion the "
            "version that you read",
            field="expectedVersion",
        )
    return None


@lru_cache(maxsize=1024)
def page_of(query: type[PageQuery], limit: int, offset: int, sort: Enum | None) -> Page:
    """The part of a nested list that is asked for.

    Raises:
        ValidationFailed: naming every argument that breaks a rule.
    """
    return listing(query, limit=limit, offset=offset, sort=sort).page


def in_input() -> Any:
    """Within the context, errors name fields as members of the argument `input`."""
    return _renamed(lambda path: ("input", *path))


def in_camel_case() -> Any:
    """Within the context, errors name arguments in camelCase."""
    return _renamed(lambda path: path)


@contextmanager
def _renamed(place: Callable[[Path], Path]) -> Iterator[None]:
    try:
        yield
    except ValidationFailed as error:
        raise ValidationFailed(
            [Violation(_spelt(place(v.path)), in_camel(v.rule)) for v in error.violations]
        ) from None
    except PreconditionRequired:
        raise  # names an argument already, wherever it is found
    except BookstoreError as error:
        if error.field:
            before, path = error.field, _spelt(place(tuple(error.field.split("."))))
            error.field = ".".join(map(str, path))
            if error.message.startswith(before):
                error.message = error.field + error.message[len(before) :]
        raise


def _spelt(path: Path) -> Path:
    return tuple(camel(part) if isinstance(part, str) else part for part in path)


def _plain(value: Any) -> Any:
    """Inputs as dicts of the members that were given, enums as their values."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "__strawberry_definition__"):
        given = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: _plain(member) for name, member in given if member is not UNSET}
    return value
