"""What is not GraphQL: the start page, health, the schema's text, the files of GraphiQL."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from graphql_api import graphiql
from graphql_api.answers import json_response, refusal
from graphql_api.caching import unless_known
from graphql_api.media_types import JSON
from graphql_api.schema import text
from shared import start_page
from shared.bodies import accepts_gzip, to_json
from shared.config import Settings
from shared.errors import MethodNotAllowed
from shared.etags import content_tag
from shared.health import check_health
from shared.public_address import PublicAddress
from shared.seeding import Bookstore

_READ: Final = "GET, HEAD"
_OK: Final = to_json({"status": "ok"})
_OK_TAG: Final = content_tag(_OK)  # made once: the ping is the floor of what an answer costs


class Ping:
    """A constant, by the way of every GraphQL request: what an answer costs before all else."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):
            response = unless_known(Response(_OK, media_type=JSON), _OK_TAG, dict(scope["headers"]))
        else:
            error = MethodNotAllowed(f"{scope['path']} has no {scope['method']}, only {_READ}")
            response = refusal(error, {"Allow": _READ})
        await response(scope, receive, send)


def routes(settings: Settings, bookstore: Bookstore) -> list[BaseRoute]:
    """All routes but those of GraphQL itself and the ping."""
    address = PublicAddress(settings, "graphql")

    async def health(request: Request) -> Response:
        # In a thread, since a database that does not answer takes its time to say so.
        response = json_response(await asyncio.to_thread(check_health, bookstore))
        return unless_known(response, content_tag(bytes(response.body)), dict(request.headers.raw))

    async def start(request: Request) -> Response:
        headers = {"Vary": "Accept"}
        prefix = request.scope.get("root_path", "")
        public = address.is_asked(prefix, request.headers.get("host"))
        if "text/html" in request.headers.get("accept", ""):
            page = start_page.page(settings, "graphql", public=public)
            return HTMLResponse(page, headers=headers)
        return json_response(start_page.links(settings, public=public), headers=headers)

    found: list[BaseRoute] = [
        Route("/health", health),
        Route("/", start),
    ]
    if settings.introspection:  # the text tells as much
        found.append(Route("/schema.graphql", _schema))
    if settings.graphiql:
        found.append(Route(f"{graphiql.ROUTE}/{{name}}", _asset))
    return found


async def _schema(_: Request) -> Response:
    return PlainTextResponse(text())


async def _asset(request: Request) -> Response:
    compressed = accepts_gzip(request.headers.get("accept-encoding", ""))
    return await asyncio.to_thread(
        graphiql.asset, request.path_params["name"], compressed=compressed
    )
