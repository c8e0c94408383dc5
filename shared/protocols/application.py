"""What a server serves: an application, how it refuses, and what it answers at once."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from shared.errors import BookstoreError

Scope: TypeAlias = Any  # a mutable mapping, as ASGI has it
Receive: TypeAlias = Callable[[], Awaitable[Any]]
Send: TypeAlias = Callable[[Any], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Refusal: TypeAlias = Callable[[BookstoreError, Mapping[str, str] | None], ASGIApp]


class Answer(NamedTuple):
    """An answer that is whole; without a body where none is sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


# Called on the event loop with the scope and the body of a request that has come whole. What it
# cannot answer without waiting, the ASGI application that it gives answers.
AtOnce: TypeAlias = Callable[[Scope, bytes], Answer | ASGIApp]


class Application(NamedTuple):
    """An ASGI application and what a server knows of it.

    Attributes:
        app: what answers.
        refusal: the answer to what is no request, and so reaches no application.
        methods: that it has, for the `Allow` of an answer to one that nothing here has.
        stop: called when the server stops, before it waits for the answers under way.
        at_once: what answers without a task, if anything does.
        options: more of `uvicorn.Config`.
    """

    app: ASGIApp
    refusal: Refusal
    methods: str
    stop: Callable[[], object]
    at_once: AtOnce | None = None
    options: Mapping[str, Any] = {}
