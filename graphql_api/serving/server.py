"""What the GraphQL server serves: its application, with WebSockets."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from starlette.types import ASGIApp

from graphql_api.asgi.middleware import METHODS
from graphql_api.asgi.responses import refusal
from graphql_api.serving.socket_protocol import SocketProtocol
from shared import limits
from shared.config import Settings
from shared.protocols import server
from shared.protocols.application import Application
from shared.protocols.unsent import Unsent
from shared.serving.bookstore import Bookstore
from shared.web.receiving import Receiving

CreateApp = Callable[[Settings, Bookstore, asyncio.Event, Receiving], ASGIApp]


def main(create_app: CreateApp) -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    server.main("graphql", partial(make, create_app))


def make(
    create_app: CreateApp,
    settings: Settings,
    bookstore: Bookstore,
    receiving: Receiving,
    unsent: Unsent,
) -> Application:
    """The application and what a server has to know of it."""
    stopping = asyncio.Event()
    sockets = partial(
        SocketProtocol, receiving=receiving, unsent=unsent, message_s=settings.body_timeout_s
    )
    return Application(
        app=create_app(settings, bookstore, stopping, receiving),
        refusal=refusal,
        methods=METHODS,
        stop=stopping.set,  # ends event streams; those that are WebSockets, uvicorn ends
        options={
            "lifespan": "on",
            "ws": sockets,
            "ws_max_size": limits.MAX_BODY_BYTES,
            # A client that is gone without a word is found out within 2 of them.
            "ws_ping_interval": limits.HEARTBEAT_S,
            "ws_ping_timeout": limits.HEARTBEAT_S,
        },
    )
