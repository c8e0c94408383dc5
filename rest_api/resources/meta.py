"""Routes that are no resources: the start page, ping, health, the documentation."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Final, cast

from flask import Blueprint, Response, current_app, request, send_from_directory

from rest_api.framework import Resource, RestApp, root_path
from rest_api.openapi.operation_responses import Part, answers, start_page_answers
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import bookstore, on_loop_if
from rest_api.web.parameters import ProblemPath
from rest_api.web.problems import PROBLEMS, BadInput, type_of
from rest_api.web.responses import DEPRECATIONS, represent
from shared.config import Settings
from shared.errors import BookstoreError, NotFound
from shared.reading.catalogue import ENTITIES
from shared.serving.health import check_health
from shared.serving.running import runs_on_loop
from shared.web import start_page
from shared.web.bodies import to_json
from shared.web.etags import content_tag, matching, require_match
from shared.web.public_address import PublicAddress

service = Resource("service", "The server itself: whether it answers, and what it offers.")
pages = Blueprint("pages", "rest_api")

_OK: Final = b'{"status":"ok"}'
_OK_TAG: Final = [("ETag", content_tag(_OK))]  # made once: see `ping`
_TEXT: Final = {"type": "string"}
_INSTANT: Final = {"type": "string", "format": "date-time"}
_RFC_3339: Final = "%Y-%m-%dT%H:%M:%SZ"  # of an instant in UTC
_ASSETS_MAX_AGE: Final = 86_400  # s

# Only this server's own files: no request can leave the machine by accident.
_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; "
    "script-src 'self'; style-src 'self' 'unsafe-inline'"
)
_DOCS_PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookstore: REST</title>
<link rel="icon" href="$prefix/docs/images/swagger.svg">
<link rel="stylesheet" href="$prefix/docs/css/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="$prefix/docs/js/swagger-ui-bundle.js"></script>
<script src="$prefix/docs/start.js"></script>
</body>
</html>
""")
_DOCS_SCRIPT: Final = """window.ui = SwaggerUIBundle({
  url: new URL("../openapi.json", document.currentScript.src).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayOperationId: true,
  validatorUrl: null,
});
"""


def _object(**members: Part) -> Part:
    return {"type": "object", "properties": members, "required": list(members)}


@service.get("/", responses=start_page_answers())
def get_start_page() -> Answer:
    """Get the start page.

    Links to everything on both servers: for a browser a page, else JSON.
    """
    settings: Settings = current_app.extensions["settings"]
    address = PublicAddress(settings, "rest")
    public = address.is_asked(root_path(), request.environ.get("HTTP_HOST"))
    if start_page.wants_page(request.environ.get("HTTP_ACCEPT", "")):
        page = start_page.page(settings, "rest", public=public).encode()
        return Answer(page, 200, [("Vary", "Accept")], "text/html; charset=utf-8")
    return Answer(to_json(start_page.links(settings, public=public)), 200, [("Vary", "Accept")])


@service.get("/ping", responses=answers(_object(status={"const": "ok"}), "A constant."))
def ping() -> Answer:
    """Ping.

    A constant, by the way of every other request: what an answer costs before it does anything.
    """
    return Answer(_OK, 200, _OK_TAG)


@service.get(
    "/health",
    responses=answers(
        _object(
            status={"const": "ok"},
            database=_TEXT,
            instance=_TEXT,
            books={"type": "integer"},
            seed={"type": "integer"},
            db_latency_ms={"type": "number"},
        ),
        "The database answers: which kind it is, which one, and the sample data it was made with.",
    ),
)
def get_health() -> Answer:
    """Get the server's health.

    After asking the database; 503 with the reason where it does not answer.
    """
    store = bookstore()
    on_loop_if(runs_on_loop(store.database))
    return represent(check_health(store))


@service.get(
    "/openapi.json", responses=answers({"type": "object"}, "The OpenAPI document of this server.")
)
def get_openapi() -> Answer:
    """Get this document.

    In OpenAPI 3.1.
    """
    app = cast("RestApp", current_app)
    return Answer(app.public_openapi_json if root_path() else app.openapi_json)


@service.get(
    "/problems/<name>",
    responses=answers(
        _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, code=_TEXT, when=_TEXT),
        "What the problem is.",
        404,
    ),
)
def get_problem(path: ProblemPath) -> Answer:
    """Get a type of problem.

    What the `type` of a problem document leads to.
    """
    code = path.name.upper().replace("-", "_")
    if code not in PROBLEMS or path.name != path.name.lower():
        raise NotFound(f"there is no problem {path.name!r}")
    return represent(
        {"type": root_path() + type_of(code), **PROBLEMS[code]._asdict(), "code": code}
    )


@service.get(
    DEPRECATIONS,
    responses=answers(
        {
            "type": "array",
            "items": _object(
                resource=_TEXT, field=_TEXT, since=_INSTANT, sunset=_INSTANT, reason=_TEXT
            ),
        },
        "Each deprecated field: since when it is, from when on it may be gone, and what to read "
        "instead.",
    ),
)
def list_deprecations() -> Answer:
    """List the deprecated fields.

    What the `deprecation` link of an answer that has such a field leads to.
    """
    return represent(
        [
            {
                "resource": entity.name,
                "field": name,
                "since": f"{said.since:{_RFC_3339}}",
                "sunset": f"{said.sunset:{_RFC_3339}}",
                "reason": said.reason,
            }
            for entity in ENTITIES.values()
            for name, said in entity.deprecated.items()
        ]
    )


@pages.get("/docs")
def show_docs() -> Answer:
    """Swagger UI."""
    policy = ("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
    page = _DOCS_PAGE.substitute(prefix=root_path())
    return Answer(page.encode(), 200, [policy], "text/html; charset=utf-8")


@pages.get("/docs/start.js")
def get_docs_script() -> Answer:
    """What starts Swagger UI; a file of its own, as the policy allows no inline scripts."""
    return Answer(_DOCS_SCRIPT.encode(), 200, [], "text/javascript; charset=utf-8")


@pages.get("/docs/<path:name>")
def get_docs_asset(name: str) -> Response | NoContent:
    """A file of Swagger UI, from the installed package."""
    file = send_from_directory(_swagger_ui(), name, max_age=_ASSETS_MAX_AGE, conditional=False)
    tag = file.headers["ETag"]
    for name in ("Last-Modified", "Expires"):  # ETag and Cache-Control say the same, also in a 304
        file.headers.pop(name)
    try:  # by the rule of every other answer; Werkzeug's own refuses `If-Match: *`
        require_match(request.environ.get("HTTP_IF_MATCH"), tag)
    except BookstoreError as error:
        file.close()
        raise BadInput("header", error) from None
    if matching(request.environ.get("HTTP_IF_NONE_MATCH"), tag, accepts_gzip=False):
        file.close()
        return NoContent([("ETag", tag), ("Cache-Control", file.headers["Cache-Control"])], 304)
    return file


@cache
def _swagger_ui() -> Path:
    found = find_spec("flask_openapi_swagger")
    assert found
    assert found.origin
    return Path(found.origin).parent / "templates" / "swagger"
