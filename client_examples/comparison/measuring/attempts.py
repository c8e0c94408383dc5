"""One screen after another; one that fails does not keep the others from being measured."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from client_examples.comparison.arms.screen import Screen

Work: TypeAlias = Callable[[Screen], None]
Attempts: TypeAlias = Callable[[Work, Sequence[Screen]], None]
