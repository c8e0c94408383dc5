"""GraphQL errors: each with a code, and the field that is to blame."""

import logging
import traceback
import uuid
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError, VariableNode
from graphql.execution import values

from shared.errors import BookstoreError, TooComplex, ValidationFailed, Violation

log = logging.getLogger(__name__)

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
INTERNAL: Final = "INTERNAL"

Entry = dict[str, Any]


def entry_of(error: BookstoreError) -> Entry:
    """A member of `errors`, for a document that was refused before it was executed."""
    return {"message": error.message, "extensions": _extensions(error)}


def internal_entry(error: BaseException) -> Entry:
    """The entry for an unexpected error: masked, and logged under the id that it carries."""
    mark = f"urn:uuid:{uuid.uuid4()}"
    log.error("internal error %s", mark, exc_info=error)
    message = f"this request failed unexpectedly; the server's log has it as {mark}"
    return {"message": message, "extensions": {"code": INTERNAL, "id": mark}}


def document_entry(error: GraphQLError) -> Entry:
    """The entry for an error that parsing or validating a document has found."""
    if isinstance(error.original_error, BookstoreError):
        return _placed(error, entry_of(error.original_error))
    code = PARSE_FAILED if isinstance(error, GraphQLSyntaxError) else VALIDATION_FAILED
    return _placed(error, {"message": error.message, "extensions": {"code": code}})


def execution_entry(error: GraphQLError) -> Entry:
    """The entry for an error of a field, met during the execution."""
    cause = error.original_error or error
    if isinstance(cause, BookstoreError):
        return _placed(error, entry_of(cause))
    if isinstance(cause, GraphQLError) and _is_of_arguments(cause):
        return _placed(error, entry_of(_argument_error(cause)))
    return _placed(error, internal_entry(cause))


def _extensions(error: BookstoreError) -> Entry:
    extensions: Entry = {"code": error.code}
    if error.field:
        extensions["field"] = error.field
    if isinstance(error, ValidationFailed):
        extensions["errors"] = [
            {"field": violation.field, "message": violation.message}
            for violation in error.violations
        ]
    elif isinstance(error, TooComplex) and error.cost is not None:
        extensions.update(cost=error.cost, limit=error.limit)
    return extensions


def _placed(error: GraphQLError, entry: Entry) -> Entry:
    """The entry with its `locations` in the document and its `path` in the answer."""
    placed: Entry = {"message": entry["message"]}
    if error.locations:
        placed["locations"] = [location.formatted for location in error.locations]
    if error.path:
        placed["path"] = error.path
    placed["extensions"] = entry["extensions"]
    return placed


def _is_of_arguments(error: GraphQLError) -> bool:
    """Whether graphql-core raised it while it gave arguments their values.

    Validation leaves one case to it: a variable that may be null where null is not allowed.
    """
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_globals.get("__name__") == values.__name__ for frame, _ in frames)


def _argument_error(error: GraphQLError) -> ValidationFailed:
    nodes = [node for node in error.nodes or () if isinstance(node, VariableNode)]
    path = (nodes[0].name.value,) if nodes else ()
    return ValidationFailed([Violation(path, "must not be null where it is used")])
