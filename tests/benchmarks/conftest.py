"""The servers that the peers are compared with."""

from tests.fixtures import reading_pair

__all__ = ["reading_pair"]
