"""Servers for many clients at once."""

from collections.abc import Iterator

import pytest

from tests.contract.answer import Driver
from tests.contract.conftest import nothing_unexpected, writing
from tests.fixtures import Pair, reading_pair, running_pair, writing_pair

__all__ = ["nothing_unexpected", "reading_pair", "writing", "writing_pair"]

LATENCY_MS = 100


@pytest.fixture(scope="module")
def slow_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers with a database that seems to be far away."""
    folder = tmp_path_factory.mktemp("slow-pair")
    with running_pair(folder, books="30", db_latency_ms=str(LATENCY_MS)) as pair:
        yield pair


@pytest.fixture
def both(writing: dict[str, Driver]) -> list[Driver]:
    """REST and GraphQL."""
    return [writing["rest"], writing["graphql"]]
