"""GraphQL by hashes: what stands for a document names, and tells apart, what it can."""

from typing import Any

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import Recording

IDS = [f"8d3f{number:04x}-0000-4000-8000-00000000abcd" for number in range(6)]
CART = "query Cart($id: ID!) { cart(id: $id) { total } }"


def by_hash(digits: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digits * 32}}}


def ask(made: Recording, name: str, answer: Any, **more: Any) -> None:
    sent = {"operationName": name, "variables": {}} | more
    made.call("/graphql", answer, method="POST", sent=sent)


def test_a_hash_that_is_not_known_yet_comes_before_its_document(advise: Advise) -> None:
    made = Recording("h2")
    unknown = {"errors": [{"message": "PersistedQueryNotFound"}]}
    ask(made, "Cart", unknown, **by_hash("ab"))
    ask(made, "Cart", {"data": {"cart": {"total": 3}}}, query=CART, **by_hash("ab"))
    advised = advise(made)
    assert advised.kinds == {"not registered"}
    assert advised.requests_and_steps("side by side") == (2, 2)
    assert advised.views[0]["cure"] == ""
    assert [call["template"] for call in advised.views[0]["calls"]] == ["query Cart"] * 2


def test_errors_of_a_hash_without_a_document_after_it_are_errors(advise: Advise) -> None:
    made = Recording("h2")
    ask(made, "Cart", {"errors": [{"message": "no"}]}, **by_hash("ab"))
    assert advise(made).kinds == {"graphql errors"}


@pytest.mark.parametrize("name", ["AddToCart", "cartAddMutation", "setAddress"])
def test_a_hash_may_change_something_as_its_name_says(advise: Advise, name: str) -> None:
    made = Recording("h2")
    for _ in range(2):
        ask(made, name, {"data": {"done": True}}, **by_hash("ab"))
    advised = advise(made)
    assert advised.findings == []
    assert advised.requests_and_steps("side by side") == (2, 2)
    assert "2 of 2 calls are GraphQL by a hash alone" in advised.views[0]["doubts"][0]


def test_a_document_at_another_time_tells_the_kind(advise: Advise) -> None:
    made = Recording("h2")
    for _ in range(2):
        ask(made, "Bump", {"data": {"bump": 1}}, **by_hash("ab"))
    ask(made, "Bump", {"data": {"bump": 1}}, query="mutation Bump { bump }", **by_hash("ab"))
    advised = advise(made)
    assert {call["template"] for call in advised.views[0]["calls"]} == {"mutation Bump"}
    assert advised.findings == []
    assert advised.views[0]["doubts"] == []


def test_names_that_only_begin_like_a_change_read(advise: Advise) -> None:
    made = Recording("h2")
    for name in ("Settings", "Addresses", "Posts"):
        ask(made, name, {"data": {"shown": 1}}, **by_hash("ab"))
    assert advise(made).requests_and_steps("side by side") == (3, 1)


def test_what_is_asked_for_by_get_reads(advise: Advise) -> None:
    made = Recording("h2")
    made.call(f"/graphql?documentId=sha256:{'ab' * 32}&operationName=AddedToCart", {"data": {}})
    advised = advise(made)
    assert advised.views[0]["calls"][0]["template"] == "query AddedToCart"
    assert advised.views[0]["doubts"] == []


@pytest.mark.parametrize(
    "way", [by_hash("cd"), {"documentId": "sha256:" + "cd" * 32}, {"id": "cd" * 16},
            {"doc_id": "7012345678901234"}]
)  # fmt: skip
@pytest.mark.parametrize("named", [True, False])
def test_an_operation_for_each_id_whatever_stands_for_the_document(
    advise: Advise, way: dict[str, Any], named: bool
) -> None:
    made = Recording("h2")
    things = {"data": {"things": [{"id": one} for one in IDS]}}
    made.graphql("query Things { things { id } }", things["data"])
    for one in IDS:
        sent = {"operationName": "Thing" if named else None, "variables": {"id": one}} | way
        made.call("/graphql", {"data": {"thing": {"n": 1}}}, method="POST", sent=sent)
    advised = advise(made)
    assert len(advised.finding("n+1")["calls"]) == 6
    assert advised.requests_and_steps("side by side") == (7, 2)


def test_documents_without_a_name_are_told_apart_by_what_stands_for_them(advise: Advise) -> None:
    made = Recording("h2")
    for number in range(6):
        made.call("/graphql", {"data": {"n": 1}}, method="POST", at=0,
                  sent={"documentId": f"{number}a" * 16, "variables": {"day": number}})  # fmt: skip
    assert advise(made).findings == []  # of one template it would be a range
