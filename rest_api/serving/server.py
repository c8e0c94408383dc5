"""What the REST server serves: Flask, called on the event loop or in threads."""

from collections.abc import Callable
from functools import partial
from typing import NoReturn

from flask import Flask

from rest_api.serving.adapter import Adapter, refusal
from rest_api.web.middleware import METHODS, Middleware
from shared.config import Settings
from shared.protocols import server
from shared.protocols.application import Application
from shared.protocols.unsent import Unsent
from shared.serving.bookstore import Bookstore
from shared.serving.running import Pools
from shared.web.receiving import Receiving

CreateApp = Callable[[Settings, Bookstore], Flask]


def main(create_app: CreateApp) -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    server.main("rest", partial(make, create_app))


def make(
    create_app: CreateApp,
    settings: Settings,
    bookstore: Bookstore,
    receiving: Receiving,
    _unsent: Unsent,
) -> Application:
    """The application and what a server has to know of it."""
    app = create_app(settings, bookstore)
    app.app_context().push()  # for all requests: one for each, of which nothing is used, took 5 µs
    middleware = app.wsgi_app
    assert isinstance(middleware, Middleware)
    adapter = Adapter(middleware, Pools(bookstore.database), settings, receiving)
    return Application(
        app=adapter,
        refusal=refusal,
        methods=METHODS,
        stop=bookstore.watch.end,  # ends streams and long polls
        at_once=adapter.at_once,
    )
