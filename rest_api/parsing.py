"""From a request to the arguments of its view: path, query and body as validated models.

flask-openapi reads a view's annotations for the OpenAPI document. It would validate by them
too, but makes the JSON schema of the query anew for each request (500 µs) and takes malformed
JSON and a wrong content type for invalid values; so the same annotations are read here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_type_hints

from flask import request
from pydantic import BaseModel

from rest_api.inputs import NoQuery
from rest_api.problems import BadInput, Where
from shared.bodies import parse_object
from shared.errors import BookstoreError, UnsupportedMediaType, ValidationFailed, Violation
from shared.validation import validated

View = Callable[..., Any]
Model = TypeVar("Model", bound=BaseModel)

JSON: Final = ("application/json",)
MEDIA_TYPES: Final = {
    "POST": JSON,
    "PUT": JSON,
    "PATCH": ("application/merge-patch+json", *JSON),  # RFC 7396
}
_LISTS: Final = ("ids", "fields")  # given again, they add to what was given


def parsed(view: View) -> View:
    """The view, called with the models that its annotations name.

    A view without a query takes no query parameters.
    """
    hints = get_type_hints(view)
    path, query, body = hints.get("path"), hints.get("query", NoQuery), hints.get("body")
    nothing_asked = query()  # shared by all requests without a query string: it is frozen

    def parsed_view(**values: Any) -> Any:
        arguments = {}
        if path:
            arguments["path"] = _valid("path", path, values)
        asked = _valid("query", query, _query_values()) if _has_query() else nothing_asked
        if "query" in hints:
            arguments["query"] = asked
        if body:
            arguments["body"] = _valid_body(body)
        return view(**arguments)

    return parsed_view


def _valid(where: Where, model: type[Model], values: Mapping[str, Any]) -> Model:
    try:
        return validated(model, values)
    except BookstoreError as error:
        raise BadInput(where, error) from None


def _has_query() -> bool:
    return bool(request.environ.get("QUERY_STRING"))


def _query_values() -> dict[str, str]:
    values: dict[str, str] = {}
    repeated = []
    for name, given in request.args.lists():
        values[name] = ",".join(given)
        if len(given) > 1 and name not in _LISTS:
            repeated.append(Violation((name,), f"must be given once, got {len(given)} of them"))
    if repeated:
        raise BadInput("query", ValidationFailed(repeated))
    return values


def _valid_body(model: type[Model]) -> Model:
    accepted = MEDIA_TYPES[request.method]
    coding = request.headers.get("Content-Encoding", "identity")
    if request.mimetype not in accepted:
        raise UnsupportedMediaType(
            f"the body must be {' or '.join(accepted)}, "
            f"got {request.mimetype or 'no Content-Type'!r}"
        )
    if coding.lower() != "identity":
        raise UnsupportedMediaType(f"the body must come without a content coding, got {coding!r}")
    return _valid("body", model, parse_object(request.get_data(cache=False)))
