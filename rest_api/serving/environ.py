"""Makes the WSGI environment of a request (PEP 3333) from its ASGI scope."""

import sys
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from rest_api.web.middleware import REPEATED
from shared.protocols.application import Scope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_WITHOUT_PREFIX: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")
_KEPT_LENGTH: Final = 100  # bytes of a name


def environ_maker(host: str, port: int) -> Callable[[Scope], "WSGIEnvironment"]:
    """A function that makes the environment of a request, whose body is still to come."""
    always: Final = {
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,  # Werkzeug's: it ends by itself
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }

    def environ(scope: Scope) -> "WSGIEnvironment":
        made: WSGIEnvironment = always.copy()
        raw: bytes = scope["raw_path"]
        for name, value in scope["headers"]:
            key = _known_key(name) if len(name) <= _KEPT_LENGTH else _key(name)
            if key not in made:
                made[key] = value.decode("latin-1")
            elif key:
                made[key] += "," + value.decode("latin-1")
                made[REPEATED] = made.get(REPEATED, frozenset()) | {key}
        made.pop("", None)
        made["PATH_INFO"] = (unquote_to_bytes(raw) if b"%" in raw else raw).decode("latin-1")
        made["QUERY_STRING"] = scope["query_string"].decode("latin-1")
        made["REQUEST_METHOD"] = scope["method"]
        made["SERVER_PROTOCOL"] = "HTTP/1.0" if scope["http_version"] == "1.0" else "HTTP/1.1"
        made["wsgi.input"] = BytesIO()
        return made

    return environ


def has_body(environ: "WSGIEnvironment") -> bool:
    """Whether the request's head tells of a body."""
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def set_body(environ: "WSGIEnvironment", body: bytes) -> None:
    """Put in what has come, as a body with a length, however it came."""
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)


def _key(name: bytes) -> str:
    """The key of a header; none for a name with `_`, which would be taken for one with `-`."""
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in _WITHOUT_PREFIX else f"HTTP_{key}"


_known_key = lru_cache(maxsize=512)(_key)  # clients send what names they like
