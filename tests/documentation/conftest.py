"""The servers that examples are tried on."""

from collections.abc import Iterator

import pytest

from tests.fixtures import Pair, running_pair


@pytest.fixture(scope="session")
def fresh_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A pair for the examples alone, as a reader has it who follows them from the beginning."""
    with running_pair(tmp_path_factory.mktemp("documentation")) as pair:
        yield pair


@pytest.fixture(scope="session")
def clients_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A pair for the clients, which place orders: no example shows what they have changed."""
    with running_pair(tmp_path_factory.mktemp("clients")) as pair:
        yield pair
