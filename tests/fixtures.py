"""Real servers for tests: one pair that is only read, one that is written to, each started once.

Folders of tests that need them import the fixtures into their conftest.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.processes import ServerPair
from shared.config import CHECKOUT
from shared.storage.ram_folder import folder_for
from tests.exchange import Client
from tests.model import Model
from tests.postgresql_cluster import shared_cluster
from tests.waiting import LIMIT_S

BOOKS = 1_000  # the default, whose first rows the documentation quotes
ENDPOINTS = ("/graphql", "/graphql/dataloader", "/graphql/unbatched")


class Pair:
    """Both servers, with a client for each and the place of what they share."""

    def __init__(self, log: Path, **settings: str) -> None:
        environment = {f"BOOKSTORE_{name.upper()}": value for name, value in settings.items()}
        self.log = log
        self.servers = ServerPair(environment=environment, log=log)
        self.rest = Client(self.servers.rest_url)
        self.graphql = Client(self.servers.graphql_url)

    @property
    def database(self) -> Path:
        """The file of the database in RAM."""
        ports = [url.rpartition(":")[2] for url in (self.rest.base_url, self.graphql.base_url)]
        return folder_for(CHECKOUT, "ports-{}-{}".format(*ports), 0) / "bookstore.db"

    def stop(self) -> None:
        """Stop both."""
        self.rest.close()
        self.graphql.close()
        self.servers.stop()


@contextmanager
def running_pair(folder: Path, **settings: str) -> Iterator[Pair]:
    """A pair of a test's own; settings by their name without the prefix."""
    pair = Pair(folder / "servers.log", **settings)
    try:
        pair.servers.start()
        pair.servers.wait_until_healthy(limit_s=LIMIT_S)
        yield pair
    except BaseException:
        print(pair.log.read_text())  # shown with the failure
        raise
    finally:
        pair.stop()


_PAIRS = pytest.StashKey[dict[str, Pair]]()

# For tests that hold on either database, by `pytestmark` or as a decorator: those that write to
# the servers of `writing_pair`, and those that read from `reading_pair`.
_DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
WRITING_ON_EACH, READING_ON_EACH = (
    pytest.mark.parametrize(pair, _DATABASES, indirect=True, scope="session")
    for pair in ("writing_pair", "reading_pair")
)


def _started(request: pytest.FixtureRequest, use: str) -> Pair:
    """The pair for this use, which all folders of tests share until the session ends."""
    config = request.config
    database = getattr(request, "param", "sqlite")
    name = f"{use}-{database}"
    pairs = config.stash.setdefault(_PAIRS, {})
    if name not in pairs:
        factory = request.getfixturevalue("tmp_path_factory")
        settings = {}
        if database == "postgresql":
            settings["database_url"] = shared_cluster(request).new_database()
        running = running_pair(factory.mktemp(f"{name}-pair"), **settings)
        pairs[name] = running.__enter__()
        config.add_cleanup(lambda: running.__exit__(None, None, None))
    return pairs[name]


@pytest.fixture(scope="session")
def reading_pair(request: pytest.FixtureRequest) -> Pair:
    """Both servers over the default sample data, which no test changes."""
    return _started(request, "reading")


@pytest.fixture(scope="session")
def writing_pair(request: pytest.FixtureRequest) -> Pair:
    """Both servers over data that tests add to; they leave the sample's own rows alone."""
    return _started(request, "writing")


@pytest.fixture(scope="session")
def screens_pair(request: pytest.FixtureRequest) -> Pair:
    """Those of `reading_pair`: screens take back the orders that they place."""
    return _started(request, "reading")


@pytest.fixture(scope="session")
def sample() -> Model:
    """The default sample data in plain Python; not to be changed."""
    return Model(BOOKS)
