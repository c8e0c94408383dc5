"""Entity tags of single resources: how they are made, and which versions a condition names.

A tag begins with the row and its version, so that the condition of a write can be compared with the
row, whichever view of it the client was shown: `"<instance>-<entity>-<id>-<version>-<mark>"`. The
mark tells one view of a row from another. What both APIs share of tags is in `shared.web.etags`.
"""

import re
from collections.abc import Iterable
from typing import Final

from shared.web.etags import tags_to_match

_ROW: Final = re.compile(r'"([\w-]+)-([a-z]+)-([0-9]{1,10})-([0-9]{1,10})-[0-9a-z]+(?:-gzip)?"')


def row_prefix(instance: str, entity: str, row_id: int) -> str:
    """How the tags of a row begin, whatever its version and the view of it."""
    return f'"{instance}-{entity}-{row_id}-'


def versions(if_match: str, instance: str, entity: str, row_id: int) -> set[int] | None:
    """The versions of a row that its tags in the list name; None for `*`: any.

    They are compared strongly (RFC 9110, 13.1.1): a weak tag matches nothing. Which view and which
    coding a tag belongs to does not matter to a write.

    Raises:
        ValidationFailed: it is no list of tags.
    """
    tags = tags_to_match(if_match)
    if tags is None:
        return None
    return _of_row(tags, instance, entity, row_id)


def versions_known(if_none_match: str, instance: str, entity: str, row_id: int) -> set[int] | None:
    """The same of an `If-None-Match`, whose tags are compared weakly (RFC 9110, 13.1.2).

    Raises:
        ValidationFailed: it is no list of tags.
    """
    tags = tags_to_match(if_none_match, "If-None-Match")
    if tags is None:
        return None
    strong = [tag.removeprefix("W/") for tag in tags]
    return _of_row(strong, instance, entity, row_id)


def _of_row(tags: Iterable[str], instance: str, entity: str, row_id: int) -> set[int]:
    rows = [row.groups() for row in map(_ROW.fullmatch, tags) if row]
    asked = (instance, entity, str(row_id))
    return {int(version) for *row, version in rows if tuple(row) == asked}
