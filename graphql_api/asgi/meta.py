"""Routes that are not GraphQL: the start page, the lab, ping, health, the schema, GraphiQL."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from graphql_api.asgi import graphiql, lab
from graphql_api.asgi.caching import unless_known
from graphql_api.asgi.media_types import JSON
from graphql_api.asgi.responses import json_response, options, refusal
from graphql_api.schema import text
from shared.config import Settings
from shared.errors import BookstoreError, MethodNotAllowed
from shared.serving.bookstore import Bookstore
from shared.serving.health import check_health
from shared.web import start_page
from shared.web.bodies import accepts_gzip, to_json
from shared.web.etags import content_tag, with_coding
from shared.web.public_address import PublicAddress

_READ: Final = "GET, HEAD, OPTIONS"
_OK: Final = to_json({"status": "ok"})
_OK_TAG: Final = content_tag(_OK)  # made once: see `Ping`


class Ping:
    """A constant, answered like any GraphQL request: the least that an answer costs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = self._response(scope)
        except MethodNotAllowed as error:
            response = refusal(error, {"Allow": _READ})
        except BookstoreError as error:  # of its condition
            response = refusal(error)
        await response(scope, receive, send)

    def _response(self, scope: Scope) -> Response:
        method = scope["method"]
        if method in ("GET", "HEAD"):
            return unless_known(Response(_OK, media_type=JSON), _OK_TAG, dict(scope["headers"]))
        if method == "OPTIONS":
            return options(_READ)
        raise MethodNotAllowed(f"{scope['path']} has no {method}, only {_READ}")


def routes(settings: Settings, bookstore: Bookstore) -> list[BaseRoute]:
    """All routes but those of GraphQL itself and the ping."""
    address = PublicAddress(settings, "graphql")

    async def health(request: Request) -> Response:
        # In a thread, since a database that does not answer takes its time to say so.
        return _known(request, json_response(await asyncio.to_thread(check_health, bookstore)))

    async def start(request: Request) -> Response:
        headers = {"Vary": "Accept"}
        prefix = request.scope.get("root_path", "")
        public = address.is_asked(prefix, request.headers.get("host"))
        response: Response
        if start_page.wants_page(request.headers.get("accept", "")):
            response = HTMLResponse(start_page.page(settings, "graphql", public=public))
        else:
            response = json_response(start_page.links(settings, public=public))
        return _known(request, response, headers)

    found: list[BaseRoute] = [
        Route("/health", health),
        Route("/", start),
        *_lab(settings),
    ]
    if settings.introspection:  # the text tells as much
        found.append(Route("/schema.graphql", _schema))
    if settings.graphiql:
        found.append(Route(f"{graphiql.ROUTE}/{{name}}", _asset))
    return found


def _lab(settings: Settings) -> list[BaseRoute]:
    """The lab's page and files."""
    its = lab.Lab(settings)

    async def page(request: Request) -> Response:
        return _known(request, its.page(request))

    async def file(request: Request) -> Response:
        return _known(request, lab.asset(request.path_params["name"]))

    return [Route(lab.ROUTE, page), Route(f"{lab.ROUTE}/{{name:path}}", file)]


def _known(
    request: Request, response: Response, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer with the tag of its content, or 304 if the client has it already."""
    tag = content_tag(bytes(response.body))
    try:
        return unless_known(response, tag, dict(request.headers.raw), headers)
    except BookstoreError as error:  # of its condition
        return refusal(error, headers)


async def _schema(request: Request) -> Response:
    return _known(request, PlainTextResponse(text()))


async def _asset(request: Request) -> Response:
    compressed = accepts_gzip(request.headers.get("accept-encoding", ""))
    file = await asyncio.to_thread(
        graphiql.asset, request.path_params["name"], compressed=compressed
    )
    tag, control = file.headers["ETag"], file.headers["Cache-Control"]
    try:
        answer = unless_known(file, tag, dict(request.headers.raw), control=control)
    except BookstoreError as error:  # of its condition
        return refusal(error)
    if compressed and answer is file:
        file.headers["ETag"] = with_coding(tag)
    return answer
