"""`Host`: a name that is not this server's is not answered."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.rest.conftest import Maker


@pytest.fixture(scope="module")
def named(make: Maker) -> FlaskClient:
    """A client of a server that answers for two names."""
    return make(allowed_hosts="books.example, shop.example")


def ask(client: FlaskClient, host: str, method: str = "GET", path: str = "/books/1") -> Any:
    return client.open(path, method=method, headers={"Host": host})


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"]
)
def test_this_machine_is_answered_by_its_own_names(client: FlaskClient, host: str) -> None:
    assert ask(client, host).status_code == 200


@pytest.mark.parametrize(
    "host", ["books.example", "localhost.books.example", "192.0.2.1:8000", "x" * 5_000, "%fc"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/books/1"),
        ("GET", "/ping"),
        ("POST", "/authors"),
        ("GET", "/nothing"),
        ("OPTIONS", "/books"),
    ],
)
def test_another_name_is_not(client: FlaskClient, host: str, method: str, path: str) -> None:
    answer = ask(client, host, method, path)
    assert (answer.status_code, answer.get_json()["code"]) == (421, "MISDIRECTED")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 500


def test_the_names_that_are_set_are_answered_and_no_others(named: FlaskClient) -> None:
    for host in ("books.example", "SHOP.example:8000", "127.0.0.1"):
        assert ask(named, host).status_code == 200, host
    for host in ("example", "www.books.example", "192.0.2.1"):
        assert ask(named, host).status_code == 421, host


def test_all_names_can_be_allowed(make: Maker) -> None:
    assert ask(make(allowed_hosts="*"), "anything.example").status_code == 200
