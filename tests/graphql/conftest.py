"""The application in this process, over a bookstore of its own."""

from collections.abc import Iterator

import pytest

from graphql_api.app import create_app
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.bookstores import fresh_bookstore
from tests.fixtures import writing_pair
from tests.graphql.client import AppClient
from tests.graphql.process import Server, Start
from tests.server_process import starting

__all__ = ["writing_pair"]


@pytest.fixture(scope="session")
def bookstore() -> Iterator[Bookstore]:
    """A bookstore that no test changes."""
    opened = fresh_bookstore()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(bookstore: Bookstore) -> AppClient:
    """A client of the application over data that no test changes."""
    return AppClient(create_app(Settings(), bookstore))


@pytest.fixture
def own_bookstore() -> Iterator[Bookstore]:
    """A bookstore for one test to change, or to break."""
    opened = fresh_bookstore()
    yield opened
    opened.close()


@pytest.fixture
def own_client(own_bookstore: Bookstore) -> AppClient:
    """A client of the application over data of the test's own."""
    return AppClient(create_app(Settings(), own_bookstore))


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers for one test."""
    with starting(Server) as started:
        yield started
