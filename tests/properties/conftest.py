"""The servers that properties are tried on."""

from tests.contract.conftest import nothing_unexpected, reading, watch, writing
from tests.fixtures import reading_pair, sample, writing_pair

__all__ = [
    "nothing_unexpected",
    "reading",
    "reading_pair",
    "sample",
    "watch",
    "writing",
    "writing_pair",
]
