"""The same pages through the edge: one origin, https, HTTP/2, and nothing that leaves it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from launcher.edge.nginx import NoEdge, find
from tests.browser.conftest import Watched
from tests.edge.running import Behind, behind_edge
from tests.waiting import LIMIT_S

PROTOCOLS = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .map(entry => entry.nextHopProtocol)"""
SUBSCRIBE = """new Promise((resolve, reject) => {
    const socket = new WebSocket(location.origin.replace("https", "wss") + "/graphql",
                                 "graphql-transport-ws");
    socket.onopen = () => socket.send('{"type":"connection_init"}');
    socket.onmessage = message => { resolve(message.data); socket.close(); };
    socket.onerror = () => reject(new Error("refused"));
})"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Both servers behind the edge, by whichever nginx the launcher takes."""
    try:
        nginx = find()
    except NoEdge as error:
        pytest.skip(str(error))
    with behind_edge(nginx, tmp_path_factory.mktemp("edge")) as behind:
        yield behind


@pytest.fixture
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    """An empty page that takes the edge's certificate on trust: its tests look at that."""
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(LIMIT_S * 1_000)
    yield Watched(context.new_page(), has_pictures=request.config.getoption("--all"))
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/rest/", "/rest"])
def test_start_pages_stay_on_the_edge(watched: Watched, behind: Behind, path: str) -> None:
    watched.page.goto(behind.url + path)
    links = watched.page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    assert {urlsplit(link).netloc for link in links} == {urlsplit(behind.url).netloc}
    assert watched.page.evaluate(PROTOCOLS) == ["h2"]
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
def test_swagger_ui_runs_a_request_through_the_edge(watched: Watched, behind: Behind) -> None:
    watched.page.goto(f"{behind.url}/rest/docs")
    operation = watched.page.locator("#operations-books-get_book")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("input[placeholder=id]").fill("1")
    with watched.page.expect_response(lambda answer: "/books/1" in answer.url) as answered:
        operation.get_by_role("button", name="Execute").click()
    assert answered.value.url == f"{behind.url}/rest/books/1"
    live = operation.locator(".live-responses-table")
    expect(live).to_contain_text("Python Programming")
    assert set(watched.page.evaluate(PROTOCOLS)) == {"h2"}
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@pytest.mark.usefixtures("graphiql_files")
def test_graphiql_runs_a_query_through_the_edge(watched: Watched, behind: Behind) -> None:
    watched.page.goto(f"{behind.url}/graphql")
    expect(watched.page.locator(".graphiql-query-editor .CodeMirror").first).to_be_visible()
    with watched.page.expect_response(
        lambda answer: "AuthorPage" in (answer.request.post_data or "")
    ) as answered:
        watched.page.locator(".graphiql-execute-button").click()
    assert answered.value.url == f"{behind.url}/graphql"
    expect(watched.page.locator(".result-window")).to_contain_text("Python Programming")
    assert set(watched.page.evaluate(PROTOCOLS)) == {"h2"}
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
def test_the_lab_tells_the_real_protocol(watched: Watched, behind: Behind) -> None:
    page = watched.page
    page.goto(f"{behind.url}/lab?screen=order-history&rest=rest/parallel&distance=0")
    expect(page.locator("#network-told")).to_contain_text("the real one, HTTP/2")
    real = page.get_by_role("radio", name="HTTP/2, all at once")
    expect(real).to_be_checked()
    expect(real).to_be_disabled()
    page.locator("#load").click()
    expect(page.locator("#status")).to_contain_text("Loaded")
    expect(page.locator(".side.rest .answers")).to_contain_text("HTTP/2")
    assert page.inner_text("[data-counter=requests] [data-side=rest]") == "21"
    assert page.inner_text("[data-counter=steps] [data-side=rest]") == "3"
    assert re.fullmatch(r"[\d,]+", page.inner_text("[data-counter=bytes] [data-side=rest]"))
    assert set(page.evaluate(PROTOCOLS)) == {"h2"}
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "shown"), [("hit", "0"), ("fwd=stale; fwd-status=304", "\N{EN DASH}")]
)
def test_the_lab_counts_no_statement_of_a_cached_answer(
    watched: Watched, behind: Behind, status: str, shown: str
) -> None:
    """Which repeats the header that told of those it once took."""
    page = watched.page

    def cached(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "Cache-Status": f"edge; {status}"}
        route.fulfill(response=answer, headers=headers)

    page.goto(f"{behind.url}/lab?screen=book-list&distance=0")
    page.route("**/rest/books?*", cached)
    page.locator("#load").click()
    expect(page.locator("#status")).to_contain_text("Loaded")
    assert page.inner_text("[data-counter=statements] [data-side=rest]") == shown
    assert page.inner_text("[data-counter=statements] [data-side=graphql]") == "1"


@pytest.mark.slow
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_edges_pages_open_websockets(watched: Watched, behind: Behind, host: str) -> None:
    watched.page.goto(f"https://{host}:{behind.port}/ping")
    assert watched.page.evaluate(SUBSCRIBE) == '{"type":"connection_ack"}'


@pytest.mark.slow
def test_pages_of_others_do_not(watched: Watched, behind: Behind) -> None:
    # A page of another origin: the same machine's, under a port that is nobody's.
    other = f"https://localhost:{behind.port}"
    watched.page.route("https://127.0.0.1:9/", lambda route: route.fulfill(body="<p>other</p>"))
    watched.page.goto("https://127.0.0.1:9/")
    script = SUBSCRIBE.replace("location.origin", f'"{other}"')
    refused = watched.page.evaluate(f"{script}.catch(error => error.message)")
    assert refused == "refused"
