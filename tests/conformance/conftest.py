"""The servers that others' tests are run against, and what those tests are made of."""

import pytest

from tests.conformance import node
from tests.fixtures import reading_pair, writing_pair

__all__ = ["reading_pair", "writing_pair"]


@pytest.fixture(scope="session")
def node_modules() -> None:
    """The JavaScript packages of this folder."""
    if missing := node.missing_program():
        pytest.skip(f"{missing} is not here: on Debian, apt-get install nodejs npm")
    node.install()
