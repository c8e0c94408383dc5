"""The lab and its servers: what they tell, what it may reach, what it says when they are gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from client_examples.comparison.report.palette import COLOURS
from tests.browser.conftest import Watched
from tests.fixtures import Pair, running_pair

LAB = Path(__file__).parents[2] / "graphql_api" / "lab"


@pytest.fixture
def traced_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers, telling their statements."""
    with running_pair(tmp_path_factory.mktemp("traced"), trace="1") as pair:
        yield pair


@pytest.mark.slow
@pytest.mark.parametrize("watched", [(1280, 900)], ids=["wide"], indirect=True)
def test_statements_are_shown_and_stopped_servers_told(watched: Watched, traced_pair: Pair) -> None:
    page = watched.page
    page.goto(
        f"{traced_pair.graphql.base_url}/lab?screen=order-history&rest=rest/fields"
        "&graphql=graphql/unbatched&distance=0"
    )
    load, status = page.locator("#load"), page.locator("#status")
    load.click()
    expect(status).to_contain_text("Loaded")
    expect(page.locator(".side.rest .statements li")).to_have_count(4)
    statements = page.locator(".side.graphql .statements li")
    expect(statements).to_have_count(22)
    page.locator(".side.graphql .statements summary").click()
    expect(statements.first).to_be_visible()
    expect(statements.first).to_contain_text("SELECT")
    expect(statements.first).to_contain_text(" ms")
    watched.shot("lab-traced")
    assert (watched.left, watched.errors) == ([], [])

    traced_pair.servers.stop()
    load.click()
    message = page.locator("#message")
    expect(message).to_contain_text("does not answer")
    expect(message).to_contain_text("./start_servers.sh")
    assert any(
        pair.base_url in message.inner_text() for pair in (traced_pair.rest, traced_pair.graphql)
    )
    expect(load).to_be_enabled()
    page.locator("form label", has_text="book-list").click()
    expect(page.locator("#rest-arms label")).to_have_text(["textbook", "fields"])
    assert watched.left == []


def test_its_colours_are_those_of_the_report() -> None:
    found = re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", (LAB / "palette.css").read_text()
    )
    assert {name: (light, dark) for name, light, dark in found}.items() <= COLOURS.items()
    used = re.findall(r"var\(--([\w-]+)\)", (LAB / "lab.css").read_text())
    own = {"side", "tint", "at", "low", "high", "start", "span", "server", "longest", "share"}
    assert set(used) - own <= {name for name, _, _ in found}


@pytest.mark.slow
@pytest.mark.parametrize("watched", [(1280, 900)], ids=["wide"], indirect=True)
def test_a_server_that_lets_no_page_ask_is_told_with_the_setting(
    watched: Watched, urls: dict[str, str]
) -> None:
    page = watched.page
    page.goto(f"{urls['graphql']}/lab?distance=0")

    def refused(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "access-control-allow-origin": "https://example.com"}
        route.fulfill(response=answer, headers=headers)

    page.route(f"{urls['rest']}/**", refused)
    page.locator("#load").click()
    expect(page.locator("#message")).to_have_text(
        f"The REST server at {urls['rest']} does not answer, or does not let pages of "
        f"{urls['graphql']} ask. ./start_servers.sh starts both, and BOOKSTORE_CORS_ORIGINS names "
        "the pages that may ask; then load again."
    )


def test_its_policy_lets_nothing_leave_but_to_both_servers(
    browser: Browser, urls: dict[str, str], reading_pair: Pair
) -> None:
    policy = reading_pair.graphql.get("/lab").headers["content-security-policy"]
    assert f"connect-src 'self' {urls['rest']};" in policy
    page = browser.new_page()
    page.goto(f"{urls['graphql']}/lab")
    refused = """url => fetch(url).then(() => "sent", () => "refused")"""
    assert page.evaluate(refused, f"{urls['rest']}/ping") == "sent"
    assert page.evaluate(refused, "http://127.0.0.1:9/") == "refused"
    blocked = page.evaluate("""() => new Promise(resolve => {
        document.addEventListener("securitypolicyviolation", found => resolve(found.blockedURI));
        fetch("http://127.0.0.1:9/").catch(() => {});
    })""")
    assert blocked.startswith("http://127.0.0.1:9")
    page.close()
