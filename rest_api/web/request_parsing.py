"""From a request to the arguments of its view: path, query and body as validated models.

flask-openapi reads a view's annotations for the OpenAPI document. It would validate by them
too, but makes the JSON schema of the query anew for each request (500 µs) and takes malformed
JSON and a wrong content type for invalid values; so the same annotations are read here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_type_hints

from flask import request
from pydantic import BaseModel

from rest_api.web.parameters import NoQuery
from rest_api.web.problems import BadInput, Where
from rest_api.web.query_strings import query_values
from rest_api.web.responses import Unchanged
from shared.errors import BookstoreError, UnsupportedMediaType
from shared.rules.validation import validated
from shared.rules.values import shown
from shared.web.bodies import parse_object, require_no_coding

View = Callable[..., Any]
Model = TypeVar("Model", bound=BaseModel)

JSON: Final = ("application/json",)
MEDIA_TYPES: Final = {
    "POST": JSON,
    "PUT": JSON,
    "PATCH": ("application/merge-patch+json", *JSON),  # RFC 7396
}


def parsed(view: View) -> View:
    """The view, called with the models that its annotations name.

    A view without a query takes no query parameters.
    """
    hints = get_type_hints(view)
    path, query, body = hints.get("path"), hints.get("query", NoQuery), hints.get("body")
    names = tuple(query.model_fields)
    nothing_asked = query()  # shared by all requests without a query string: it is frozen

    def parsed_view(**values: Any) -> Any:
        arguments = {}
        if path:
            arguments["path"] = _valid("path", path, values)
        text = request.environ.get("QUERY_STRING")
        asked = _valid("query", query, query_values(text, names)) if text else nothing_asked
        if "query" in hints:
            arguments["query"] = asked
        if body:
            arguments["body"] = _valid_body(body)
        try:
            return view(**arguments)
        except Unchanged as unchanged:  # Flask's own handling took as long as reading the row
            return unchanged.answer

    return parsed_view


def _valid(where: Where, model: type[Model], values: Mapping[str, Any]) -> Model:
    try:
        return validated(model, values)
    except BookstoreError as error:
        raise BadInput(where, error) from None


def _valid_body(model: type[Model]) -> Model:
    accepted = MEDIA_TYPES[request.method]
    if request.mimetype not in accepted:
        raise UnsupportedMediaType(
            f"the body must be {' or '.join(accepted)}, "
            f"got {shown(request.mimetype) if request.mimetype else 'no Content-Type'}"
        )
    require_no_coding(request.environ.get("HTTP_CONTENT_ENCODING", ""))
    return _valid("body", model, parse_object(request.get_data(cache=False)))
