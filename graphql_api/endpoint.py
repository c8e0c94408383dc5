"""GraphQL over HTTP: an ASGI application for one engine."""

from starlette.types import Receive, Scope, Send

from graphql_api.answers import internal_refusal, refusal, send_json
from graphql_api.engine import Engine
from graphql_api.graphiql import page
from graphql_api.parameters import Disconnected, Headers, from_body, from_query_string
from shared.bodies import to_json
from shared.errors import BookstoreError, MethodNotAllowed

_METHODS = "GET, HEAD, POST"


class GraphQLEndpoint:
    """Answers queries by GET and POST, mutations by POST; shows GraphiQL to browsers.

    Strawberry's own view for FastAPI took longer for a small query than all of its execution.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        try:
            method = scope["method"]
            if method == "POST":
                asked = await from_body(headers, receive)
            elif method not in ("GET", "HEAD"):
                raise MethodNotAllowed(f"there is no {method} here: use POST, or GET for queries")
            elif _is_browser(scope, headers):
                await page()(scope, receive, send)
                return
            else:
                asked = from_query_string(scope["query_string"])
            answer = await self._engine.answer(asked, read_only=method != "POST")
        except Disconnected:
            return
        except MethodNotAllowed as error:
            allowed = "POST" if scope["method"] == "GET" else _METHODS
            await refusal(error, {"Allow": allowed})(scope, receive, send)
        except BookstoreError as error:
            await refusal(error)(scope, receive, send)
        except Exception as error:
            await internal_refusal(error)(scope, receive, send)
        else:
            await send_json(send, to_json(answer))


def _is_browser(scope: Scope, headers: Headers) -> bool:
    """Whether somebody looks for a page: no query is asked, and HTML is wanted."""
    asks = any(part.startswith(b"query=") for part in scope["query_string"].split(b"&"))
    return not asks and b"text/html" in headers.get(b"accept", b"")
