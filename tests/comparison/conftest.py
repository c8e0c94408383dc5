from tests.fixtures import writing_pair

__all__ = ["writing_pair"]
