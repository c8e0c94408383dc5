"""The servers and the drivers that the contract is run by."""

from collections.abc import Iterator

import pytest

from tests.contract.answer import Driver
from tests.contract.graphql_driver import GraphqlDriver
from tests.contract.rest_driver import RestDriver
from tests.contract.runner import Watch
from tests.fixtures import Pair, reading_pair, sample, writing_pair

__all__ = ["reading_pair", "sample", "writing_pair"]


def drivers_of(pair: Pair) -> dict[str, Driver]:
    """A driver for each API, and for GraphQL's other endpoints."""
    return {
        "rest": RestDriver(pair.rest),
        "graphql": GraphqlDriver(pair.graphql),
        "dataloader": GraphqlDriver(pair.graphql, "/graphql/dataloader", "dataloader"),
        "unbatched": GraphqlDriver(pair.graphql, "/graphql/unbatched", "unbatched"),
    }


@pytest.fixture(scope="session")
def reading(reading_pair: Pair) -> dict[str, Driver]:
    """Drivers by the name of the API, for cases that only read."""
    return drivers_of(reading_pair)


@pytest.fixture(scope="session")
def writing(writing_pair: Pair) -> dict[str, Driver]:
    """Drivers by the name of the API, for cases that write."""
    return drivers_of(writing_pair)


@pytest.fixture(scope="session")
def watch(writing_pair: Pair) -> Iterator[Watch]:
    """Sees whether a case has written something."""
    watching = Watch(writing_pair.database)
    yield watching
    watching.close()


@pytest.fixture(scope="session", autouse=True)
def nothing_unexpected(reading_pair: Pair, writing_pair: Pair) -> Iterator[None]:
    """When all is done, no server may have logged an error that nobody expected."""
    yield
    for pair in (reading_pair, writing_pair):
        text = pair.log.read_text()
        assert "internal error" not in text.lower(), text[-5_000:]
        assert "Traceback" not in text, text[-5_000:]
