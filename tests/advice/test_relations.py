"""What of an answer leads to later calls: relations by their names, and values; not by chance."""

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import Recording

ID = "8d3f0000-0000-4000-8000-00000000abcd"


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ("author", "/v1/authors/{}"),
        ("parentCategory", "/v1/categories/{}"),
        ("billing_address", "/v1/addresses/{}"),
        ("box", "/v1/boxes/{}/items"),
        ("author", "/v1/authors?author_id={}"),
        ("main_author", "/v1/authors?authorId={}"),
    ],
)
def test_a_relation_by_its_own_name_leads_to_what_it_is_of(
    advise: Advise, member: str, path: str
) -> None:
    made = Recording("h2")
    made.call("/v1/books", [{"n": 1, member: number} for number in (3, 8, 5, 9)])
    start = made.now + 3
    for number in (3, 8, 5, 9):
        made.call(path.format(number), {"shown": True}, at=start, took=20)
    advised = advise(made)
    assert advised.kinds == {"n+1"}
    assert f"`[].{member}`" in advised.finding("n+1")["found"]
    assert advised.requests_and_steps("side by side") == (5, 2)


@pytest.mark.parametrize(
    ("member", "path"),
    [
        ("quantity", "/v1/authors/{}"),
        ("sales_month", "/v1/sales?from_month={}"),
        ("next_page", "/v1/pages/{}"),
        ("type", "/v1/types/{}"),
    ],
)
def test_a_member_of_another_name_leads_nowhere(advise: Advise, member: str, path: str) -> None:
    made = Recording("h2")
    made.call("/v1/books", [{"n": 1, member: number} for number in (3, 8, 5, 9)])
    start = made.now + 3
    for number in (3, 8, 5, 9):
        made.call(path.format(number), {"shown": True}, at=start, took=20)
    assert "n+1" not in advise(made).kinds


def by_numbers(member: str, path: str, numbers: tuple[int, ...]) -> Recording:
    """A list whose objects have these numbers under the member, and a call by each of them."""
    made = Recording("h2")
    made.call("/v1/tickets", [{"n": 1, member: number} for number in (*numbers, numbers[0])])
    start = made.now + 3
    for number in numbers:
        made.call(path.format(number), {"shown": True}, at=start, took=20)
    return made


@pytest.mark.parametrize("member", ["assignee", "reviewed_by", "primaryContact", "lead"])
def test_a_relation_by_a_role_leads_to_what_it_is_of(advise: Advise, member: str) -> None:
    advised = advise(by_numbers(member, "/v1/users/{}", (7, 31, 12)))
    assert advised.kinds == {"n+1"}
    assert f"`[].{member}`" in advised.finding("n+1")["found"]
    assert advised.requests_and_steps("side by side") == (4, 2)


@pytest.mark.parametrize(
    ("member", "path", "numbers"),
    [
        ("assignee", "/v1/users/{}", (4, 6, 5)),  # as anything that is counted has them
        ("assignee", "/v1/users/{}", (7, 31)),
        ("assignee", "/v1/users?floor={}", (7, 31, 12)),
        ("priceCents", "/v1/users/{}", (7, 31, 12)),
        ("view_count", "/v1/users/{}", (7, 31, 12)),
        ("kind", "/v1/users/{}", (7, 31, 12)),
    ],
)
def test_numbers_that_may_be_there_by_chance_lead_nowhere(
    advise: Advise, member: str, path: str, numbers: tuple[int, ...]
) -> None:
    assert "n+1" not in advise(by_numbers(member, path, numbers)).kinds


def test_a_role_that_has_not_all_of_the_numbers_leads_nowhere(advise: Advise) -> None:
    made = by_numbers("assignee", "/v1/users/{}", (7, 31, 12))
    made.call("/v1/users/90", {"shown": True}, at=60, took=20)
    assert "n+1" not in advise(made).kinds


def test_one_strong_value_makes_a_call_wait(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"account": ID})
    made.call(f"/v1/accounts/{ID}", {"name": "n"})
    advised = advise(made)
    assert advised.findings == []
    assert advised.requests_and_steps("side by side") == (2, 2)
    assert advised.views[0]["calls"][1]["waits_for"] == ["1"]


@pytest.mark.parametrize("value", ["7", "travel"])
def test_a_single_small_number_or_word_proves_nothing(advise: Advise, value: str) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": int(value) if value.isdigit() else value, "name": "n"})
    made.call(f"/v1/news?about={value}", {"news": []})
    assert advise(made).requests_and_steps("side by side") == (2, 1)


def test_a_value_known_before_proves_nothing(advise: Advise) -> None:
    made = Recording("h2")
    made.call(f"/v1/accounts/{ID}", {"id": ID})
    made.call(f"/v1/orders?account={ID}", [])
    assert advise(made).requests_and_steps("side by side") == (2, 1)


def test_months_are_no_ids_though_a_list_has_the_same_numbers(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/things", [{"id": one, "rank": one} for one in range(1, 21)])
    start = made.now + 3
    for month in range(1, 13):
        made.call(f"/v1/sales?month={month}", {"total": 5}, at=start)
    advised = advise(made)
    assert advised.kinds == {"range", "chain"}
    assert advised.requests_and_steps("side by side") == (13, 1)


def test_words_that_an_answer_happens_to_have_are_not_from_there(advise: Advise) -> None:
    made = Recording("h2")
    genres = ["Travel", "Poetry", "History", "Science", "Cooking", "Sports", "Art", "Music"]
    made.call("/v1/books?sort=new", [{"title": "t", "genre": one} for one in genres])
    for genre in genres[:3]:
        made.call(f"/v1/books?genre={genre}", [])
    assert advise(made).requests_and_steps("side by side") == (4, 1)


def test_words_of_a_list_that_is_gone_through_are_from_there(advise: Advise) -> None:
    made = Recording("h2")
    slugs = ["travel", "poetry", "history", "science"]
    made.call("/v1/categories", [{"slug": one} for one in slugs])
    start = made.now + 3
    for slug in slugs:
        made.call(f"/v1/categories/{slug}", {"books": []}, at=start)
    advised = advise(made)
    assert advised.kinds == {"n+1"}
    assert "`GET /v1/categories/{slug}`" in advised.finding("n+1")["found"]
