"""The same contract with PostgreSQL behind both servers."""

from collections.abc import Iterator

import pytest

from tests.contract.answer import Driver
from tests.contract.case import Case
from tests.contract.catalogue import CASES
from tests.contract.catalogue.guarded import GUARDED, TOKEN
from tests.contract.conftest import drivers_of
from tests.contract.test_contract import over
from tests.fixtures import running_pair
from tests.postgresql_cluster import shared_cluster

pytestmark = pytest.mark.slow
READS = [case for case in CASES if not case.writes]
WRITES = [case for case in CASES if case.writes]


@pytest.fixture(scope="module")
def reading(request: pytest.FixtureRequest) -> Iterator[dict[str, Driver]]:
    yield from _drivers(request)


@pytest.fixture(scope="module")
def guarded(request: pytest.FixtureRequest) -> Iterator[dict[str, Driver]]:
    yield from _drivers(request, token=TOKEN, require_if_match="1")


def _drivers(request: pytest.FixtureRequest, **settings: str) -> Iterator[dict[str, Driver]]:
    folder = request.getfixturevalue("tmp_path_factory").mktemp("postgresql")
    url = shared_cluster(request).new_database()
    with running_pair(folder, database_url=url, **settings) as pair:
        yield drivers_of(pair)


@pytest.mark.parametrize("api", ["rest", "graphql", "dataloader"])
@pytest.mark.parametrize("case", [*READS, *WRITES], ids=lambda case: case.id)
def test_contract(case: Case, api: str, reading: dict[str, Driver]) -> None:
    # Those that read come first: they expect the sample as it was made.
    over(case, api, reading).all()


@pytest.mark.parametrize("api", ["rest", "graphql", "dataloader"])
@pytest.mark.parametrize("case", GUARDED, ids=lambda case: case.id)
def test_guarded(case: Case, api: str, guarded: dict[str, Driver]) -> None:
    over(case, api, guarded).all()
