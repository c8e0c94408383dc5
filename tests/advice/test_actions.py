"""What a person or a protocol has an app ask for one after the other: no fault, and no saving."""

from urllib.parse import quote

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import Recording


@pytest.mark.parametrize(
    "query",
    [
        "$skip={}&$top=20", "_start={}&_end={}", "page[number]={}&page[size]=20", "page[offset]={}",
        "p[page]={}", "pageIndex={}", "startIndex={}", "currentPage={}", "page-no={}", "PageNo={}",
        "start={}&rows=20", "nextPageToken=x{}kqz8", "exclusiveStartKey=k{}kqz8k",
        "continuationToken={}", "max_id={}", "since_id={}", "first_row={}",
        "filter=" + quote('{"skip":{},"limit":20}', safe="{}"),
        "input=" + quote('{"page":{"number":{}}}', safe="{}"),
    ],
)  # fmt: skip
def test_paging_is_no_fault_whatever_its_parameters_are_called(advise: Advise, query: str) -> None:
    made = Recording("h2")
    for number in range(6):
        made.call(f"/v1/items?{query.replace('{}', str(number * 20))}", {"items": [{"name": "n"}]})
    advised = advise(made)
    assert advised.findings == []
    assert advised.requests_and_steps("side by side") == (6, 6)


@pytest.mark.parametrize("name", ["page_id", "first_name", "max_price", "startDate", "coverage"])
def test_what_only_sounds_like_paging_is_a_range(advise: Advise, name: str) -> None:
    made = Recording("h2")
    for number in range(6):
        made.call(f"/v1/items?{name}={number * 20}", {"items": [{"name": "n"}]}, at=0)
    assert advise(made).kinds == {"range"}


TYPED = ("ha", "har", "harr", "harry", "harry p", "harry")


@pytest.mark.parametrize("by", ["REST", "GraphQL"])
def test_each_letter_that_is_typed_is_an_action(advise: Advise, by: str) -> None:
    made = Recording("h2")
    for number, text in enumerate(TYPED):
        at = number * 120.0
        if by == "REST":
            made.call(f"/v1/search?q={quote(text)}", {"hits": [number]}, at=at, took=200)
        else:
            document = "query Search($q: String) { search(q: $q) { id } }"
            made.graphql(document, {"search": [number]}, {"q": text}, at=at, took=200)
    assert advise(made).kinds <= {"repeat"}  # of the text that was there before


def test_words_asked_for_at_once_are_not_typed(advise: Advise) -> None:
    made = Recording("h2")
    for text in ("art", "arts", "artsy", "artsyish"):
        made.call(f"/v1/search?q={text}", {"hits": []}, at=0)
    assert advise(made).kinds == {"range"}


def test_a_new_token_is_asked_for_since_the_old_one_was_refused(advise: Advise) -> None:
    made, old, new = Recording("h2"), "0ld-token-of-the-session-1", "n3w-token-of-the-session-2"
    made.call("/v1/me", {}, status=401, asked={"authorization": f"Bearer {old}"})
    made.call("https://login.example.org/token", {"token": new}, method="POST", sent={})
    made.call("/v1/me", {"name": "n"}, asked={"authorization": f"Bearer {new}"})
    advised = advise(made)
    assert advised.kinds == {"errors"}
    assert advised.requests_and_steps("side by side") == (3, 3)
