"""Each nginx in front of servers that tests share; those of one session, started once."""

from collections.abc import Iterator

import pytest

from launcher.edge.nginx import Nginx
from tests.edge.running import WHICH, Behind, behind_edge, nginx_of


@pytest.fixture(scope="session", params=WHICH)
def nginx(request: pytest.FixtureRequest) -> Nginx:
    """The machine's nginx, and the wheel's."""
    return nginx_of(request.param)


@pytest.fixture(scope="session")
def behind(nginx: Nginx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Both servers behind the edge; tests add to their data."""
    with behind_edge(nginx, tmp_path_factory.mktemp("edge")) as behind:
        yield behind
