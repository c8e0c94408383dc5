"""Bookstores in this process that nobody else has."""

import itertools
import os
from typing import Any

from shared.config import Settings
from shared.serving.bookstore import Bookstore, open_bookstore

_instances = itertools.count(1)


def private_settings(**given: Any) -> Settings:
    """Settings with an instance that nobody else has."""
    return Settings(**{"instance": f"tests-{os.getpid()}-{next(_instances)}", **given})


def fresh_bookstore() -> Bookstore:
    """An open one with the default sample data."""
    return open_bookstore(private_settings())
