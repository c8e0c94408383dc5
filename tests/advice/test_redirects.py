"""Calls that are redirected: a round trip more, that the client's code can save."""

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import API, Recording


def moved(made: Recording, path: str, to: str, answer: object = None, status: int = 301) -> None:
    """A call that leads to another address, which is asked for at once."""
    made.call(path, "", status=status, kind="", headers={"location": to}, _resourceType="fetch")
    if answer is not None:
        made.call(path + "/", answer, _resourceType="fetch")


@pytest.mark.parametrize("to", ["/v1/{}/", API + "/v1/{}/", "./{}/"])
def test_what_a_redirect_leads_to_waits_for_it(advise: Advise, to: str) -> None:
    made = Recording("h2")
    for name in ("user", "cart", "offers"):
        moved(made, f"/v1/{name}", to.format(name), {"name": name}, 307)
    advised = advise(made)
    assert advised.kinds == {"redirects", "chain"}
    assert sum(one["requests"] for one in advised.findings if one["kind"] == "redirects") == 3
    assert advised.requests_and_steps("recorded") == (6, 6)
    assert advised.requests_and_steps("side by side") == (6, 2)
    assert advised.requests_and_steps("no repeats") == (3, 3)
    assert advised.requests_and_steps("client") == (3, 1)
    assert advised.views[0]["cure"] == "client"
    assert "no body" not in advised.views[0]["verdict"]


def test_redirects_one_after_the_other_are_saved_together(advise: Advise) -> None:
    made = Recording("h2")
    moved(made, "/v1/a", "/v1/a/")
    moved(made, "/v1/a/", "/v1/b/")
    made.call("/v1/b/", {"name": "b"}, _resourceType="fetch")
    made.call("/v1/c", {"name": "c"}, _resourceType="fetch")
    advised = advise(made)
    assert advised.requests_and_steps("side by side") == (4, 3)
    assert advised.requests_and_steps("client") == (2, 1)


def test_a_repeat_costs_nothing_of_the_redirects_beside_it(advise: Advise) -> None:
    made = Recording("h2")
    moved(made, "/v1/user", "/v1/user/", {"name": "user"})
    for _ in range(2):
        made.call("/v1/cart", {"n": 1})
    assert advise(made).finding("repeat")["requests"] == 1


def test_a_page_that_is_redirected_is_no_call(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/login", "", status=302, kind="text/html", _resourceType="document")
    made.call("/v1/me", {"name": "n"})
    assert advise(made).document["calls"] == 1
