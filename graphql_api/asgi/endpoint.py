"""GraphQL over HTTP: an ASGI application for one engine."""

import asyncio

from graphql import OperationType
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.asgi.caching import Caching, unless_known
from graphql_api.asgi.event_stream import Answers, EventStream, once
from graphql_api.asgi.graphiql import page
from graphql_api.asgi.media_types import JSON, media_type, takes_events, wants_events, wants_page
from graphql_api.asgi.responses import (
    NO_STORE,
    RETRY_LATER,
    Posted,
    errors_response,
    internal_refusal,
    json_response,
    options,
    refusal,
)
from graphql_api.execution.engine import Engine, Outcome
from graphql_api.execution.subscriptions import Operations
from graphql_api.validation.admission import Admission, Refused
from graphql_api.validation.request import (
    Disconnected,
    Headers,
    Parameters,
    from_body,
    from_query_string,
)
from shared.errors import BookstoreError, MethodNotAllowed, ValidationFailed, Violation
from shared.web.bodies import to_json
from shared.web.etags import content_tag
from shared.web.receiving import Receiving

_METHODS = "GET, HEAD, POST, OPTIONS"
_READING = ("GET", "HEAD")


class GraphQLEndpoint:
    """Answers queries by GET and POST, mutations by POST; shows GraphiQL to browsers.

    Strawberry's own view for FastAPI would take longer than parsing, validating and executing a
    small query.
    """

    def __init__(
        self,
        engine: Engine,
        admission: Admission,
        caching: Caching,
        operations: Operations,
        stopping: asyncio.Event,
        receiving: Receiving,
        *,
        graphiql: bool = True,
    ) -> None:
        self._engine = engine
        self._admission = admission
        self._operations = operations
        self._stopping = stopping
        self._receiving = receiving
        self._caching = caching
        self._vary = {"Vary": caching.vary}
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        media = media_type(headers.get(b"accept", b""))
        response: ASGIApp
        try:
            response = await self._respond(scope, headers, receive, media)
        except Disconnected:
            return
        except Refused as refused:
            # Clients that accept GraphQL's own media type read statuses; others look into the body.
            status = 200 if media == JSON else 400
            response = errors_response(refused.entries, status, self._vary, media)
        except MethodNotAllowed as error:
            allowed = "POST" if scope["method"] in _READING else _METHODS
            response = refusal(error, {"Allow": allowed, **self._vary}, media)
        except BookstoreError as error:
            response = refusal(error, self._vary, media)
        except Exception as error:
            response = internal_refusal(error, media, self._vary)
        await response(scope, receive, send)

    async def _respond(
        self, scope: Scope, headers: Headers, receive: Receive, media: str
    ) -> ASGIApp:
        method = scope["method"]
        reading = method in _READING
        if method == "POST":
            asked = await from_body(headers, receive, self._receiving)
        elif method == "OPTIONS":
            return options(_METHODS)
        elif not reading:
            raise MethodNotAllowed(f"there is no {method} here: use POST, or GET for queries")
        elif self._graphiql and _is_browser(scope, headers):
            response = page(scope.get("root_path", ""))
            tag = content_tag(bytes(response.body))
            return unless_known(response, tag, headers, {"Vary": "Accept"})
        else:
            asked = from_query_string(scope["query_string"])
        if takes_events(headers.get(b"accept", b"")):
            stream = await self._stream(asked, headers, read_only=reading)
            if stream is not None:
                return stream
        outcome = await self._outcome(asked, headers, read_only=reading)
        if not reading and not outcome.unavailable:
            return Posted(to_json(outcome.answer), media, self._caching.vary)
        if outcome.unavailable:
            response = json_response(outcome.answer, 503, RETRY_LATER, media)
        else:
            response = json_response(outcome.answer, media_type=media)
        if reading:
            return self._caching.complete(response, headers, failed=outcome.failed)
        response.headers.update({**self._vary, **NO_STORE})
        return response

    async def _stream(
        self, asked: Parameters, headers: Headers, *, read_only: bool
    ) -> EventStream | None:
        """The answers as events; None for a query or mutation whose client accepts JSON too.

        Raises:
            TooManyStreams: as many as may be are open already.
        """
        answers: Answers
        try:
            admitted = await self._admission.admit(
                asked, _authorization(headers), read_only=read_only
            )
            if admitted.kind is OperationType.SUBSCRIPTION:
                answers = await self._operations.subscribe(admitted)
            elif wants_events(headers[b"accept"]):
                answers = once((await self._engine.execute(admitted)).answer)
            else:
                return None
        except Refused as refused:
            if not wants_events(headers[b"accept"]):
                raise
            answers = once({"errors": refused.entries})
        return EventStream(answers, self._stopping, self._caching.vary)

    async def _outcome(self, asked: Parameters, headers: Headers, *, read_only: bool) -> Outcome:
        admitted = await self._admission.admit(asked, _authorization(headers), read_only=read_only)
        if admitted.kind is OperationType.SUBSCRIPTION:
            rule = "must not be a subscription here: ask with `Accept: text/event-stream`"
            raise ValidationFailed([Violation(("query",), rule)])
        return await self._engine.execute(admitted)


def _authorization(headers: Headers) -> str | None:
    given = headers.get(b"authorization")
    return None if given is None else given.decode("latin-1")


def _is_browser(scope: Scope, headers: Headers) -> bool:
    """Whether a person opens this address: there is no query, and HTML is preferred."""
    parts = scope["query_string"].split(b"&")
    asks = any(part.startswith((b"query=", b"extensions=")) for part in parts)
    return not asks and wants_page(headers.get(b"accept", b""))
