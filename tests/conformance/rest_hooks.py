"""What schemathesis is told beyond the OpenAPI document: the rules that JSON Schema cannot say.

Rules of one value are formats, so that right and wrong values are made by them. Rules between
values, and what only the bookstore's rows decide, are the refusals listed at the end.
"""

import itertools
import json
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from shared import limits
from shared.reading.catalogue import ENTITIES
from tests.conformance import values

# The check digit of an ISBN.
schemathesis.openapi.format("isbn", values.isbns())
# An e-mail address is of RFC 5322's plain form, and its domain is not one of the reserved.
schemathesis.openapi.format("email", values.emails())
# The paths that exist from an entity on.
for entity in ENTITIES.values():
    schemathesis.openapi.format(f"fields-of-{entity.name}", values.field_paths(entity))
# Which state of a resource is to be changed: any, mostly.
schemathesis.openapi.format("entity-tags", values.tags())
# Where a list sorted by the id can be continued.
schemathesis.openapi.format("cursor", values.cursors("id", int))


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Say more than the document can."""
    _refine(raw_schema)


def _refine(part: object) -> None:
    if isinstance(part, dict):
        if part.get("format") == "money":
            # At most two decimals. To a validator that divides doubles, 19.99 is no multiple of
            # 0.01, so the document does not say this; the tool's own validator divides exactly.
            part["multipleOf"] = 0.01
        if part.get("name") in ("If-Match", "If-None-Match") and "pattern" in part["schema"]:
            # The tool makes headers without their pattern, but with their format.
            part["schema"]["format"] = "entity-tags"
        for inner in part.values():
            _refine(inner)
    elif isinstance(part, list):
        for inner in part:
            _refine(inner)


@schemathesis.hook
def map_case(context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """Right requests that also can be answered: what they ask for is not changed otherwise.

    Of requests with `ids` and what they exclude, some keep the one and some the other; the defaults
    stay. A new resource shows its id, which the document's links lead on by.
    """
    query = case.query or {}
    if case.meta is None or case.meta.generation.mode.is_negative:
        return case
    if _ids_are_not_alone(case):
        excluded = _beside_ids(case) if len(str(query["ids"])) % 2 else {"ids"}
        query = case.query = {name: query[name] for name in query if name not in excluded}
    if case.method == "POST" and "fields" in query:
        case.query = {**query, "fields": f"id,{query['fields']}"}
    return case


_numbers = itertools.count(1)


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]
) -> None:
    """What makes a run long, or ends it early, without saying anything.

    A long poll waits hardly at all, for what would not come; its seconds are written without an
    exponent, which the server does not read. In sequences, a new resource is another one each
    time: no two have the same e-mail address or ISBN, and a sequence that is tried again, to be
    varied, would end at its first step.
    """
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    if case.query and "wait" in case.query:
        case.query["wait"] = round(min(float(case.query["wait"]), 0.01), 2)
    if case.method == "POST" and case.meta.phase.name == TestPhase.STATEFUL:
        for name, unique in (("email", values.email_of), ("isbn", values.isbn_of)):
            if name in case.body:
                case.body[name] = unique(next(_numbers))


def _ids_are_not_alone(case: schemathesis.Case) -> bool:
    """`ids` excludes cursors, filters, and what is no default of paging and sort."""
    return "ids" in (case.query or {}) and bool(_beside_ids(case))


def _beside_ids(case: schemathesis.Case) -> set[str]:
    """The parameters beside `ids` that are not as the document declares their defaults."""
    declared = {"limit": limits.DEFAULT_LIMIT, "offset": 0, "sort": "id"}
    query = case.query or {}
    return {
        name
        for name, value in query.items()
        if name not in ("ids", "fields") and str(value) != str(declared.get(name))
    }


def _cursor_and_offset(case: schemathesis.Case) -> bool:
    """`after` excludes an offset."""
    query = case.query or {}
    return "after" in query and bool(query.get("offset"))


def _cursor_of_another_order(case: schemathesis.Case) -> bool:
    """A cursor continues the list that was sorted in the same way; those made here, by the id."""
    query = case.query or {}
    return bool(query.get("after")) and query.get("sort", "id") != "id"


def _book_twice(case: schemathesis.Case) -> bool:
    """An order's items are each another book."""
    if case.method != "POST" or not isinstance(case.body, dict):
        return False
    books = [item["book_id"] for item in case.body.get("items", ())]
    return len(set(books)) < len(books)


# Rules between values: each is looked up in the request, whatever the answer says.
BETWEEN_VALUES = (_ids_are_not_alone, _cursor_and_offset, _cursor_of_another_order, _book_twice)

# What only the bookstore's rows decide, or the limit of what a request may cost.
DECIDED_BY_ROWS = {
    "UNKNOWN_REFERENCE",  # an author, a book or a customer that does not exist
    "PRECONDITION_FAILED",  # a version that is not the present one
    "TOO_COMPLEX",  # `fields` with too many relations: the most objects of all lists multiply
}


def _header_without_meaning(case: schemathesis.Case) -> bool:
    """One that the server does not know is left alone (RFC 9110, 5.1), and so is one that is empty.

    The latter is `Last-Event-ID`, as clients send it that have seen no event.
    """
    headers = case.headers or {}
    unknown = "X-Schemathesis-Unknown-Property" in headers
    return unknown or not headers.get("Last-Event-ID", "0")


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext,
    failure: Failure,
    case: schemathesis.Case,
    response: schemathesis.Response,
) -> bool:
    """Every failure counts, but for a refusal by one of the rules above."""
    if isinstance(failure, AcceptedNegativeData):
        return not _header_without_meaning(case)
    if not isinstance(failure, RejectedPositiveData):
        return True
    if response.status_code == 422 and any(broken(case) for broken in BETWEEN_VALUES):
        return False
    return json.loads(response.content)["code"] not in DECIDED_BY_ROWS
