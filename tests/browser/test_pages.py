"""What a person sees: the start pages, Swagger UI and GraphiQL, with no way out of the machine."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from shared.reading.catalogue import ORDER
from tests.browser.conftest import WIDE, Watched
from tests.exchange import Client
from tests.fixtures import ENDPOINTS
from tests.selection import slow

QUERY = "{ author(id: 1) { name books(limit: 2) { title price } } }"


@pytest.mark.usefixtures("axe")
@WIDE
@pytest.mark.parametrize("server", ["rest", *slow("graphql")])
def test_the_start_page_leads_everywhere(
    watched: Watched, urls: dict[str, str], server: str, request: pytest.FixtureRequest
) -> None:
    watched.page.goto(urls[server])
    watched.shot(f"start-{server}-{request.node.callspec.id}")
    links = watched.page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    assert {urlsplit(link).netloc for link in links} == {urlsplit(u).netloc for u in urls.values()}
    for link in links:
        address = urlsplit(link)
        client = Client(f"{address.scheme}://{address.netloc}")
        answer = client.request(
            "GET", f"{address.path}?{address.query}".rstrip("?"), headers={"Accept": "text/html"}
        )
        client.close()
        assert answer.status == 200, (link, str(answer))
    assert not watched.is_wider_than_its_window
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        assert watched.barriers == []
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("watched", [(1280, 900)], ids=["wide"], indirect=True)
def test_the_start_pages_command_works_as_it_is(
    watched: Watched, urls: dict[str, str], tmp_path: Path
) -> None:
    """Selected by a click, and run from any folder; two options make it short here."""
    watched.page.goto(urls["rest"])
    watched.page.locator("pre").click()
    command = watched.page.evaluate("getSelection().toString().trim()")
    assert command.count("\n") == 0
    done = subprocess.run(
        f"{command} --screen book-list --samples 1 --rtt 0",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "graphql/planned" in done.stdout


@pytest.mark.slow
@WIDE
def test_swagger_ui_runs_a_request(
    watched: Watched, urls: dict[str, str], request: pytest.FixtureRequest
) -> None:
    watched.page.goto(f"{urls['rest']}/docs")
    assert urlsplit(watched.page.url).path == "/docs"
    operation = watched.page.locator("#operations-books-get_book")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("input[placeholder=id]").fill("1")
    operation.get_by_role("button", name="Execute").click()
    live = operation.locator(".live-responses-table")
    expect(live.locator(".response-col_status").nth(1)).to_contain_text("200")
    expect(live).to_contain_text("Python Programming")
    watched.shot(f"swagger-{request.node.callspec.id}")
    assert (watched.left, watched.errors) == ([], [])


@WIDE
@pytest.mark.slow
def test_swagger_ui_sends_declared_defaults_beside_ids(
    watched: Watched, urls: dict[str, str]
) -> None:
    watched.page.goto(f"{urls['rest']}/docs")
    operation = watched.page.locator("#operations-books-list_books")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    ids = operation.locator("tr[data-param-name=ids]")
    for number in (2, 1):
        ids.get_by_role("button", name="Add").click()
        ids.locator("input").last.fill(str(number))
    with watched.page.expect_response(lambda response: "/books?" in response.url) as answered:
        operation.get_by_role("button", name="Execute").click()
    asked = parse_qs(urlsplit(answered.value.url).query)
    assert asked["ids"] == ["2,1"]
    assert asked["limit"] == ["20"]
    assert asked["offset"] == ["0"]
    assert [book["id"] for book in answered.value.json()] == [2, 1]
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@WIDE
def test_swagger_ui_marks_a_deprecated_member(
    watched: Watched, urls: dict[str, str], request: pytest.FixtureRequest
) -> None:
    reason = ORDER.deprecated["item_count"].reason
    watched.page.goto(f"{urls['rest']}/docs")
    operation = watched.page.locator("#operations-customers-list_orders_of_customer")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("tab", name="Schema").first.click()
    operation.get_by_role("button", name="Expand all").first.click()
    members = operation.locator(".json-schema-2020-12-property")
    title = watched.page.locator(".json-schema-2020-12__title")
    for name, mark in (("item_count", 1), ("total_amount", 0)):
        member = members.filter(has=title.get_by_text(name, exact=True)).last
        expect(member.get_by_text("deprecated", exact=True)).to_have_count(mark)
        expect(member.get_by_text(reason)).to_have_count(mark)
    member.scroll_into_view_if_needed()
    watched.shot(f"swagger-deprecated-{request.node.callspec.id}")
    headers = operation.locator(".responses-inner table.headers").first
    expect(headers).to_contain_text("Deprecation")
    expect(headers).to_contain_text("Sunset")
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@WIDE
@pytest.mark.usefixtures("graphiql_files")
def test_graphiql_marks_a_deprecated_field(
    watched: Watched, urls: dict[str, str], request: pytest.FixtureRequest
) -> None:
    """In the documentation, where it waits behind a button, and in the editor where it is used."""
    reason = ORDER.deprecated["item_count"].reason
    page = watched.page
    page.goto(f"{urls['graphql']}/graphql")
    editor = page.locator(".graphiql-query-editor .CodeMirror").first
    expect(editor).to_contain_text("query")
    page.get_by_label("Show Documentation Explorer").click()
    explorer = page.locator(".graphiql-doc-explorer")
    explorer.get_by_role("link", name="Query", exact=True).click()
    explorer.get_by_role("link", name="Order", exact=True).first.click()
    expect(explorer).to_contain_text("totalAmount")
    expect(explorer).not_to_contain_text("itemCount")
    explorer.get_by_role("button", name="Show Deprecated Fields").click()
    expect(explorer).to_contain_text("itemCount")
    expect(explorer).to_contain_text(reason)
    editor.evaluate(
        "(element, query) => element.CodeMirror.setValue(query)", "{ order(id: 1) { itemCount } }"
    )
    mark = editor.locator(".CodeMirror-lint-mark-warning")
    expect(mark.first).to_have_text("itemCount")
    mark.first.hover()
    expect(page.locator(".CodeMirror-lint-tooltip")).to_contain_text(reason)
    watched.shot(f"graphiql-deprecated-{request.node.callspec.id}")
    assert (watched.left, watched.errors) == ([], [])


@WIDE
@pytest.mark.usefixtures("graphiql_files")
@pytest.mark.parametrize("path", [ENDPOINTS[0], *slow(*ENDPOINTS[1:])])
def test_graphiql_runs_a_query(
    watched: Watched, urls: dict[str, str], path: str, request: pytest.FixtureRequest
) -> None:
    watched.page.goto(f"{urls['graphql']}{path}")
    editor = watched.page.locator(".graphiql-query-editor .CodeMirror").first
    expect(editor).to_be_visible()
    editor.evaluate("(element, query) => element.CodeMirror.setValue(query)", QUERY)
    # GraphiQL takes up an edit a moment later; until then it names the operation that was there.
    watched.page.wait_for_function(
        "([path, query]) => localStorage.getItem(`${path} graphiql:query`) === query",
        arg=[path, QUERY],
    )
    with watched.page.expect_response(
        lambda answer: "author(id" in (answer.request.post_data or "")
    ) as answered:
        watched.page.locator(".graphiql-execute-button").click()
    assert urlsplit(answered.value.url).path == path
    answer = json.loads(answered.value.text())
    assert "errors" not in answer, answer
    assert answer["data"]["author"]["name"] == "Ada Marlowe"
    expect(watched.page.locator(".result-window")).to_contain_text("Python Programming")
    expect(watched.page.locator("#endpoint")).to_have_text(path)
    taken = re.compile(rf"^2 SQL statements · {len(answered.value.body())} bytes · [\d.]+ ms$")
    expect(watched.page.locator("#taken")).to_have_text(taken)
    name = request.node.callspec.id.replace("/", "-")
    watched.shot(f"graphiql-{name}")
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@WIDE
@pytest.mark.usefixtures("graphiql_files")
def test_graphiql_starts_with_what_its_endpoint_is_for(
    watched: Watched, urls: dict[str, str]
) -> None:
    """The endpoint with N+1 begins with the query that shows it; neither remembers the other's."""
    page = watched.page
    for path, operation, taken in (
        ("/graphql", "AuthorPage", "2 SQL statements"),
        ("/graphql/unbatched", "OrderHistory", "22 SQL statements"),
        ("/graphql", "AuthorPage", "2 SQL statements"),
    ):
        page.goto(f"{urls['graphql']}{path}")
        editor = page.locator(".graphiql-query-editor .CodeMirror").first
        expect(editor).to_contain_text(f"query {operation}")
        page.locator(".graphiql-execute-button").click()
        expect(page.locator("#taken")).to_contain_text(taken)
    assert (watched.left, watched.errors) == ([], [])
