"""The lab: a page that loads the same screens over both APIs. Its files are plain, and all here."""

import re
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.config import Settings
from shared.errors import NotFound
from shared.web.public_address import PublicAddress

FOLDER: Final = Path(__file__).parents[1] / "lab"
ROUTE: Final = "/lab"

_NAME: Final = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FILES: Final = {
    path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.suffix in _TYPES
}


class Lab:
    """The page for whoever asks, with both servers' addresses as that browser reaches them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._public = PublicAddress(settings, "graphql")
        self._template = Template((FOLDER / "page.html").read_text(encoding="utf-8"))

    def page(self, request: Request) -> Response:
        """The page, and what its policy lets it reach: the two servers, nothing else."""
        prefix = request.scope.get("root_path", "")
        rest = self._rest(request, prefix)
        addresses = {"prefix": prefix, "graphql": prefix, "rest": rest}
        page = self._template.substitute({name: escape(url) for name, url in addresses.items()})
        return HTMLResponse(page, headers=_headers(rest))

    def _rest(self, request: Request, prefix: str) -> str:
        """The REST server's address: the public one for whoever came by the public one.

        Else it is asked by the name that this server was asked by, so that a telephone that
        reached this one reaches the other.
        """
        settings, host = self._settings, request.headers.get("host")
        if settings.rest_public_url and self._public.is_asked(prefix, host):
            return settings.rest_public_url
        name, _, port = (host or "").rpartition(":")
        if port == str(settings.graphql_port) and _NAME.fullmatch(name):
            return f"http://{name}:{settings.rest_port}"
        return settings.rest_url


def _headers(rest: str) -> dict[str, str]:
    origin = "/".join(rest.split("/")[:3])
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; connect-src 'self' {origin}; img-src data:; script-src 'self'; "
            "style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        # Alone in its process a page has a clock of 5 µs, else of 100 µs (High Resolution Time).
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }


def asset(name: str) -> Response:
    """A file of the page.

    Raises:
        NotFound: it is none.
    """
    if name not in _FILES:
        raise NotFound(f"there is nothing at {ROUTE}/{name}")
    path = _FILES[name]
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])
