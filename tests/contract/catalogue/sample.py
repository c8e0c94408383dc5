"""The sample data in plain Python, for what cases expect of it."""

from tests.fixtures import BOOKS
from tests.model import Model

SAMPLE = Model(BOOKS)
AWAY = 999_999  # an id that nothing has
