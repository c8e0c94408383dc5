"""Clients find the servers, and have the token, by the settings that the servers read."""

import pytest

from client_examples.clients.settings import server_url, token_header
from client_examples.comparison.command_line.options import parse
from client_examples.comparison.screens import ALL_SCREENS
from client_examples.walkthroughs import rest

NAMES = ("HOST", "REST_PORT", "GRAPHQL_PORT", "TOKEN")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"BOOKSTORE_{name}", raising=False)


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        (None, None, "http://127.0.0.1:8000"),
        ("", "", "http://127.0.0.1:8000"),
        ("192.0.2.1", "9000", "http://192.0.2.1:9000"),
        ("0.0.0.0", None, "http://127.0.0.1:8000"),
        ("::", "9000", "http://[::1]:9000"),
        ("books.example", None, "http://books.example:8000"),
    ],
)
def test_the_servers_are_where_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, host: str | None, port: str | None, url: str
) -> None:
    for name, value in (("HOST", host), ("REST_PORT", port)):
        if value is not None:
            monkeypatch.setenv(f"BOOKSTORE_{name}", value)
    assert server_url("rest") == url
    assert parse("", [], ALL_SCREENS).settings.rest_url == url


def test_an_option_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTORE_GRAPHQL_PORT", "9001")
    asked = parse("", ["--rest-url", "127.0.0.1:9000"], ALL_SCREENS).settings
    assert (asked.rest_url, asked.graphql_url) == ("http://127.0.0.1:9000", "http://127.0.0.1:9001")


@pytest.mark.parametrize("port", ["x", "0", "65536", "80 "])
def test_a_port_that_is_none_is_refused_by_the_settings_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setenv("BOOKSTORE_REST_PORT", port)
    for program in (lambda: parse("", [], ALL_SCREENS), lambda: rest.main([])):
        with pytest.raises(SystemExit) as ended:
            program()
        assert ended.value.code == 2
        assert f"BOOKSTORE_REST_PORT must be a port, 1 to 65535, got {port!r}" in (
            capsys.readouterr().err
        )


def test_the_token_goes_to_the_bookstore_alone(monkeypatch, tmp_path) -> None:
    assert token_header() == {}
    monkeypatch.setenv("BOOKSTORE_TOKEN", "secret")
    sent = parse("", [], ALL_SCREENS)
    assert sent.credentials.rest == sent.credentials.graphql == {"Authorization": "Bearer secret"}
    assert sent.settings.header_names == ["Authorization"]
    named = parse("", ["--rest-header", "authorization: Bearer other"], ALL_SCREENS).credentials
    assert [value for name, value in named.rest.items()] == ["Bearer other"]
    file = tmp_path / "screens.py"
    file.write_text(
        "from client_examples.comparison import Screen\n"
        "page = Screen('page', '')\npage.rest('one')(lambda api: 1)\n"
    )
    assert parse("", ["--screens", str(file)], ALL_SCREENS).credentials.rest == {}
