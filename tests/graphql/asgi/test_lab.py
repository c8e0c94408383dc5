"""The lab's page: where it finds the REST server, and what it lets itself reach."""

import re

import pytest
from starlette.requests import Request

from graphql_api.asgi import lab
from graphql_api.asgi.lab import Lab
from shared.config import Settings
from tests.graphql.client import AppClient

PUBLIC = Settings(
    rest_public_url="https://shop.example/rest", graphql_public_url="https://shop.example/gq"
)


def page(settings: Settings, host: str, prefix: str = "") -> tuple[str, str]:
    """The REST server's address in the page, and what it may connect to."""
    scope = {
        "type": "http", "headers": [(b"host", host.encode("latin-1"))], "root_path": prefix,
        "path": f"{prefix}/lab", "query_string": b"", "method": "GET",
    }  # fmt: skip
    response = Lab(settings).page(Request(scope))
    found = re.search(r'data-rest="([^"]*)"', bytes(response.body).decode())
    assert found
    policy = response.headers["content-security-policy"]
    connects = re.search(r"connect-src 'self' ([^;]*);", policy)
    assert connects
    return found[1], connects[1]


@pytest.mark.parametrize(
    ("host", "rest"),
    [
        ("127.0.0.1:8001", "http://127.0.0.1:8000"),
        ("localhost:8001", "http://localhost:8000"),
        ("[::1]:8001", "http://[::1]:8000"),
        ("192.168.1.5:8001", "http://192.168.1.5:8000"),
        ("127.0.0.1:80", "http://127.0.0.1:8000"),
        ("localhost", "http://127.0.0.1:8000"),
        ("a; script-src *:8001", "http://127.0.0.1:8000"),
        ('"><script>:8001', "http://127.0.0.1:8000"),
    ],
)
def test_rest_is_asked_by_the_name_that_this_server_was_asked_by(host: str, rest: str) -> None:
    assert page(Settings(), host) == (rest, rest)


def test_behind_a_proxy_rest_is_asked_at_its_public_address() -> None:
    asked = page(PUBLIC, "shop.example", "/gq")
    assert asked == ("https://shop.example/rest", "https://shop.example")
    assert page(PUBLIC, "127.0.0.1:8001") == ("http://127.0.0.1:8000",) * 2


def test_its_files_are_all_here_and_nothing_else_is(client: AppClient) -> None:
    text = client.get("/lab").content.decode()
    assert "//" not in re.sub(r"https?://127\.0\.0\.1:\d+", "", text)  # no address of others
    named = re.findall(r'(?:href|src)="(/lab/[^"]+)"', text)
    assert len(named) == 3
    waiting = [*named]
    for file in waiting:  # grows by what each imports
        response = client.get(file)
        kind = "text/css" if file.endswith(".css") else "text/javascript"
        assert (response.status, response.media_type) == (200, kind), file
        assert response.headers["cache-control"] == "no-cache"
        known = client.get(file, if_none_match=response.headers["etag"])
        assert known.status == 304
        folder = file.rpartition("/")[0]
        for name in re.findall(r'from "\./([\w./]+)"', response.content.decode()):
            waiting += [path] if (path := f"{folder}/{name}") not in waiting else []
        for name in re.findall(r'from "\.\./([\w./]+)"', response.content.decode()):
            waiting += [path] if (path := f"/lab/{name}") not in waiting else []
    served = {f"/lab/{path.relative_to(lab.FOLDER).as_posix()}" for path in lab.FOLDER.rglob("*.*")}
    assert set(waiting) == served - {"/lab/page.html"}
    for other in ("page.html", "../app.py", "..%2Fapp.py", "x.js", "screens"):
        assert client.get(f"/lab/{other}").status == 404, other
