"""JSON-RPC: one address for all methods, which are told apart by their names."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import Recording

USERS = [4, 17, 9, 23, 11]


class Procedures(Recording):
    """A recording of calls by JSON-RPC, each with a number of its own."""

    def __init__(self) -> None:
        super().__init__("h2")
        self.ids = count(1)

    def message(self, method: str, params: Any) -> dict[str, Any]:
        """A call, without being sent."""
        return {"jsonrpc": "2.0", "method": method, "params": params, "id": next(self.ids)}

    def procedure(self, method: str, params: Any, result: Any, **more: Any) -> None:
        """Add a call."""
        sent = self.message(method, params)
        answer = {"jsonrpc": "2.0", "result": result, "id": sent["id"]}
        self.call("/rpc", answer, method="POST", sent=sent, **more)


def templates(advised: Any) -> list[str]:
    return [call["template"] for view in advised.views for call in view["calls"]]


def test_each_method_has_a_template_of_its_own(advise: Advise) -> None:
    made = Procedures()
    made.procedure("listUsers", {}, [{"id": number} for number in USERS])
    for number in USERS:
        made.procedure("getUser", {"id": number}, {"id": number, "name": f"N. {number}"})
    advised = advise(made)
    assert templates(advised) == ["POST /rpc listUsers", *["POST /rpc getUser"] * 5]
    found = advised.finding("n+1")
    assert "5 calls of `POST /rpc getUser` by ids from `result[].id`" in found["found"]
    assert found["fix"].startswith("a batch, or a list of ids")
    assert advised.requests_and_steps("lists") == (2, 2)
    assert any("6 of 6 calls are JSON-RPC" in one for one in advised.views[0]["doubts"])


def test_the_number_of_a_call_is_no_part_of_what_it_asks_for(advise: Advise) -> None:
    made = Procedures()
    for _ in range(2):
        made.procedure("user.get", [7], {"name": "Ada"})
        made.procedure("user.roles", [7], ["reader"])
    assert "repeat" not in advise(made).kinds  # as `roles` may change something
    made = Procedures()
    for _ in range(2):
        made.procedure("user.get", [7], {"name": "Ada"})
    assert "repeat" in advise(made).kinds


def test_numbers_of_calls_in_answers_are_no_source(advise: Advise) -> None:
    made = Procedures()
    for number in (1, 2, 3, 4, 5):
        made.procedure("getPage", {}, {"n": "x" * number})
    for number in (1, 2, 3, 4, 5):
        made.procedure("getShelf", {"id": number}, {"books": number * 100})
    assert "n+1" not in advise(made).kinds


def test_a_batch_is_one_request_of_all_its_methods(advise: Advise) -> None:
    made = Procedures()
    sent = [made.message(*each) for each in (("getUser", [7]), ("getUser", [8]), ("getNews", []))]
    answers = [{"jsonrpc": "2.0", "result": {}, "id": one["id"]} for one in sent]
    made.call("/rpc", answers, method="POST", sent=sent)
    made.procedure("deleteUser", [7], None)
    assert templates(advise(made)) == ["POST /rpc getUser + getNews", "POST /rpc deleteUser"]


@pytest.mark.parametrize(
    ("sent", "template"),
    [
        ({"method": "Cart.Get", "params": [], "id": 0}, "POST /rpc Cart.Get"),
        ({"method": "tools/list", "jsonrpc": "2.0"}, "POST /rpc tools/list"),
        ({"method": "eth_getBalance", "params": ["0x1"], "id": 1}, "POST /rpc eth_getBalance"),
        ([{"method": "a.get", "params": []}, {"status": "paid"}], "POST /rpc"),
        ([], "POST /rpc"),
        ({"method": "card", "amount": 3, "id": 4}, "POST /rpc"),
        ({"method": "card", "params": {}, "amount": 3}, "POST /rpc"),
        ({"method": 3, "params": {}}, "POST /rpc"),
        ({"method": "jane@doe.org", "params": {}}, "POST /rpc *"),
        ({"method": "Jane Doe", "params": {}}, "POST /rpc *"),
        ({"method": "user.4711.get", "params": {}}, "POST /rpc user.{id}.get"),
        ({"method": "get/8d3f0001-0000-4000-8000-00000000abcd", "params": {}}, None),
        ({"method": "get_9f86d081884c7d659a2feaa0c55ad015", "params": {}}, "POST /rpc get_{id}"),
    ],
)
def test_what_is_a_method_and_what_of_its_name_is_shown(
    advise: Advise, sent: Any, template: str | None
) -> None:
    made = Recording("h2")
    made.call("/rpc", {"result": 1}, method="POST", sent=sent)
    advised = advise(made)
    (found,) = templates(advised)
    assert template is None or found == template
    text = json.dumps(advised.document)
    for value in ("4711", "abcd", "9f86", "doe", "Doe", "card", "8d3f"):
        assert value not in text


@pytest.mark.parametrize(
    ("method", "is_write"),
    [
        ("getUser", False), ("user.get", False), ("Users.List", False), ("list_orders", False),
        ("bookstore.get_book", False), ("getblockcount", False), ("eth_getBalance", False),
        ("createOrder", True), ("order.create", True), ("list.add", True), ("cart/clear", True),
        ("eth_sendRawTransaction", True), ("frobnicate", True), ("Users.Delete", True),
    ],
)  # fmt: skip
def test_a_method_may_change_something_as_its_name_says(
    advise: Advise, method: str, is_write: bool
) -> None:
    made = Procedures()
    for _ in range(2):
        made.procedure(method, [7], {"done": True})
    assert ("repeat" in advise(made).kinds) is not is_write


def test_errors_with_status_200_are_told(advise: Advise) -> None:
    made = Procedures()
    sent = made.message("getUser", [7])
    answer = {"jsonrpc": "2.0", "error": {"code": -32601, "message": "no"}, "id": sent["id"]}
    made.call("/rpc", answer, method="POST", sent=sent)
    found = advise(made).finding("json-rpc errors")
    assert found["found"] == "1 answer of `POST /rpc getUser` with status 200 and JSON-RPC errors"
    assert "`error`" in found["fix"]


@pytest.mark.parametrize("line", ["getUser", "/rpc getUser", "POST /rpc getUser"])
def test_what_a_screen_uses_may_be_told_by_the_method(
    advise: Advise, tmp_path: Path, line: str
) -> None:
    made = Procedures()
    made.procedure("getUser", [7], {"name": "Ada", "bio": "x" * 500})
    used = tmp_path / "used.txt"
    used.write_text(f"{line}: name\n")
    way = advise(made, "--used", str(used)).way("selection")
    assert way["bytes_low"] == way["bytes_high"] < 700
