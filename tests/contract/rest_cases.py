"""What REST has of its own, as exchanges. Ids: R."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared import limits
from tests.contract.answer import neutral_field

JSON = "application/json"
AUTHOR = b'{"name": "Too Late", "email": "too.late@example.com"}'


@dataclass(frozen=True)
class Exchange:
    """A request, and what must come back.

    Attributes:
        has: headers that the answer must have; None: must not have.
        chunks: the body goes in chunks, without a Content-Length.
    """

    id: str
    fact: str
    method: str
    path: str
    status: int
    code: str | None = None
    blames: str | None = None
    body: bytes | None = None
    chunks: Iterable[bytes] | None = None
    type: str | None = JSON
    sends: Mapping[str, str] = field(default_factory=dict)
    has: Mapping[str, str | None] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """The headers to send."""
        sent = dict(self.sends)
        if (self.body is not None or self.chunks is not None) and self.type is not None:
            sent["Content-Type"] = self.type
        return sent

    def __str__(self) -> str:
        return f"{self.id} MUST {self.fact}"


def ask(case_id: str, fact: str, request: str, status: int, *more: Any, **given: Any) -> Exchange:
    """`ask("R-001", "an unknown route is NOT_FOUND", "GET /nothing", 404, "NOT_FOUND")`"""
    method, path = request.split(" ", 1)
    return Exchange(case_id, fact, method, path, status, *more, **given)


def _too_large(size: int) -> bytes:
    return b'{"name": "' + b"x" * (size - 12) + b'"}'


_ROUTES = [
    ask("R-001", "an unknown route is NOT_FOUND", "GET /nothing", 404, "NOT_FOUND"),
    ask("R-002", "an unknown route below a known one is too", "GET /books/1/2", 404, "NOT_FOUND"),
    ask("R-003", "an unknown route has no method either", "DELETE /nothing", 404, "NOT_FOUND"),
    ask("R-004", "a route with odd bytes is unknown", "GET /%00%ff%0a", 404, "NOT_FOUND"),
    ask("R-005", "no route leads out of the documentation's files",
        "GET /docs/..%2f..%2f..%2fetc/passwd", 404, "NOT_FOUND"),
    ask("R-006", "an id of odd bytes is no id", "GET /books/%ff%00", 422, "VALIDATION", "id"),
    ask("R-007", "a very long id is no id", f"GET /books/{'9' * 5_000}", 422, "VALIDATION", "id"),
]  # fmt: skip

_METHODS = [
    ask("R-020", "an order cannot be replaced", "PUT /orders/1", 405, "METHOD_NOT_ALLOWED",
        body=b"{}", has={"allow": "DELETE, GET, HEAD, OPTIONS, PATCH"}),
    ask("R-021", "a collection cannot be deleted", "DELETE /books", 405, "METHOD_NOT_ALLOWED",
        has={"allow": "GET, HEAD, OPTIONS, POST"}),
    ask("R-022", "a resource takes no POST", "POST /books/1", 405, "METHOD_NOT_ALLOWED",
        body=b"{}", has={"allow": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"}),
    ask("R-023", "a nested list is read only", "POST /authors/1/books", 405, "METHOD_NOT_ALLOWED",
        body=b"{}", has={"allow": "GET, HEAD, OPTIONS"}),
    ask("R-024", "the ping is read only", "POST /ping", 405, "METHOD_NOT_ALLOWED", body=b"{}"),
    ask("R-025", "a method that nobody knows is refused", "BREW /books", 405, "METHOD_NOT_ALLOWED"),
    ask("R-026", "OPTIONS names the methods", "OPTIONS /books/1", 204,
        has={"allow": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"}),
]  # fmt: skip

_BODIES = [
    *(
        ask(f"R-03{number}", f"{text} is MALFORMED_BODY", "POST /authors", 400, "MALFORMED_BODY",
            body=body)
        for number, (text, body) in enumerate(
            {
                "what is no JSON": b"{name: 1}",
                "an empty body": b"",
                "half a body": AUTHOR[:-2],
                "a list": b"[" + AUTHOR + b"]",
                "text": b'"author"',
                "null": b"null",
                "NaN": b'{"name": NaN}',
                "Latin-1": '{"name": "ü"}'.encode("latin-1"),
                "UTF-16": '{"name": "u"}'.encode("utf-16"),
                "what is nested too deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
            }.items()
        )
    ),
    ask("R-040", "a body that is said to be text is refused", "POST /authors", 415,
        "UNSUPPORTED_MEDIA_TYPE", body=AUTHOR, type="text/plain"),
    ask("R-041", "a form is refused", "POST /authors", 415,
        "UNSUPPORTED_MEDIA_TYPE", body=b"name=x", type="application/x-www-form-urlencoded"),
    ask("R-042", "a body that is said to be nothing is refused", "POST /authors", 415,
        "UNSUPPORTED_MEDIA_TYPE", body=AUTHOR, type=None),
    ask("R-043", "a charset may be told", "POST /authors", 422, "VALIDATION", "name",
        body=b"{}", type="application/json; charset=utf-8"),
    ask("R-044", "the type is not a matter of case", "POST /authors", 422, "VALIDATION", "name",
        body=b"{}", type="Application/JSON"),
    ask("R-045", "a method that takes a body needs one", "PATCH /books/1", 415,
        "UNSUPPORTED_MEDIA_TYPE"),
    ask("R-050", "a body of more than a megabyte is TOO_LARGE", "POST /authors", 413, "TOO_LARGE",
        body=_too_large(limits.MAX_BODY_BYTES + 1)),
    ask("R-051", "one in chunks is too", "POST /authors", 413, "TOO_LARGE",
        chunks=(b'{"name": "', *[b"x" * 65_536] * 16, b'"}')),
    ask("R-052", "a body of a megabyte is read", "POST /authors", 422, "VALIDATION", "name",
        body=_too_large(limits.MAX_BODY_BYTES)),
    ask("R-053", "one in chunks is read too", "POST /authors", 422, "VALIDATION", "name",
        chunks=(b'{"na', b'me": 5}')),
    ask("R-054", "a member whose name is half a character is refused", "POST /authors", 422,
        "VALIDATION", body=rb'{"\ud83d": 1}'),
    ask("R-055", "a number of a thousand digits is refused", "POST /books", 422, "VALIDATION",
        body=b'{"stock": 1e400}'),
]  # fmt: skip

# Names as other APIs have them, and names that come twice: they are checked before their number.
_UNKNOWN = {
    "ids[]": "ids[]=1&ids[]=2",
    "ids[0]": "limit=5&ids[0]=1&limit=5&ids[1]=2",
    "fields[books]": "fields[books]=title&fields[books]=price",
    "filter[genre]": "filter[genre]=Art",
    "page[limit]": "page[limit]=5&page[limit]=6",
    "authorId": "authorId=1&authorId=2",
    "Limit": "Limit=5&Limit=6",
    "min-price": "min-price=5&sort=colour",
    "colour": "colour=red&colour=blue&limit=500",
}

_QUERIES = [
    ask("R-077", "a declared default is as if left out, also beside ids",
        "GET /books?ids=1,2&limit=20&offset=0&sort=id", 200),
    ask("R-078", "and what is no default is refused",
        "GET /books?ids=1,2&limit=20&offset=0&sort=-id", 422, "VALIDATION", "ids"),
    ask("R-060", "an unknown parameter is named", "GET /books?colour=red", 422, "VALIDATION",
        "colour"),
    ask("R-061", "a resource takes no parameters of a list", "GET /books/1?limit=5", 422,
        "VALIDATION", "limit"),
    ask("R-062", "a parameter is given once", "GET /books?limit=5&limit=6", 422, "VALIDATION",
        "limit"),
    *(
        ask(f"R-10{number}", f"an unknown name is told, whatever comes how often: {query}",
            f"GET /books?{query}", 422, "VALIDATION", neutral_field(name))
        for number, (name, query) in enumerate(_UNKNOWN.items())
    ),
    ask("R-063", "a limit is not empty", "GET /books?limit=", 422, "VALIDATION", "limit"),
    ask("R-064", "ids are not empty", "GET /books?ids=", 422, "VALIDATION", "ids"),
    ask("R-065", "no id among others is empty", "GET /books?ids=1,,2", 422, "VALIDATION", "ids"),
    ask("R-066", "ids do not end in a comma", "GET /books?ids=1,2,", 422, "VALIDATION", "ids"),
    ask("R-067", "fields are not empty", "GET /books/1?fields=", 422, "UNKNOWN_FIELD", "fields"),
    ask("R-068", "an unknown field is named", "GET /books/1?fields=title,colour", 422,
        "UNKNOWN_FIELD", "fields"),
    ask("R-069", "an unknown relation is named", "GET /books/1?fields=shop.name", 422,
        "UNKNOWN_FIELD", "fields"),
    ask("R-070", "paths end at some depth", f"GET /books/1?fields={'author.books.' * 4}id", 422,
        "VALIDATION", "fields"),
    ask("R-071", "fields end at some length", f"GET /books/1?fields={'title,' * 400}id", 422,
        "VALIDATION", "fields"),
    ask("R-072", "a deletion shows nothing", "DELETE /books/1?fields=id", 422, "VALIDATION",
        "fields"),
    ask("R-073", "an author's books have their author already", "GET /authors/1/books?author_id=2",
        422, "VALIDATION", "author_id"),
    ask("R-074", "what is no UTF-8 is refused", "GET /books?search=%ff%fe%fd", 422, "VALIDATION",
        "search"),
    ask("R-075", "a NUL in a query is refused", "GET /books?search=a%00bc", 422, "VALIDATION",
        "search"),
    ask("R-076", "a plus is a blank", "GET /books?search=Python+Programming", 200),
]  # fmt: skip

_PAGES = [
    ask("R-080", "the ping is constant", "GET /ping", 200, has={"content-type": JSON}),
    ask("R-081", "the health is told", "GET /health", 200, has={"content-type": JSON}),
    ask("R-082", "the start page is JSON for programs", "GET /", 200,
        has={"content-type": JSON}),
    ask("R-083", "the start page is HTML for browsers", "GET /", 200,
        sends={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        has={"content-type": "text/html; charset=utf-8"}),
    ask("R-084", "Swagger UI is at exactly /docs", "GET /docs", 200,
        has={"content-type": "text/html; charset=utf-8"}),
    ask("R-085", "the OpenAPI document is JSON", "GET /openapi.json", 200,
        has={"content-type": JSON}),
    ask("R-086", "browsers get problem documents too", "GET /nothing", 404, "NOT_FOUND",
        sends={"Accept": "text/html"}),
]  # fmt: skip

EXCHANGES = [*_ROUTES, *_METHODS, *_BODIES, *_QUERIES, *_PAGES]
