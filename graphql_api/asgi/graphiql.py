"""GraphiQL: a page of our own over files that npm has installed, else Strawberry's over a CDN."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from shared.errors import NotFound
from shared.web.bodies import to_gzip
from shared.web.etags import content_tag

FOLDER: Final = Path(__file__).parents[1] / "graphiql"
MODULES: Final = FOLDER / "node_modules"
ROUTE: Final = "/graphiql"

_SCRIPT: Final = "text/javascript; charset=utf-8"
_STYLE: Final = "text/css; charset=utf-8"
INSTALLED: Final = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
    "explorer.js": "@graphiql/plugin-explorer/dist/index.umd.js",
    "explorer.css": "@graphiql/plugin-explorer/dist/style.css",
}
OWN: Final = ("start.js", "page.css")
_MAX_AGE: Final = 86_400  # s

# Only this server's own files: no request can leave the machine by accident.
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src data:; "
    "script-src 'self'; style-src 'self' 'unsafe-inline'"
)


def page(prefix: str = "") -> Response:
    """The page for a browser; its files are below the prefix of a proxy in front, if it has one."""
    if all((MODULES / path).is_file() for path in INSTALLED.values()):
        html = (FOLDER / "page.html").read_text(encoding="utf-8")
        html = html.replace(f'"{ROUTE}/', f'"{prefix}{ROUTE}/')
        return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})
    return HTMLResponse(get_graphql_ide_html(graphql_ide="graphiql"))


def asset(name: str, *, compressed: bool) -> Response:
    """A file of the page, with the tag of what is in it.

    Raises:
        NotFound: it is none, or is not installed.
    """
    headers = {
        "Cache-Control": f"public, max-age={_MAX_AGE}",
        "ETag": content_tag(content(name, compressed=False)),
    }
    if compressed:
        headers["Content-Encoding"] = "gzip"
    media_type = _STYLE if name.endswith(".css") else _SCRIPT
    return Response(content(name, compressed), headers=headers, media_type=media_type)


@lru_cache
def content(name: str, compressed: bool) -> bytes:
    """What is in the file, compressed once: that takes 0.1 s for all of them.

    Raises:
        NotFound: it is none of the page's, or is not installed.
    """
    path = FOLDER / name if name in OWN else MODULES / INSTALLED.get(name, name)
    if name not in (*OWN, *INSTALLED) or not path.is_file():
        raise NotFound(f"there is nothing at {ROUTE}/{name}")
    read = path.read_bytes()
    return to_gzip(read) if compressed else read
