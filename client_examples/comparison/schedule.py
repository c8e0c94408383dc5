"""In which order arms are loaded."""

import random
from collections.abc import Sequence


def interleaved(arms: Sequence[str], loads: int, seed: str) -> list[str]:
    """Each arm `loads` times: rounds of all arms, each round in an order of its own.

    So whatever drifts while a comparison runs (heat, other programs, caches) meets all arms
    alike. The same seed gives the same order.
    """
    generator = random.Random(seed)
    order: list[str] = []
    for _ in range(loads):
        order += generator.sample(list(arms), len(arms))
    return order
