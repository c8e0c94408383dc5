"""GraphiQL: offline where its files are installed, else from the CDN."""

import re
from pathlib import Path

import pytest

from graphql_api.asgi import graphiql
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for the files, wherever npm has been."""
    monkeypatch.setattr(graphiql, "MODULES", tmp_path)
    for name, path in graphiql.INSTALLED.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"/* {name} */" + " " * 2_000)
    graphiql.content.cache_clear()


@pytest.fixture
def missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No files."""
    monkeypatch.setattr(graphiql, "MODULES", tmp_path)
    graphiql.content.cache_clear()


@EACH_PATH
@pytest.mark.usefixtures("installed")
def test_the_page_has_all_that_it_needs_here(client: AppClient, path: str) -> None:
    page = client.get(path, accept=BROWSER)
    assert page.media_type == "text/html"
    text = page.content.decode()
    assert "//" not in re.sub(r"<!--.*?-->", "", text)  # no address of anybody else
    files = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    assert len(files) == len(graphiql.INSTALLED) + len(graphiql.OWN)
    for file in files:
        response = client.get(file)
        kind = "text/css" if file.endswith(".css") else "text/javascript"
        assert (response.status, response.media_type) == (200, kind), file
        assert "max-age" in response.headers["cache-control"]


@pytest.mark.usefixtures("installed")
def test_its_policy_lets_no_request_leave(client: AppClient) -> None:
    policy = client.get("/graphql", accept=BROWSER).headers["content-security-policy"]
    sources = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert sources["default-src"] == "'none'"
    assert sources["connect-src"] == sources["script-src"] == "'self'"
    assert "http" not in policy


@pytest.mark.usefixtures("installed")
def test_its_files_are_sent_compressed(client: AppClient) -> None:
    plain = client.get("/graphiql/graphiql.js")
    small = client.get("/graphiql/graphiql.js", accept_encoding="gzip")
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 10
    assert small.content == plain.body


@EACH_PATH
@pytest.mark.usefixtures("missing")
def test_without_its_files_the_page_comes_over_the_cdn(client: AppClient, path: str) -> None:
    page = client.get(path, accept=BROWSER)
    assert page.media_type == "text/html"
    assert "https://unpkg.com/graphiql" in page.content.decode()
    assert "content-security-policy" not in page.headers
    assert client.get("/graphiql/graphiql.js").status == 404


@EACH_PATH
def test_programs_and_queries_get_no_page(client: AppClient, path: str) -> None:
    assert client.get(path, accept="application/json").media_type == "application/json"
    assert client.get(path, accept="*/*").media_type == "application/json"
    asked = client.get(f"{path}?query={{__typename}}", accept=BROWSER)
    assert asked.json == {"data": {"__typename": "Query"}}


def test_its_first_queries_are_good_ones(client: AppClient) -> None:
    script = (graphiql.FOLDER / "start.js").read_text()
    author_page, order_history = re.findall(r"const \w+ = `([^`]+)`;", script)
    books = client.data(author_page, authorId=1)["author"]["books"]
    assert books[0]["publicationDate"] > books[-1]["publicationDate"]
    assert len(client.data(order_history, customerId=1)["customer"]["orders"]) == 5
