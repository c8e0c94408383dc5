"""What waits for what: by tokens, by values within values, and not by what was known anyway."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import API, Recording

IDS = [f"8d3f{number:04x}-0000-4000-8000-00000000abcd" for number in range(6)]
NUMBERS = [3, 8, 5, 9, 21, 33]
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize("header", ["authorization", "x-csrf-token"])
def test_what_is_sent_with_a_token_waits_for_it_and_is_no_part_of_its_answer(
    advise: Advise, header: str
) -> None:
    made = Recording("h2")
    made.call("/v1/session", {"token": TOKEN})
    for name in ("cart", "offers", "news"):
        made.call(f"/v1/{name}", {"name": name}, at=60, asked={header: f"Bearer {TOKEN}"})
    advised = advise(made)
    assert advised.findings == []
    assert advised.requests_and_steps("side by side") == (4, 2)
    assert advised.requests_and_steps("selection") == (4, 2)
    assert advised.requests_and_steps("one request") == (2, 2)  # the session's, and one with it


def test_a_token_that_was_known_before_makes_nothing_wait(advise: Advise) -> None:
    made = Recording("h2")
    asked = {"authorization": f"Bearer {TOKEN}"}
    made.call("/v1/session", {"token": TOKEN}, asked=asked)
    made.call("/v1/cart", {"total": 3}, asked=asked)
    assert advise(made).requests_and_steps("side by side") == (2, 1)


@pytest.mark.parametrize("ids", [IDS, NUMBERS], ids=["UUIDs", "small"])
@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/rest/v1/authors?id=eq.{}", "/rest/v1/authors?id={}"),
        ("/v1/authors?id=in.({})", "/v1/authors?id={}"),
        ("/v1/authors?filter=" + quote('{"where":{"id":"{}"}}', safe="{}"), "?filter={}"),
        ("/odata/Authors({})", "/odata/Authors({id})"),
        ("/odata/Authors('{}')/Books", "/odata/Authors({id})/Books"),
        ("/odata/Authors?$filter=AuthorId%20eq%20'{}'", "/odata/Authors?$filter={}"),
        ("/v1/authors?q=id%3D%3D{}", "/v1/authors?q={}"),
        ("/v1/authors?q=author:{}", "/v1/authors?q={}"),
        ("/v1/authors;id={}", "/v1/authors;id={id}"),
        ("/trpc/author.byId?input=" + quote('{"json":{"id":"{}"}}', safe="{}"), "author.byId?"),
        ("/v1/authors/{},{}", "/v1/authors/{"),
    ],
)  # fmt: skip
def test_a_value_within_a_value_leads_to_what_had_it(
    advise: Advise, path: str, template: str, ids: list[Any]
) -> None:
    made = Recording("h2")
    made.call("/v1/books", [{"n": 1, "author_id": one} for one in ids])
    start = made.now + 3
    for one in ids:
        made.call(path.replace("{}", str(one)), {"shown": True}, at=start, took=20)
    advised = advise(made)
    assert "range" not in advised.kinds
    assert advised.requests_and_steps("side by side") == (7, 2)
    assert template in advised.views[0]["calls"][1]["template"]


@pytest.mark.parametrize(
    "value",
    [
        "awaiting_shipment", "CREATED_AT_DESCENDING", "createdAtDescending", "America/New_York",
        "Jane Mary Smithson", "10000", "20240501",
    ],
)  # fmt: skip
def test_what_programs_know_anyway_proves_nothing(advise: Advise, value: str) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"shown": int(value) if value.isdigit() else value})
    made.call(f"/v1/orders?by={quote(value)}", [])
    assert advise(made).requests_and_steps("side by side") == (2, 1)


def test_moments_of_a_range_are_from_no_series(advise: Advise) -> None:
    made = Recording("h2")
    for day in range(6):
        start = 1_714_521_600 + day * 86_400
        end = start + 86_400
        made.call(f"/v1/sales?from={start}&to={end}", {"series": [[start, 1], [end, 2]]})
    advised = advise(made)
    assert advised.kinds == {"range", "chain"}
    assert advised.requests_and_steps("side by side") == (6, 1)


@pytest.mark.parametrize("told_by", ["page", "referer"])
def test_what_the_pages_address_holds_is_known(advise: Advise, told_by: str) -> None:
    made, address = Recording("h2"), f"https://shop.example.com/orders/{IDS[0]}"
    if told_by == "page":
        made.page(address)
    asked = {"referer": address} if told_by == "referer" else {}
    made.call("/v1/me", {"last_order": IDS[0]}, asked=asked)
    made.call(f"/v1/orders/{IDS[0]}", {"total": 3}, asked=asked)
    assert advise(made).requests_and_steps("side by side") == (2, 1)


def test_an_address_that_an_answer_led_to_was_not_known_before_it(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"last_order": IDS[0]})
    asked = {"referer": f"https://shop.example.com/orders/{IDS[0]}"}
    made.call(f"/v1/orders/{IDS[0]}", {"total": 3}, asked=asked)
    assert advise(made).requests_and_steps("side by side") == (2, 2)


def listed(start: float) -> Recording:
    """A list, and its things at once; a tab of the name that browsers give the first."""
    made = Recording("h2")
    made.call("/v1/things", [{"id": one} for one in IDS], at=start, pageref="page_1")
    for one in IDS:
        made.call(f"/v1/things/{one}", {"name": "n"}, at=start + 60, pageref="page_1")
    return made


@pytest.mark.parametrize("files", [1, 2])
def test_a_screen_that_is_seen_twice_needs_the_same_each_time(
    advise: Advise, tmp_path: Path, files: int
) -> None:
    first, second = listed(0), listed(60_000)
    if files == 1:
        first.entries += second.entries
    recordings = [first.write(tmp_path / "first.har"), second.write(tmp_path / "second.har")]
    advised = advise(recordings[:files])
    for view in (0, 1):
        assert {one["kind"] for one in advised.views[view]["findings"]} == {"n+1"}
        assert advised.requests_and_steps("side by side", view) == (7, 2)
        assert advised.requests_and_steps("selection", view) == (1, 1)


def test_what_another_site_is_told_changes_nothing(advise: Advise) -> None:
    made = Recording("h2")
    for name in ("user", "cart", "offers"):
        made.call(f"/v1/{name}", {"name": name})
        made.call("https://counts.example.net/track", {}, method="POST", sent={"seen": name})
    made.call("/v1/user", {"name": "user"})
    advised = advise(made)
    assert advised.requests_and_steps("side by side")[1] == 3  # of the other site's, one by one
    assert len(advised.finding("repeat")["calls"]) == 2


def test_what_another_host_of_the_site_is_told_may_change_something(advise: Advise) -> None:
    made = Recording("h2")
    made.call("https://write.example.com/v1/cart", {"n": 1}, method="POST", sent={"book": 3})
    made.call("/v1/cart", {"n": 1})
    assert advise(made).requests_and_steps("side by side") == (2, 2)


def test_query_is_a_method_that_reads(advise: Advise) -> None:
    made = Recording("h2")
    for name in ("user", "cart", "offers"):
        made.call(f"/v1/{name}", {"name": name}, method="QUERY", sent={"q": name})
    assert advise(made).requests_and_steps("side by side") == (3, 1)


@pytest.mark.parametrize("pages", [True, False], ids=["pages", "one page"])
def test_what_each_screen_begins_with_is_no_polling(advise: Advise, pages: bool) -> None:
    made = Recording("h2")
    for number in range(6):
        if pages:
            made.page(f"{API}/shown/{number}", at=number * 3_000)
        made.call("/v1/me", {"name": "n"}, at=number * 3_000 + 100)
        if not pages:
            made.call(f"/v1/books/{IDS[number]}", {"title": "t"}, at=number * 3_000 + 101)
    advised = advise(made)
    assert "polling" not in advised.kinds
    assert len(advised.views) == 6
