"""The real servers that some of these tests use."""

from tests.fixtures import writing_pair

__all__ = ["writing_pair"]
