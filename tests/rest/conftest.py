"""The application in this process, over a bookstore of its own."""

import itertools
import os
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from rest_api.app import create_app
from rest_api.framework import RestApp
from shared.config import Settings
from shared.seeding import Bookstore, open_bookstore

_instances = itertools.count(1)


def fresh_bookstore() -> Bookstore:
    """A bookstore with the default sample data that nobody else has."""
    return open_bookstore(Settings(instance=f"rest-{os.getpid()}-{next(_instances)}"))


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
