"""Answers: resources as JSON, and the links between the pages of a list."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import Response, request

from shared import limits
from shared.bodies import to_json
from shared.fetching import Record, Records
from shared.listing import ListQuery, PageQuery
from shared.selection import Field, Selection

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON: Final = "application/json"


class Answer(Response):
    """A body that is complete, with headers that are final.

    Werkzeug's own way from a response to WSGI copies the headers, looks them through and wraps
    the body: 9 µs of the 28 µs that a constant answer took inside Flask.
    """

    def __init__(
        self,
        body: bytes,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        content_type: str = JSON,
    ) -> None:
        super().__init__(
            [body],
            status,
            [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers],
            direct_passthrough=True,
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response  # type: ignore[return-value]  # the list that was given above


class NoContent(Answer):
    """An answer without a body (RFC 9110, 15.3.5)."""

    def __init__(self, headers: Iterable[tuple[str, str]] = ()) -> None:
        super(Answer, self).__init__([], 204, [*headers], direct_passthrough=True)
        self.headers.pop("Content-Type", None)


def represent(value: Any) -> Answer:
    """A resource, or whatever else is asked for, as JSON."""
    return Answer(to_json(value))


def represent_created(record: Record, asked: Selection) -> Answer:
    """A new resource, with its address; `record` has been selected by `with_id`."""
    location = f"/{asked.entity.table.name}s/{record['id']}"
    if "id" not in asked.keys:
        del record["id"]
    return Answer(to_json(record), 201, [("Location", location)])


@lru_cache(maxsize=512)
def with_id(selection: Selection) -> Selection:
    """The selection and the id, which `Location` needs even where nobody asked to see it."""
    if "id" in selection.keys:
        return selection
    return Selection(selection.entity, [*selection.members, Field("id", "id")])


def represent_page(page: Records, query: PageQuery) -> Answer:
    """A list, with links to its other pages (RFC 8288)."""
    if isinstance(query, ListQuery) and query.ids is not None:
        return represent(page.records)
    return Answer(to_json(page.records), 200, [("Link", _links(query, page.more))])


def _links(query: PageQuery, more: bool) -> str:
    """`first` always, `prev` and `next` where there are such pages; other parameters are kept."""
    offsets = {"first": 0}
    if query.offset:
        offsets["prev"] = max(0, query.offset - query.limit)
    if more and query.offset + query.limit <= limits.MAX_OFFSET:
        offsets["next"] = query.offset + query.limit
    kept = _without_offset(request.environ.get("QUERY_STRING", ""))
    return ", ".join(
        f'<{_address(kept, offset)}>; rel="{relation}"' for relation, offset in offsets.items()
    )


def _without_offset(text: str) -> list[str]:
    # Bytes beyond ASCII are quoted; what is quoted already, and all other signs, stay as they are.
    quoted = quote(text.encode("latin-1"), safe="!$%&'()*+,-./:;=?@[]_~")
    return [pair for pair in quoted.split("&") if pair and not pair.startswith("offset=")]


def _address(parameters: list[str], offset: int) -> str:
    if offset:
        parameters = [*parameters, f"offset={offset}"]
    return f"{request.path}?{'&'.join(parameters)}" if parameters else request.path
