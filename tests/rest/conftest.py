"""The application in this process, over a bookstore of its own."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rest_api.app import create_app
from rest_api.framework import RestApp
from shared.config import Settings
from shared.serving.bookstore import open_bookstore
from tests.bookstores import fresh_bookstore, private_settings
from tests.fixtures import writing_pair
from tests.rest.process import Server, Start
from tests.server_process import starting

__all__ = ["writing_pair"]


@pytest.fixture(scope="session")
def app() -> Iterator[RestApp]:
    """The application, whose data no test changes."""
    bookstore = fresh_bookstore()
    yield create_app(Settings(), bookstore)
    bookstore.close()


@pytest.fixture(scope="session")
def client(app: RestApp) -> FlaskClient:
    """A client of the application, without a server in between."""
    return app.test_client()


Maker = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def make() -> Iterator[Maker]:
    """Makes clients of applications with these settings, each over a small bookstore of its own."""
    with ExitStack() as bookstores:

        def client_with(**given: Any) -> FlaskClient:
            settings = private_settings(**{"books": 30, **given})
            bookstore = open_bookstore(settings)
            bookstores.callback(bookstore.close)
            return create_app(settings, bookstore).test_client()

        yield client_with


def statements(answer: TestResponse) -> int:
    """Database statements that the answer took, by its `Server-Timing`."""
    found = re.search(r'desc="(\d+) ', answer.headers["Server-Timing"])
    assert found
    return int(found[1])


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers for one test."""
    with starting(Server) as started:
        yield started
