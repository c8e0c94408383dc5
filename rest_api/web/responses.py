"""Answers: resources as JSON, and the links between the pages of a list."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from flask import request

from rest_api.web.answer import Answer
from rest_api.web.views import Headers, View
from shared.reading.cursors import encode_cursor
from shared.reading.fetching import Record, Records
from shared.reading.listing import ListQuery, PageQuery
from shared.web.bodies import to_json

_PLACES: Final = ("offset=", "after=")
DEPRECATIONS: Final = "/deprecations"


def represent(value: Any) -> Answer:
    """Whatever is asked for, as JSON."""
    return Answer(to_json(value))


def represent_one(record: Record, view: View) -> Answer:
    """A resource with its tag; `record` is as `view.tagged` selects it."""
    body, tag = _tagged(record, view)
    return Answer(body, 200, [("ETag", tag), *_headers(view)])


def represent_replaced(record: Record, view: View) -> Answer:
    """A resource that was replaced, without its tag.

    A tag in the answer to PUT would say that what was sent is stored as it was sent, and that the
    client has this state already (RFC 9110, 9.3.4); but values are brought into one form here.
    """
    body, _ = _tagged(record, view)
    return Answer(body, 200, _headers(view))


def represent_created(record: Record, view: View) -> Answer:
    """A new resource, with its address and its tag."""
    prefix = request.environ.get("SCRIPT_NAME", "")
    location = f"{prefix}/{view.selection.entity.table.name}s/{record['id']}"
    body, tag = _tagged(record, view)
    return Answer(body, 201, [("Location", location), ("ETag", tag), *_headers(view)])


def _tagged(record: Record, view: View) -> tuple[bytes, str]:
    row_id, version = record["id"], record["version"]
    for name in view.hidden:
        del record[name]
    body = to_json(record)
    return body, view.tag(row_id, version, body)


def represent_page(page: Records, query: PageQuery, view: View) -> Answer:
    """A list, with links to its other pages (RFC 8288)."""
    has_pages = not (isinstance(query, ListQuery) and query.ids is not None)
    links = _links(page, query) if has_pages else []
    return Answer(to_json(page.records), 200, _headers(view, links))


def _headers(view: View, links: Iterable[str] = ()) -> Headers:
    """Those of the view, and one `Link` of all links.

    A view with a deprecated field links to what the server says of such (RFC 9745, 3).
    """
    if view.is_deprecated:
        prefix = request.environ.get("SCRIPT_NAME", "")
        links = [*links, f'<{prefix}{DEPRECATIONS}>; rel="deprecation"']
    return [*view.headers, ("Link", ", ".join(links))] if links else view.headers


def _links(page: Records, query: PageQuery) -> list[str]:
    """`first` always, `prev` and `next` where there are such pages; other parameters are kept.

    A page by cursors has no `prev`: a cursor leads forward.
    """
    places = {"first": ""} if query.after is None else {"first": "after="}
    if query.offset:
        before = query.offset - query.limit
        places["prev"] = f"offset={before}" if before > 0 else ""
    if page.positions and page.more:
        places["next"] = f"after={encode_cursor(query.page.sort, page.positions[-1])}"
    elif page.more:
        places["next"] = f"offset={query.offset + query.limit}"
    kept = _without_place(request.environ.get("QUERY_STRING", ""))
    return [f'<{_address(kept, place)}>; rel="{relation}"' for relation, place in places.items()]


def _without_place(text: str) -> list[str]:
    # Bytes beyond ASCII are quoted; what is quoted already, and all other signs, stay as they are.
    quoted = quote(text.encode("latin-1"), safe="!$%&'()*+,-./:;=?@[]_~")
    return [pair for pair in quoted.split("&") if pair and not pair.startswith(_PLACES)]


def _address(parameters: list[str], place: str) -> str:
    path = request.environ.get("SCRIPT_NAME", "") + request.path
    if place:
        parameters = [*parameters, place]
    return f"{path}?{'&'.join(parameters)}" if parameters else path
