"""One screen after another; one that fails need not keep the others from being measured."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from client_examples.comparison.arms.screen import Screen

Work: TypeAlias = Callable[[Screen], None]
Attempts: TypeAlias = Callable[[Work, Sequence[Screen]], None]


def until_one_fails(work: Work, screens: Sequence[Screen]) -> None:
    """Do the work for each screen; what one of them raises ends it."""
    for screen in screens:
        work(screen)
