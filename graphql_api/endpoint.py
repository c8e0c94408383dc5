"""GraphQL over HTTP: an ASGI application for one engine."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_api.answers import internal_refusal, json_response, refusal
from graphql_api.engine import Engine
from graphql_api.graphiql import page
from graphql_api.parameters import Disconnected, Headers, from_body, from_query_string
from shared.errors import BookstoreError, MethodNotAllowed

_METHODS = "GET, HEAD, POST"
_READING = ("GET", "HEAD")


class GraphQLEndpoint:
    """Answers queries by GET and POST, mutations by POST; shows GraphiQL to browsers.

    Strawberry's view for FastAPI takes longer for a small query than to parse, validate and
    execute it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive)
        except Disconnected:
            return
        except MethodNotAllowed as error:
            allowed = "POST" if scope["method"] in _READING else _METHODS
            response = refusal(error, {"Allow": allowed})
        except BookstoreError as error:
            response = refusal(error)
        except Exception as error:
            response = internal_refusal(error)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        headers: Headers = dict(scope["headers"])
        method = scope["method"]
        if method == "POST":
            asked = await from_body(headers, receive)
        elif method not in _READING:
            raise MethodNotAllowed(f"there is no {method} here: use POST, or GET for queries")
        elif _is_browser(scope, headers):
            return page()
        else:
            asked = from_query_string(scope["query_string"])
        return json_response(await self._engine.answer(asked, read_only=method != "POST"))


def _is_browser(scope: Scope, headers: Headers) -> bool:
    """Whether somebody looks for a page: no query is asked, and HTML is wanted."""
    asks = any(part.startswith(b"query=") for part in scope["query_string"].split(b"&"))
    return not asks and b"text/html" in headers.get(b"accept", b"")
