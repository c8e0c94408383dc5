"""A constant answer with no framework on Granian: what no WSGI application can go below."""

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.peers.serving import serve_wsgi

BODY = b'{"status":"ok"}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A constant."""
    start_response("200 OK", HEADERS)
    return [BODY]


if __name__ == "__main__":
    serve_wsgi(app, threads=1)
