"""Claim 10: the copies make the changes that they tell of; what is found decides the verdict."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from graphql import build_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, NothingToJudge
from benchmarks.claims.contract_changes import by_hand, contracts, deployed, judging, measuring
from benchmarks.claims.contract_changes.changes import CHANGES, PAGE_SIZE
from benchmarks.claims.contract_changes.results import APIS, Found, Kind, Outcome, Results, Types
from tests.waiting import LIMIT_S

NAMES = [change.name for change in CHANGES]
# The lists that a page reads, by the operation that the document names them with.
READ = {
    "list_books": "?limit=20",
    "list_orders_of_customer": "",
    "get_customer": "?fields=name,orders.id,orders.status,orders.total_amount",
}


@pytest.fixture(scope="module")
def urls() -> Iterator[Mapping[str, Mapping[str, str]]]:
    with measuring.serving() as found:
        yield found


# -- the copies ------------------------------------------------------------------------------


def operations(document: Any) -> dict[str, tuple[str, Any]]:
    return {
        operation["operationId"]: (path, operation)
        for path, item in document["paths"].items()
        for operation in item.values()
    }


@pytest.mark.slow
@pytest.mark.parametrize("change", ["", *NAMES])
def test_a_rest_copy_answers_as_its_document_says(
    urls: Mapping[str, Mapping[str, str]], change: str
) -> None:
    url = urls["rest"][change]
    document = contracts.openapi(url)
    validate(document)
    for name, query in READ.items():
        path, operation = operations(document)[name]
        required = {one["name"] for one in operation["parameters"] if one.get("required")} - {"id"}
        more = "".join(f"&{given}=title" for given in required)
        answer = requests.get(f"{url}{path.format(id=2)}{query}{more}", timeout=LIMIT_S)
        assert answer.status_code == 200, (name, answer.text)
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validator = OAS31Validator({**schema, "components": document["components"]})
        assert [error.message for error in validator.iter_errors(answer.json())] == []


@pytest.mark.slow
def test_every_change_is_in_both_contracts(urls: Mapping[str, Mapping[str, str]]) -> None:
    before = build_schema(contracts.schema(urls["graphql"][""]))
    document = contracts.openapi(urls["rest"][""])
    told = {}
    for change in NAMES:
        text = contracts.schema(urls["graphql"][change])
        assert text != contracts.schema(urls["graphql"][""]), change
        assert contracts.openapi(urls["rest"][change]) != document, change
        after = build_schema(text)
        changes = [*find_breaking_changes(before, after), *find_dangerous_changes(before, after)]
        told[change] = {one.type.name for one in changes}
    assert told == {
        "renamed": {"FIELD_REMOVED"},
        "removed": {"FIELD_REMOVED"},
        "retyped": {"FIELD_CHANGED_KIND"},
        "nullable": {"FIELD_CHANGED_KIND"},
        "enum": {"VALUE_ADDED_TO_ENUM"},
        "required": {"ARG_CHANGED_KIND"},
        "default": {"ARG_DEFAULT_VALUE_CHANGE"},
        "shorter": set(),
        "moved": {"FIELD_REMOVED"},
        "deprecated": set(),
    }


@pytest.mark.slow
def test_the_pages_by_hand_show_the_same(urls: Mapping[str, Mapping[str, str]]) -> None:
    views = [page(urls[api.partition("/")[0]][""]) for api, page in by_hand.PAGES.items()]
    assert views[0] == views[1] == views[2]
    assert [len(views[0][name]) for name in ("orders", "books")] == [20, 20]  # type: ignore[arg-type]
    for api, page in by_hand.PAGES.items():
        short = page(urls[api.partition("/")[0]]["shorter"])
        assert len(short["books"]) == PAGE_SIZE  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_copies_end_with_who_started_them() -> None:
    with measuring.serving() as found:
        url = found["rest"][""]
        assert requests.get(f"{url}/ping", timeout=LIMIT_S).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/ping", timeout=LIMIT_S)


# -- a page with the clients in use ----------------------------------------------------------


class ValidationError(Exception):
    """As pydantic's is named."""


class Answered(Exception):
    """With what the generated clients' errors have."""

    def __init__(self, **members: Any) -> None:
        super().__init__("said")
        self.__dict__.update(members)


class AtPath:
    def __init__(self, path: list[str] | None) -> None:
        self.path = path


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Answered(status_code=404), "refused"),
        (Answered(status_code=500), "error"),
        (Answered(errors=[AtPath(None)]), "refused"),
        (Answered(errors=[AtPath(["books", "0"])]), "error"),
        (ValidationError("price: missing"), "invalid"),
        (AttributeError("'NoneType'"), "error"),
    ],
)
def test_who_refuses_a_page_is_told_apart(error: Exception, kind: str) -> None:
    def page(_: str) -> Any:
        raise error

    told = deployed.outcome(page, "http://somewhere")
    assert told["kind"] == kind
    assert told["said"].startswith(f"{type(error).__name__}: ")
    assert deployed.outcome(str.upper, "a") == {"kind": "shown", "said": "", "view": "A"}


# -- the verdict -----------------------------------------------------------------------------

NOTHING, RIGHT, BROKEN = Types("", ""), Outcome("shown", ""), Outcome("error", "TypeError: so")


def found(change: str, *, by_hand: Outcome = BROKEN, **types: str) -> list[Found]:
    """A change that the types of the APIs named here notice, by mypy; it breaks pages by hand."""
    return [
        Found(
            change, api, Types("mypy", "so") if api in types else NOTHING, RIGHT, None, by_hand, []
        )
        for api in APIS
    ]


def test_a_schema_finds_changes_sooner_where_its_types_name_more() -> None:
    graphql = found("renamed", graphql="x")
    assert judging.claim(Results(graphql)).verdict == HOLDS
    both = found("removed", graphql="x", rest="x")
    assert judging.claim(Results(both)).verdict == DOES_NOT_HOLD
    some = judging.claim(Results([*graphql, *both]))
    assert some.verdict.condition == "the change is a field renamed (1 of 2 that break a page)"
    assert some.usual
    assert some.usual.verdict == DOES_NOT_HOLD
    assert judging.claim(Results(found("renamed", rest="x"))).verdict == DOES_NOT_HOLD


def test_what_breaks_no_page_is_shown_and_does_not_count() -> None:
    deprecated = found("deprecated", by_hand=RIGHT, graphql="x")
    with pytest.raises(NothingToJudge, match="no change broke a page"):
        judging.claim(Results(deprecated))
    both = found("removed", graphql="x", rest="x")
    claim = judging.claim(Results([*both, *deprecated]))
    assert claim.verdict == DOES_NOT_HOLD
    assert [row[0] for row in claim.table.rows] == ["a field removed", "a field deprecated"]
    assert "by the 1 of 2 changes that break a page" in claim.not_measured


@pytest.mark.parametrize("broken", ["generated", "by_hand"])
def test_one_page_of_one_api_is_enough_to_break(broken: str) -> None:
    rest, *others = found("renamed", by_hand=RIGHT, graphql="x")
    told = [replace(rest, **{broken: Outcome("wrong", "x")}), *others]  # type: ignore[arg-type]
    assert judging.claim(Results(told)).verdict == HOLDS


def test_a_page_that_goes_wrong_is_told_of_no_sooner_than_one_that_stays_right() -> None:
    told = [
        replace(one, generated=Outcome("wrong", "x") if one.api == "graphql" else RIGHT)
        for one in found("default")
    ]
    claim = judging.claim(Results(told))
    assert claim.verdict == DOES_NOT_HOLD
    assert claim.why[2] == (
        "Only the run shows a default changed; "
        "after a default changed, REST's client in use stays right."
    )
    assert claim.table.rows[0][1] == "nobody"


@pytest.mark.parametrize(
    ("anew", "told"), [("wrong", "run: wrong screen"), ("error", "run: error")]
)
def test_a_client_in_use_that_stays_right_is_told_with_the_one_generated_anew(
    anew: Kind, told: str
) -> None:
    rest, fields, graphql = found("default")
    rest = replace(rest, anew=Outcome(anew, "x"))
    graphql = replace(graphql, generated=Outcome("wrong", "x"), anew=Outcome("wrong", "x"))
    claim = judging.claim(Results([rest, fields, graphql]))
    assert claim.table.rows[0][1:4] == [
        f"{told} when generated anew; in use, nobody", "nobody", "run: wrong screen",
    ]  # fmt: skip
    assert claim.why[2].endswith("REST's client in use stays right until it is generated anew.")


def test_a_client_that_is_right_when_generated_anew_has_found_the_change() -> None:
    """A moved address is in the generated client; its types need say nothing."""
    told = [
        replace(one, generated=Outcome("refused", "404"), anew=RIGHT) if one.api == "rest" else one
        for one in found("moved", graphql="x")
    ]
    claim = judging.claim(Results(told))
    assert claim.verdict == DOES_NOT_HOLD
    assert claim.table.rows[0][1] == "right when generated anew; in use, validation"
    assert claim.table.rows[0][3] == "types: mypy; in use, nobody"
    assert (
        "find 0 of 1 changes by their types over REST, 0 with `fields` and 1 over" in claim.why[0]
    )
    broken = [replace(one, anew=Outcome("error", "x")) for one in told]
    assert judging.claim(Results(broken)).verdict == HOLDS


def test_without_types_the_server_s_refusal_decides() -> None:
    told = [
        replace(one, by_hand=Outcome("refused" if one.api == "graphql" else "wrong", "said"))
        for one in found("renamed")
    ]
    claim = judging.claim(Results(told))
    assert claim.verdict == DOES_NOT_HOLD
    assert claim.usual
    assert claim.usual.verdict == HOLDS
    assert list(claim.table.rows[0][4:]) == ["run: wrong screen"] * 2 + [
        "validation: request refused"
    ]


def test_who_notices_first_is_told() -> None:
    (one, *_) = found("renamed", by_hand=RIGHT)
    assert (one.with_types, one.without_types) == ("nobody", "nobody")
    refused = replace(one, generated=Outcome("invalid", "x"), by_hand=Outcome("error", "x"))
    assert (refused.with_types, refused.without_types) == ("validation", "run")
    assert replace(refused, types=Types("generator", "x")).with_types == "types"


@pytest.mark.slow
def test_what_is_published_is_found_again() -> None:
    file = Path(__file__).parents[3] / "docs" / "results" / "claims.json"
    published = json.loads(file.read_text())["claims"]["10"]["found"]["found"]
    again = measuring.measure(lambda _: None).found
    told = [(one.change, one.api, one.types.by, one.generated.kind, one.by_hand.kind, one.marked)
            for one in again]  # fmt: skip
    assert told == [
        (
            one["change"], one["api"], one["types"]["by"], one["generated"]["kind"],
            one["by_hand"]["kind"], one["marked"],
        )
        for one in published
    ]  # fmt: skip
