"""Routes are found as Werkzeug finds them, though it is not asked each time."""

from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from rest_api.framework import RestApp, RoutesOnce

KINDS = (RoutesOnce, MapAdapter)
PATHS = [
    *("/", "", "/ping", "/books", "/books/77", "/books/78", "/books/0", "/books/077"),
    *("/books/abc", "/books/-1", "/books/1.0", "/books/%31", "/books/\u0661", "/books/\u00b2"),
    *("/books/", "/books//1", "/books/1/", "/books/1/2", "/1", "/0", "/1/2", "/1/books"),
    *("/authors/5/books", "/authors/6/books", "/authors/x/books", "/authors/5/books/5"),
    *("/customers/3/orders", "/orders/9/events", "/orders/0/events", "/orders/9/nothing"),
    *("/problems/not-found", "/problems/0", "/problems/7", "/nothing/1"),
    *("/docs/start.js", "/docs/css/0", "/docs/0", "/docs/0/0", "/docs/7/0"),
]


def found(adapter: MapAdapter) -> Any:
    """Rule and values, or how it is refused."""
    try:
        return adapter.match(return_rule=True)
    except HTTPException as refused:
        return type(refused), set(getattr(refused, "valid_methods", None) or ())


OTHERS = Map([Rule("/<one>"), Rule("/a/<one>"), Rule("/b/<one>/<other>"), Rule("/<one>/c")])


@pytest.mark.parametrize(
    "path", ["/0", "/5", "/a/0", "/a/5", "/b/5/0", "/b/0/5", "/b/5/5", "/0/c", "/5/c", "/5/0"]
)
def test_other_rules_are_kept_too(path: str) -> None:
    ours, theirs = (kind(OTHERS, "", "/", "", "http", path, "GET") for kind in KINDS)
    assert found(ours) == found(theirs)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", PATHS)
def test_a_route_is_the_one_that_werkzeug_finds(app: RestApp, path: str, method: str) -> None:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1")}
    for _ in range(2):  # the second time it is known
        ours = app.create_url_adapter(app.request_class(environ))
        assert ours is not None
        theirs = MapAdapter(ours.map, "", "/", "", "http", ours.path_info, method)
        assert type(ours) is RoutesOnce
        assert found(ours) == found(theirs)
