"""A copy of the REST server with one of the changes, made around the application as it is.

Of its answers, those are changed that the page reads: books, and a customer with the orders.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from werkzeug.test import run_wsgi_app

from benchmarks.claims.contract_changes.changes import PAGE_SIZE
from client_examples.type_safety.contracts import NEW_REST, OLD, renamed_openapi
from rest_api.web.problems import problem
from shared.errors import BookstoreError, NotFound, UnknownField, ValidationFailed, Violation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Part = dict[str, Any]
Query = dict[str, str]
BOOKS: Final = "/books"
MOVED: Final = "/catalogue/books"
_DOCUMENT: Final = "/openapi.json"
_OLD_NAMES: Final = ("Content-Length", "ETag")  # of the answer as it was
_BOOK: Final = ("Book", "BookSelection")
_ORDER: Final = ("Order", "OrderSummary", "OrderSelection")
_DEPRECATION: Final = [
    ("Deprecation", "@1795996800"),
    ("Sunset", "Tue, 30 Nov 2027 00:00:00 GMT"),
]


@dataclass(frozen=True)
class RestChange:
    """What a change makes of the document, of a request and of an answer; by default, nothing.

    Attributes:
        document: a changed OpenAPI document of one.
        request: the path and the query for the application as it is; raises to refuse.
        answer: a changed answer of one, given its path.
        headers: more of the books' answers.
    """

    document: Callable[[Part], Part]
    request: Callable[[str, Query], tuple[str, Query]] = lambda path, query: (path, query)
    answer: Callable[[str, Any], Any] = lambda _, value: value
    headers: tuple[tuple[str, str], ...] = ()


class RestCopy:
    """The application with a change around it, as a WSGI application."""

    def __init__(self, application: "WSGIApplication", change: RestChange) -> None:
        self._application = application
        self._change = change

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        try:
            path, query = self._change.request(environ["PATH_INFO"], query)
        except BookstoreError as error:
            return problem(error, "query")(environ, start_response)
        inner = {**environ, "PATH_INFO": path, "QUERY_STRING": urlencode(query)}
        inner.pop("HTTP_ACCEPT_ENCODING", None)  # the answer is read here
        body, status, headers = run_wsgi_app(self._application, inner)
        content = b"".join(body)
        sent = [(name, value) for name, value in headers if name not in _OLD_NAMES]
        if status.startswith("200"):
            content = json.dumps(self._changed(path, json.loads(content))).encode()
            sent += self._change.headers if path == BOOKS else ()
        start_response(status, [*sent, ("Content-Length", str(len(content)))])
        return [content]

    def _changed(self, path: str, value: Any) -> Any:
        if path == _DOCUMENT:
            return self._change.document(value)
        return self._change.answer(path, value)


def _without_field(name: str) -> Callable[[str, Query], tuple[str, Query]]:
    """Refuses `fields` that name the field, as the application refuses those it does not know."""

    def request(path: str, query: Query) -> tuple[str, Query]:
        if path == BOOKS and name in query.get("fields", "").split(","):
            raise UnknownField(f"fields must name what exists, got {name!r}", field="fields")
        return path, query

    return request


def _renamed_request(path: str, query: Query) -> tuple[str, Query]:
    _without_field(OLD)(path, query)
    names = query.get("fields", "").split(",")
    if path == BOOKS and NEW_REST in names:
        query = {**query, "fields": ",".join(OLD if n == NEW_REST else n for n in names)}
    return path, query


def _renamed(path: str, value: Any) -> Any:
    def one(book: Part) -> Part:
        return {NEW_REST if name == OLD else name: member for name, member in book.items()}

    return [one(book) for book in value] if path == BOOKS else value


def _without_genre(path: str, value: Any) -> Any:
    if path != BOOKS:
        return value
    return [{name: book[name] for name in book if name != "genre"} for book in value]


def _genreless_document(document: Part) -> Part:
    for name in _BOOK:
        schema = document["components"]["schemas"][name]
        del schema["properties"]["genre"]
        if "required" in schema:
            schema["required"].remove("genre")
    return document


def _members(names: Iterable[str], member: str, change: Part) -> Callable[[Part], Part]:
    """Gives a member of these schemas other rules, beside those that `change` does not name."""

    def document(whole: Part) -> Part:
        for name in names:
            properties = whole["components"]["schemas"][name]["properties"]
            properties[member] = {**properties[member], **change}
        return whole

    return document


def _retyped_document(document: Part) -> Part:
    for name in _ORDER:
        properties = document["components"]["schemas"][name]["properties"]
        properties["total_amount"] = {"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$"}
    return document


def _orders(path: str, value: Any, change: Callable[[list[Part]], list[Part]]) -> Any:
    """The answer with its orders changed: a customer's, alone or within the customer."""
    if path.startswith("/customers/"):
        if path.endswith("/orders"):
            return change(value)
        if "orders" in value:
            return {**value, "orders": change(value["orders"])}
    return value


def _retyped(path: str, value: Any) -> Any:
    def change(orders: list[Part]) -> list[Part]:
        return [{**one, "total_amount": f"{one['total_amount']:.2f}"} for one in orders]

    return _orders(path, value, change)


def _first_returned(path: str, value: Any) -> Any:
    def change(orders: list[Part]) -> list[Part]:
        return [{**orders[0], "status": "returned"}, *orders[1:]]

    return _orders(path, value, change)


def _first_without_genre(path: str, value: Any) -> Any:
    return [{**value[0], "genre": None}, *value[1:]] if path == BOOKS else value


def _more_statuses(document: Part) -> Part:
    document["components"]["schemas"]["OrderStatus"]["enum"].append("returned")
    return document


def _parameter(document: Part, path: str, name: str) -> Part:
    parameters = document["paths"][path]["get"]["parameters"]
    return next(one for one in parameters if one["name"] == name)


def _sort_required(document: Part) -> Part:
    parameter = _parameter(document, BOOKS, "sort")
    parameter["required"] = True
    del parameter["schema"]["default"]
    return document


def _require_sort(path: str, query: Query) -> tuple[str, Query]:
    if path == BOOKS and "sort" not in query:
        raise ValidationFailed([Violation(("sort",), "must be given")])
    return path, query


def _another_default(document: Part) -> Part:
    _parameter(document, "/customers/{id}/orders", "limit")["schema"]["default"] = PAGE_SIZE
    return document


def _by_default(path: str, query: Query) -> tuple[str, Query]:
    return path, {"limit": str(PAGE_SIZE), **query} if path.endswith("/orders") else query


def _nested_by_default(path: str, value: Any) -> Any:
    if path.endswith("/orders"):  # by the request
        return value
    return _orders(path, value, lambda orders: orders[:PAGE_SIZE])


def _shorter_document(document: Part) -> Part:
    content = document["paths"][BOOKS]["get"]["responses"]["200"]["content"]
    content["application/json"]["schema"]["maxItems"] = PAGE_SIZE
    return document


def _moved_document(document: Part) -> Part:
    paths = document["paths"]
    paths[MOVED] = paths.pop(BOOKS)
    return document


def _moved(path: str, query: Query) -> tuple[str, Query]:
    if path == BOOKS:
        raise NotFound(f"there is nothing at {BOOKS}")
    return BOOKS if path == MOVED else path, query


REST_CHANGES: Final = {
    "renamed": RestChange(renamed_openapi, _renamed_request, _renamed),
    "removed": RestChange(_genreless_document, _without_field("genre"), _without_genre),
    "retyped": RestChange(_retyped_document, answer=_retyped),
    "nullable": RestChange(
        _members(_BOOK, "genre", {"type": ["string", "null"]}), answer=_first_without_genre
    ),
    "enum": RestChange(_more_statuses, answer=_first_returned),
    "required": RestChange(_sort_required, _require_sort),
    "default": RestChange(_another_default, _by_default, _nested_by_default),
    "shorter": RestChange(
        _shorter_document,
        answer=lambda path, value: value[:PAGE_SIZE] if path == BOOKS else value,
    ),
    "moved": RestChange(_moved_document, _moved),
    "deprecated": RestChange(
        _members(_BOOK, "genre", {"deprecated": True}), headers=tuple(_DEPRECATION)
    ),
}
