"""The claims that no other command measures, each with how it is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

from benchmarks.claims.claim import Claim

Tell: TypeAlias = Callable[[str], object]


@dataclass(frozen=True)
class Measurement:
    """How a claim is measured, and what is made of it.

    Attributes:
        number: the claim's.
        words: the claim's, for `--help`.
        results: the dataclass of what is found, which is written to the file as JSON.
        measure: finds it out, telling in lines how far it is. Servers that it starts bind
            loopback, and end with it. It imports what is in the extra `claims` alone when called.
        claim: judges it.
        needs: modules of the extra `claims`, by their names.
    """

    number: int
    words: str
    results: Any
    measure: Callable[[Tell], Any]
    claim: Callable[[Any], Claim]
    needs: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Which of those modules are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


MEASUREMENTS: Final[tuple[Measurement, ...]] = ()
