"""How many examples are tried, and that they are the same each time."""

from typing import Any

from hypothesis import HealthCheck, settings


def budget(examples: int, **more: Any) -> settings:
    """Settings for so many examples; a failure in CI is one that everybody can repeat."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
