"""The servers that others' tests are run against, and what those tests are made of."""

import pytest

from tests.conformance import node
from tests.fixtures import reading_pair, writing_pair
from tests.programs import need_node

__all__ = ["reading_pair", "writing_pair"]


@pytest.fixture(scope="session")
def node_modules() -> None:
    """The JavaScript packages of this folder."""
    need_node()
    node.install()
