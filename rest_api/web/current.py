"""The request that is being answered: its bookstore, its view, and its transaction."""

from contextlib import AbstractContextManager

from flask import current_app, request
from flask.globals import request_ctx

from rest_api.web.middleware import ON_LOOP
from rest_api.web.views import View, Views
from shared.database import Connection, HandOver
from shared.models import Input
from shared.reading.selection import Selection
from shared.serving.bookstore import Bookstore
from shared.serving.running import runs_on_loop


def bookstore() -> Bookstore:
    """The bookstore of the application that serves this request."""
    found: Bookstore = current_app.extensions["bookstore"]
    return found


def shown(query: Input) -> View:
    """What a query with `fields` asks for, as far as this client may see it.

    Raises:
        HandOver: it asks for so much that it must be read in a thread.
    """
    context = request_ctx._get_current_object()  # type: ignore[attr-defined] # once for all
    extensions, environ = context.app.extensions, context.request.environ
    views: Views = extensions["views"]
    view = views.view(query, environ.get("HTTP_AUTHORIZATION"))
    on_loop_if(runs_on_loop(extensions["bookstore"].database, effort=views.effort(query)))
    return view


def reading(
    selection: Selection | None = None, effort: float = 0.0
) -> AbstractContextManager[Connection]:
    """A connection to read a selection by: all statements see one state of the bookstore.

    Args:
        selection: None where there is one statement.
        effort: rows that are looked at to find what is asked for.

    Raises:
        HandOver: it must be read in a thread.
    """
    database = bookstore().database
    on_loop_if(runs_on_loop(database, effort=effort))
    return database.snapshot() if selection and selection.nested else database.reading()


def writing() -> AbstractContextManager[Connection]:
    """A connection for a write, in one transaction.

    Raises:
        HandOver: it must be written in a thread; where that depends on others, or on what is
            written, only within the transaction.
    """
    database = bookstore().database
    on_loop_if(runs_on_loop(database, writes=True))
    return database.writing(at_once=ON_LOOP in request.environ)


def on_loop_if(may_run: bool) -> None:
    """Leave the event loop, unless what comes next may run there; in a thread, do nothing.

    Raises:
        HandOver: this runs on the event loop, and what comes next may not.
    """
    if not may_run and ON_LOOP in request.environ:
        raise HandOver
