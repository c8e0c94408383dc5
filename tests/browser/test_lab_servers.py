"""The lab and its servers: statements that they tell, and what the page says when they are gone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.fixtures import Pair, running_pair


@pytest.fixture
def traced_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers, telling their statements."""
    with running_pair(tmp_path_factory.mktemp("traced"), trace="1") as pair:
        yield pair


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
