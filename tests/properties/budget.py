"""How many examples are tried, and that they are the same each time."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings


def budget(examples: int, *, shrink: bool = True, **more: Any) -> settings:
    """Settings for so many examples; a failure in CI is one that everybody can repeat.

    Args:
        shrink: look for the smallest example that fails, which may take minutes over HTTP.
    """
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])]
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        **more,
    )
