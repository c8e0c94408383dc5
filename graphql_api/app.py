"""The GraphQL server's application; run as a script it serves, by default on port 8001."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from graphql_api.access import Access
from graphql_api.answers import internal_refusal, refusal
from graphql_api.documents import Documents
from graphql_api.edge import Edge
from graphql_api.endpoint import GraphQLEndpoint
from graphql_api.engine import Engine
from graphql_api.loaders import Batching, OneByOne
from graphql_api.schema import executable
from graphql_api.service import routes
from shared.config import Settings
from shared.errors import BookstoreError, MethodNotAllowed, NotFound
from shared.seeding import Bookstore


def create_app(settings: Settings, bookstore: Bookstore) -> ASGIApp:
    """The application over a bookstore that is open, with everything around it."""
    access = Access(bookstore.database)
    documents = Documents(executable)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        access.close()

    app = FastAPI(
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
            Route("/graphql", GraphQLEndpoint(Engine(documents, access, Batching))),
            Route("/graphql/unbatched", GraphQLEndpoint(Engine(documents, access, OneByOne))),
            *routes(settings, bookstore),
        ],
    )
    return Edge(app, settings.origins)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, BookstoreError):
        return refusal(error)
    assert isinstance(error, HTTPException)
    path, headers = request.url.path, dict(error.headers or {})
    if error.status_code == 405:
        text = f"{path} has no {request.method}, only {headers.get('Allow', 'others')}"
        return refusal(MethodNotAllowed(text), headers)
    return refusal(NotFound(f"there is nothing at {path}; / names what there is"), headers)


async def _internal(_: Request, error: Exception) -> Response:
    return internal_refusal(error)


if __name__ == "__main__":
    from graphql_api.server import main

    main()
