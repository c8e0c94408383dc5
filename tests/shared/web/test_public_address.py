"""The address that a proxy in front has: what the settings say, and who asks for it."""

from typing import Any

import pytest

from shared.config import Settings
from shared.web.hosts import Hosts
from shared.web.public_address import PublicAddress, Server
from shared.web.start_page import links, page

EDGE: dict[str, Any] = {
    "rest_public_url": "https://shop.example:8443/rest/",
    "graphql_public_url": "https://shop.example:8443",
}


@pytest.mark.parametrize(
    ("path", "own"),
    [("/rest/books", "/books"), ("/rest/", "/"), ("/rest", "/"), ("/rest//books", "//books"),
     ("/books", None), ("/restful", None), ("/", None), ("//rest/books", None),
     ("/REST/books", None), ("/rest/rest/books", "/rest/books")],
)  # fmt: skip
def test_the_prefix_is_taken_off_whole(path: str, own: str | None) -> None:
    assert PublicAddress(Settings(**EDGE), "rest").without_prefix(path) == own


def test_without_a_prefix_all_paths_are_the_servers_own() -> None:
    for settings in (Settings(), Settings(**EDGE)):
        assert PublicAddress(settings, "graphql").without_prefix("/graphql") is None


@pytest.mark.parametrize(
    ("settings", "server", "prefix", "host", "asked"),
    [
        ({}, "rest", "", "127.0.0.1:8000", False),
        (EDGE, "rest", "/rest", "127.0.0.1:8000", True),
        (EDGE, "rest", "", "shop.example:8443", False),
        (EDGE, "graphql", "", "shop.example:8443", True),
        (EDGE, "graphql", "", "[::1]:8443", True),
        (EDGE, "graphql", "", "127.0.0.1:8001", False),
        (EDGE, "graphql", "", "[::8443]:8001", False),
        (EDGE, "graphql", "", None, False),
        ({"graphql_public_url": "https://shop.example"}, "graphql", "", "shop.example", True),
        ({"graphql_public_url": "https://shop.example"}, "graphql", "", "localhost:8001", False),
        ({"graphql_public_url": "https://shop.example"}, "graphql", "", "[::1]:8001", False),
        ({"graphql_public_url": "https://[2001:db8::1]:8443"}, "graphql", "", "a:8443", True),
    ],
)
def test_who_asks_for_the_public_address(
    settings: dict[str, Any], server: Server, prefix: str, host: str | None, asked: bool
) -> None:
    assert PublicAddress(Settings(**settings), server).is_asked(prefix, host) == asked


def test_the_public_names_are_answered_and_the_public_pages_may_call() -> None:
    settings = Settings(**EDGE, allowed_hosts="other.example")
    for host in ("shop.example", "shop.example:8443", "other.example", "localhost"):
        Hosts(settings).require(host)
    assert settings.origins[-1] == "https://shop.example:8443"
    assert settings.origins.count("https://shop.example:8443") == 1
    assert Settings(**EDGE, cors_origins="https://a.example").origins == ("https://a.example",)


def test_start_pages_lead_where_they_are_asked() -> None:
    settings = Settings(**EDGE)
    own, public = links(settings), links(settings, public=True)
    assert own == links(Settings())
    assert public["rest"]["books"] == "https://shop.example:8443/rest/books"
    assert public["graphql"]["graphiql"] == "https://shop.example:8443/graphql"
    assert "http://127.0.0.1:8000/books" in page(settings, "rest")
    shown = page(settings, "rest", public=True)
    assert "127.0.0.1" not in shown
    assert '<a href="https://shop.example:8443/rest/books">/books</a>' in shown


def test_a_server_without_a_public_address_is_shown_with_its_own() -> None:
    settings = Settings(rest_public_url="https://shop.example/rest")
    shown = links(settings, public=True)
    assert shown["rest"]["ping"] == "https://shop.example/rest/ping"
    assert shown["graphql"]["graphiql"] == "http://127.0.0.1:8001/graphql"
