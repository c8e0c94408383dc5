"""The GraphQL server's application; run as a script it serves, by default on port 8001."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.asgi.caching import Caching
from graphql_api.asgi.endpoint import GraphQLEndpoint
from graphql_api.asgi.meta import Ping, routes
from graphql_api.asgi.middleware import Middleware
from graphql_api.asgi.responses import internal_refusal, options, refusal, refuse_socket
from graphql_api.asgi.websocket import GraphQLWebSocket
from graphql_api.execution.engine import Engine
from graphql_api.execution.planned_engine import PlannedEngine
from graphql_api.execution.subscriptions import Operations
from graphql_api.resolving.access import Access
from graphql_api.resolving.loaders import Batching, Loaders, OneByOne
from graphql_api.schema import executable
from graphql_api.validation.admission import Admission
from graphql_api.validation.documents import Documents
from shared.config import Settings
from shared.errors import BookstoreError, MethodNotAllowed, NotFound
from shared.rules.values import printable
from shared.serving.bookstore import Bookstore
from shared.serving.streams import Streams
from shared.web.authorization import Authorization
from shared.web.cache_control import CacheControl
from shared.web.hosts import Hosts
from shared.web.public_address import PublicAddress
from shared.web.receiving import Receiving


class _Endpoint(NamedTuple):
    """One way to execute operations, over HTTP and over WebSockets."""

    http: GraphQLEndpoint
    sockets: GraphQLWebSocket


def create_app(
    settings: Settings,
    bookstore: Bookstore,
    stopping: asyncio.Event | None = None,
    receiving: Receiving | None = None,
) -> ASGIApp:
    """The application over a bookstore that is open, with everything around it.

    Args:
        stopping: set when the server stops, which ends its event streams.
        receiving: counts the request bodies that are incomplete or unanswered.
    """
    access = Access(bookstore.database, bookstore.watch)
    endpoints = _endpoints(
        settings,
        access,
        bookstore.books,
        stopping or asyncio.Event(),
        receiving or Receiving(),
    )
    app = _framework(settings, bookstore, access, endpoints)
    direct: dict[str, ASGIApp] = {path: one.http for path, one in endpoints.items()}
    direct["/ping"] = Ping()
    public = PublicAddress(settings, "graphql")
    return Middleware(
        app,
        settings.origins,
        Hosts(settings),
        settings.request_timeout_s,
        direct,
        public,
        traces=settings.trace,
    )


def _endpoints(
    settings: Settings,
    access: Access,
    books: int,
    stopping: asyncio.Event,
    receiving: Receiving,
) -> Mapping[str, _Endpoint]:
    """The ways to execute by their paths; documents, budgets and rules are the same for all."""
    streams = Streams(settings.max_streams)
    authorization = Authorization(settings.token)
    documents = Documents(executable, introspection=settings.introspection)
    admission = Admission(documents, authorization, settings.max_cost, access.apart, books)
    caching = Caching(CacheControl(settings), is_open=authorization.is_open)

    def endpoint(
        make_loaders: Callable[[Access], Loaders], kind: type[Engine] = Engine
    ) -> _Endpoint:
        engine = kind(
            access,
            make_loaders,
            require_version=settings.require_if_match,
            hide_suggestions=not settings.introspection,
        )
        operations = Operations(engine, admission, streams, settings.request_timeout_s)
        http = GraphQLEndpoint(
            engine,
            admission,
            caching,
            operations,
            stopping,
            receiving,
            graphiql=settings.graphiql,
        )
        return _Endpoint(http, GraphQLWebSocket(operations))

    planned = endpoint(Batching, PlannedEngine)
    return {
        "/graphql": planned,
        "/graphql/planned": planned,
        "/graphql/dataloader": endpoint(Batching),
        "/graphql/unbatched": endpoint(OneByOne),
    }


def _framework(
    settings: Settings, bookstore: Bookstore, access: Access, endpoints: Mapping[str, _Endpoint]
) -> FastAPI:
    """The FastAPI application, which answers all paths that nothing in front of it does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        access.close()

    return FastAPI(
        title="Bookstore: GraphQL",
        openapi_url=None,  # it describes nothing of GraphQL, and its page needs a CDN
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _refused,
            BookstoreError: _refused,
            Exception: _internal,
        },
        routes=[
            *(WebSocketRoute(path, one.sockets) for path, one in endpoints.items()),
            WebSocketRoute("/{path:path}", _NoSocket()),
            *routes(settings, bookstore),
        ],
    )


class _NoSocket:
    """Refuses a WebSocket where there is none."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = NotFound(f"there is no WebSocket at {printable(scope['path'])}, only at /graphql")
        await refuse_socket(refusal(error), scope, receive, send)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, BookstoreError):
        return refusal(error)
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 405:
        methods = ", ".join([*sorted((error.headers or {})["Allow"].split(", ")), "OPTIONS"])
        if request.method == "OPTIONS":
            return options(methods)
        text = f"{path} has no {request.method}, only {methods}"
        return refusal(MethodNotAllowed(text), {"Allow": methods})
    start = f"{request.scope.get('root_path', '')}/"
    headers = dict(error.headers or {})
    return refusal(NotFound(f"there is nothing at {path}; {start} names what there is"), headers)


async def _internal(_: Request, error: Exception) -> Response:
    return internal_refusal(error)


if __name__ == "__main__":
    from graphql_api.serving.server import main

    main(create_app)
