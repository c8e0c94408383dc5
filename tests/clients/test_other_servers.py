"""What a client asks of servers other than its own."""

from collections.abc import Iterator

import pytest

from client_examples.rest_client import RestClient
from tests.clients.scripted_server import Says, ScriptedServer


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """What the environment names as the proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedServer(Says(200, "proxy")) as server:
        monkeypatch.setenv("http_proxy", server.url)
        yield server


def test_whether_a_proxy_lies_between_is_decided_for_each_server(proxy: ScriptedServer) -> None:
    with ScriptedServer(Says(200, "near")) as near, ScriptedServer(Says(200, "own")) as own:
        for server, name in ((own.url, "own"), ("http://own.example", "proxy")):
            client = RestClient(server)
            for path, by in (
                ("/a", name),
                (f"{near.url}/b", "near"),  # at this machine's loopback
                ("http://far.example/c", "proxy"),
                (f"{near.url}/d", "near"),
            ):
                assert client.get(path) == by, (server, path)
            client.close()
    asked = [one.path for one in proxy.received]
    far = "http://far.example/c"
    assert asked == [far, "http://own.example/a", far]
