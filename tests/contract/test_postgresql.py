"""The same contract with PostgreSQL behind both servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.answer import Driver
from tests.contract.case import Case
from tests.contract.catalogue import CASES
from tests.contract.catalogue.guarded import GUARDED, TOKEN
from tests.contract.conftest import drivers_of
from tests.contract.test_contract import over
from tests.fixtures import running_pair
from tests.postgresql_cluster import Cluster, cluster, programs

pytestmark = pytest.mark.slow
READS = [case for case in CASES if not case.writes]
WRITES = [case for case in CASES if case.writes]


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    if programs() is None:
        pytest.skip("PostgreSQL's programs (initdb, pg_ctl) are not on this machine")
    with cluster() as started:
        yield started


def _drivers(url: str, folder: Path, **settings: str) -> Iterator[dict[str, Driver]]:
    with running_pair(folder, database_url=url, **settings) as pair:
        yield drivers_of(pair)


@pytest.fixture(scope="module")
def reading(
    running: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Driver]]:
    yield from _drivers(running.url, tmp_path_factory.mktemp("postgresql"))


@pytest.fixture(scope="module")
def guarded(
    running: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Driver]]:
    folder = tmp_path_factory.mktemp("guarded-postgresql")
    url = running.new_database("guarded")  # what is written here must not show in the other
    yield from _drivers(url, folder, token=TOKEN, require_if_match="1")


@pytest.mark.parametrize("api", ["rest", "graphql", "planned"])
@pytest.mark.parametrize("case", [*READS, *WRITES], ids=lambda case: case.id)
def test_contract(case: Case, api: str, reading: dict[str, Driver]) -> None:
    # Those that read come first: they expect the sample as it was made.
    over(case, api, reading).all()


@pytest.mark.parametrize("api", ["rest", "graphql", "planned"])
@pytest.mark.parametrize("case", GUARDED, ids=lambda case: case.id)
def test_guarded(case: Case, api: str, guarded: dict[str, Driver]) -> None:
    over(case, api, guarded).all()
