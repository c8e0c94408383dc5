"""Which values of a parameter are tried by default, and which only with --all."""

from typing import Any

import pytest


def slow(*values: object) -> list[Any]:
    """These with --all only: what stands beside them is tried always, and shows most of it."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]
