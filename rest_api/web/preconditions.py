"""Conditional requests: `If-None-Match`, `If-Match`, `Idempotency-Key`."""

from flask import current_app, request

from rest_api.web.answer import NoContent, Unchanged
from rest_api.web.current import bookstore
from rest_api.web.problems import BadInput
from rest_api.web.row_tags import versions, versions_known
from rest_api.web.views import View
from shared.config import Settings
from shared.database import Connection
from shared.errors import PreconditionRequired, ValidationFailed
from shared.operations.idempotency import idempotency_key
from shared.operations.rows import AllBut, Versions
from shared.reading.catalogue import Entity
from shared.reading.fetching import fetch_version
from shared.web.bodies import accepts_gzip
from shared.web.etags import matching


def unless_known(connection: Connection, view: View, row_id: int) -> None:
    """Answer 304 at once if `If-None-Match` has the row's tag; only the row's version is read.

    Where other rows are shown too, the middleware compares the tag of the whole content instead.

    Raises:
        Unchanged: the client has this state already.
    """
    listed = request.environ.get("HTTP_IF_NONE_MATCH")
    if listed is None or not view.is_own:
        return
    if "HTTP_IF_MATCH" in request.environ:
        return  # If-Match takes precedence, and is compared by the middleware
    if view.prefix(row_id) not in listed and "*" not in listed:
        return  # no version can match: do not read it twice
    version = fetch_version(connection, view.selection.entity, row_id)
    if version is None:
        return  # and reading the row says so
    gzip = accepts_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    if tag := matching(listed, view.tag(row_id, version), gzip):
        raise Unchanged(NoContent([("ETag", tag), *view.headers], 304))


def expected(entity: Entity, row_id: int) -> Versions:
    """The versions in which a row may be changed, by its conditions; None for any.

    Where the settings want `If-Match` and it is missing, the error that says so.

    Raises:
        BadInput: a condition is no list of tags.
    """
    listed = request.environ.get("HTTP_IF_MATCH")
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    settings: Settings = current_app.extensions["settings"]
    if listed is not None or known is not None:
        try:
            named = _named(listed, known, (bookstore().instance, entity.name, row_id))
        except ValidationFailed as error:
            raise BadInput("header", error) from None
        if listed is not None or not settings.require_if_match:
            return named
    if settings.require_if_match:
        return PreconditionRequired(
            "a change must say which version it changes: send the ETag that you read as If-Match"
        )
    return None


def _named(listed: str | None, known: str | None, row: tuple[str, str, int]) -> Versions:
    """The versions of a row that both conditions allow, either of which may be left out."""
    allowed = None if listed is None else versions(listed, *row)
    if known is None:
        return allowed
    excluded = versions_known(known, *row)
    if allowed is None:
        return AllBut(excluded)
    return allowed - excluded if excluded is not None else ()


def given_key() -> str | None:
    """The `Idempotency-Key`, if there is one.

    Raises:
        BadInput: it is not a valid key.
    """
    text = request.environ.get("HTTP_IDEMPOTENCY_KEY")
    try:
        return None if text is None else idempotency_key(_unquoted(text), "Idempotency-Key")
    except ValidationFailed as error:
        raise BadInput("header", error) from None


def _unquoted(text: str) -> str:
    """The header's text without the double quotes that its draft has around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
