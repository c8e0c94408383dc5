"""From a request to the arguments of its view: path, query and body as validated models.

flask-openapi reads a view's annotations for the OpenAPI document. It would validate by them
too, but makes the JSON schema of the query anew for each request (500 µs) and takes malformed
JSON and a wrong content type for invalid values; so the same annotations are read here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar, get_type_hints
from urllib.parse import parse_qsl

from flask import request
from pydantic import BaseModel

from rest_api.web.answer import Unchanged
from rest_api.web.middleware import HEAD_ALONE
from rest_api.web.parameters import NoQuery
from rest_api.web.problems import BadInput, Where
from shared import limits
from shared.database import HandOver
from shared.errors import BookstoreError, UnsupportedMediaType, ValidationFailed, Violation
from shared.rules.validation import unknown, validated
from shared.rules.values import printable, shown
from shared.web.bodies import parse_object, require_no_coding

View = Callable[..., Any]
Model = TypeVar("Model", bound=BaseModel)

JSON: Final = ("application/json",)
MEDIA_TYPES: Final = {
    "POST": JSON,
    "PUT": JSON,
    "PATCH": ("application/merge-patch+json", *JSON),  # RFC 7396
}
LISTS: Final = ("ids", "fields")  # given again, they add to what was given
_KEPT: Final = 128  # queries of each view
_KEPT_LENGTH: Final = 500  # characters of one
_LONGEST: Final = 40  # characters of a name that may be meant for another
_BRACKETS: Final = re.compile(r"[][]+")


def parsed(view: View) -> View:
    """The view, called with the models that its annotations name.

    A view without a query takes no query parameters.
    """
    hints = get_type_hints(view)
    path, query, body = hints.get("path"), hints.get("query", NoQuery), hints.get("body")
    names = tuple(query.model_fields)
    nothing_asked = query()  # shared by all requests without a query string: it is frozen

    def read(text: str) -> Any:
        return _valid("query", query, query_values(text, names))

    # Clients ask the same again: to read a query with `fields` took a tenth of its answer's time.
    known = lru_cache(_KEPT)(read)

    def parsed_view(**values: Any) -> Any:
        arguments = {}
        if path:
            arguments["path"] = _valid("path", path, values)
        environ = request.environ
        text = environ.get("QUERY_STRING")
        asked = nothing_asked
        if text:
            asked = known(text) if len(text) <= _KEPT_LENGTH else read(text)
        if "query" in hints:
            arguments["query"] = asked
        if HEAD_ALONE in environ:
            if body:
                _require_type()
            raise HandOver
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
    _require_type()
    return _valid("body", model, parse_object(request.get_data(cache=False)))


def _require_type() -> None:
    accepted = MEDIA_TYPES[request.method]
    if request.mimetype not in accepted:
        raise UnsupportedMediaType(
            f"the body must be {' or '.join(accepted)}, "
            f"got {shown(request.mimetype) if request.mimetype else 'no Content-Type'}",
            # RFC 9110, 15.5.16; RFC 5789, 2.2
            ("Accept-Patch" if request.method == "PATCH" else "Accept", ", ".join(accepted)),
        )
    require_no_coding(request.environ.get("HTTP_CONTENT_ENCODING", ""))


def query_values(text: str, known: Sequence[str]) -> dict[str, str]:
    """The parameters by their names.

    Args:
        text: the query string, as WSGI has it.
        known: the names that there are.

    Raises:
        BadInput: a name is unknown or comes twice, or the text is not UTF-8.
    """
    given: dict[str, list[str]] = {}
    for name, value in _pairs(text):
        given.setdefault(name, []).append(value)
    strange = islice((name for name in given if name not in known), limits.MAX_VIOLATIONS)
    wrong = [
        Violation((printable(name),), unknown(known, _meant(name, given[name], known)))
        for name in strange
    ]
    wrong += [
        Violation((printable(name),), "must be given once")
        for name, values in given.items()
        if len(values) > 1 and name in known and name not in LISTS
    ]
    if wrong:
        raise BadInput("query", ValidationFailed(wrong))
    return {name: ",".join(values) for name, values in given.items()}


def _meant(name: str, values: Sequence[str], known: Sequence[str]) -> str:
    """What a misspelt parameter likely stands for: `ids=1` for `ids[]=1`; "" where unknown."""
    if len(name) > _LONGEST:
        return ""
    for part in _BRACKETS.split(name):
        snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", part).replace("-", "_").lower()
        for right in get_close_matches(snake, known, n=1, cutoff=0.75):
            text = ",".join(values) if right in LISTS else values[0]
            return printable(f"{right}={text}")
    return ""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The parameters. Halves of surrogate pairs pass: the rules of the values refuse them."""
    for name, value in parse_qsl(text, keep_blank_values=True, encoding="latin-1"):
        known = name.encode("latin-1").decode("utf-8", "backslashreplace")
        try:
            yield known, value.encode("latin-1").decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            violation = Violation((printable(known),), "must be UTF-8, percent-encoded")
            raise BadInput("query", ValidationFailed([violation])) from None
