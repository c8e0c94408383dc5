"""The application and blueprint classes, made of Flask's and flask-openapi's."""

import inspect
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Request, Response, request
from flask.globals import request_ctx
from flask.sessions import NullSession, SessionInterface
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from flask_openapi.openapi import OpenAPI
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, Rule

from rest_api.openapi.document import document
from rest_api.openapi.operation_responses import ALWAYS, INFO, Problem
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import on_loop_if
from rest_api.web.problems import BadInput, http_problem, internal_problem, problem
from rest_api.web.request_parsing import MEDIA_TYPES, parsed
from rest_api.web.views import Views
from shared.config import Settings
from shared.errors import BookstoreError
from shared.serving.bookstore import Bookstore
from shared.web.bodies import to_json
from shared.web.public_address import PublicAddress

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask.typing import RouteCallable


_ANY_ID: Final = "0"
_KEPT_LENGTH: Final = 200  # characters of a path whose route is remembered


class _Request(Request):
    """A request without files: no form is read. Its path keeps the slashes that it begins with."""

    def __init__(self, environ: "WSGIEnvironment", *given: Any, **named: Any) -> None:
        super().__init__(environ, *given, **named)
        path: str = environ["PATH_INFO"]
        if path[:2] == "//":
            self.path = "/" * (len(path) - len(path.lstrip("/")) - 1) + self.path

    def close(self) -> None:
        """Nothing is open. To look for files took 3 µs."""


class RestApp(OpenAPI):
    """Flask with problem documents for every error, and without features that are not used here."""

    request_class = _Request

    def __init__(self, settings: Settings, bookstore: Bookstore) -> None:
        super().__init__(
            "rest_api",
            info=INFO,
            servers=_servers("/"),
            validation_error_model=Problem,
            doc_ui=False,
            static_folder=None,
        )
        self.openapi_version = "3.1.0"
        self.url_map.merge_slashes = False  # which would redirect, with a page in HTML
        self.session_interface = _NoSessions()
        self.extensions["settings"] = settings
        self.extensions["bookstore"] = bookstore
        self.extensions["views"] = Views(settings, bookstore.instance, bookstore.books)
        self.register_error_handler(BookstoreError, _problem_of_operation)
        self.register_error_handler(BadInput, lambda bad: problem(bad.error, bad.where))
        self.register_error_handler(
            HTTPException,
            lambda error: http_problem(
                error, request.environ["REQUEST_METHOD"], request.path, root_path()
            ),
        )
        self.register_error_handler(Exception, internal_problem)

    @cached_property
    def openapi_json(self) -> bytes:
        """The OpenAPI document."""
        return to_json(self._document)

    @cached_property
    def public_openapi_json(self) -> bytes:
        """The same for clients behind a proxy, with the prefix that the server has there."""
        settings: Settings = self.extensions["settings"]
        prefix = PublicAddress(settings, "rest").prefix
        return to_json({**self._document, "servers": _servers(prefix)})

    @cached_property
    def _document(self) -> dict[str, Any]:
        """Made when it is first asked for, which takes a while.

        Raises:
            HandOver: it is to be made in a thread.
        """
        on_loop_if(False)
        settings: Settings = self.extensions["settings"]
        return document(self, has_token=settings.token is not None)

    def full_dispatch_request(self) -> Response:
        """Like Flask's own, but without signals and hooks around views, which are not used here.

        Looking for them took 8 µs of the 28 µs of a constant answer.
        """
        try:
            answer = self.dispatch_request()
        except Exception as error:
            answer = self.handle_user_exception(error)
        if isinstance(answer, Answer):
            return answer  # type: ignore[return-value]  # it is only called
        return self.make_response(answer)

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Nothing: no function waits for the end of a request. To look for some took 3 µs."""

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Nothing, likewise."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The view as it is: none here is a coroutine, which Flask looks for each time."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Routes by path and method alone: finding out the host took 8 µs of each request."""
        if request is None:
            return None
        method = request.environ["REQUEST_METHOD"]
        return RoutesOnce(self.url_map, "", "/", "", "http", request.path, method)

    def make_default_options_response(self) -> Answer:  # type: ignore[override]  # only called
        """OPTIONS: what the resource allows."""
        adapter = request_ctx.url_adapter
        assert adapter is not None
        allowed = sorted(adapter.allowed_methods())
        headers = [("Allow", ", ".join(allowed))]
        if "PATCH" in allowed:
            headers.append(("Accept-Patch", ", ".join(MEDIA_TYPES["PATCH"])))  # RFC 5789, 3.1
        return NoContent(headers)


def _servers(url: str) -> list[Any]:
    return [{"url": url, "description": "This server."}]


def root_path() -> str:
    """The prefix of a proxy in front, if the request came by it: what all links begin with."""
    prefix: str = request.environ.get("SCRIPT_NAME", "")
    return prefix


def _problem_of_operation(error: BookstoreError) -> Answer:
    """The answer to an operation's error, which blames the body, or the query if there is none."""
    return problem(error, "query" if request.method == "GET" else "body")


class RoutesOnce(MapAdapter):
    """Finds each route once, for all paths that differ by an id alone.

    To find that of `/books/77` among the rules took 9 µs, a fifth of what reading the book takes.
    """

    def match(  # type: ignore[override]  # overloads by what else is asked
        self, path_info: str | None = None, method: str | None = None, **asked: Any
    ) -> Any:
        """Werkzeug's match, but for methods and paths as they are written.

        `get` is no method (RFC 9110, 9.1), and `//ping` is not `/ping`.

        Raises:
            NotFound: the path begins with two slashes.
            MethodNotAllowed: the method is written otherwise.
        """
        if self.path_info[1:2] == "/":
            raise NotFound
        wanted = method or self.default_method
        if wanted != wanted.upper() and (allowed := self.allowed_methods(path_info)):
            raise MethodNotAllowed(valid_methods=[*allowed])
        is_short = len(self.path_info) <= _KEPT_LENGTH
        if path_info is None and is_short and asked == {"return_rule": True}:
            top, _, below = self.path_info[1:].partition("/")
            row_id = below.partition("/")[0]
            has_id = row_id.isdecimal()
            path = f"/{top}/{_ANY_ID}{below[len(row_id) :]}" if has_id else self.path_info
            rule, names = _of_all_such(self.map, path, wanted)
            if names is not None and len(names) == has_id:
                return rule, dict.fromkeys(names, row_id)
        return super().match(path_info, method, **asked)


@lru_cache(maxsize=256)
def _of_all_such(routes: Map, path: str, method: str) -> tuple[Rule, list[str] | None]:
    """The rule for a path, and the names of its ids; None where other parts have names, too.

    Raises:
        HTTPException: there is none.
    """
    rule, values = routes.bind("").match(path, method, return_rule=True)
    return rule, [*values] if set(values.values()) <= {_ANY_ID} else None


class _NoSessions(SessionInterface):
    """No cookies, no sessions."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self._none


class Resource(APIBlueprint):
    """A group of routes whose views are given validated models, and are documented by them."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            name,
            "rest_api",
            abp_tags=[Tag(name=name, description=description)],
            abp_responses=ALWAYS,
            operation_id_callback=_name_of_view,
        )

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: "RouteCallable | None" = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Route to the view by way of our own validation; flask-openapi has wrapped it in its."""
        assert view_func is not None
        view: Callable[..., Any] = inspect.unwrap(view_func)
        super().add_url_rule(
            rule, endpoint or view.__name__, parsed(view), provide_automatic_options, **options
        )


def _name_of_view(*, name: str, path: str, method: str) -> str:
    return name
