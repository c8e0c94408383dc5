"""The claims that no other command measures, each with how it is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final, TypeAlias

from benchmarks.claims.claim import Claim
from benchmarks.claims.contract_changes import judging, measuring
from benchmarks.claims.contract_changes.results import Results
from benchmarks.claims.grpc.claim import WORDS as GRPC_IS_FASTER
from benchmarks.claims.grpc.claim import grpc_is_faster
from benchmarks.claims.grpc.results import GrpcResults
from benchmarks.claims.over_fetching.claim import WORDS as MUCH_FASTER
from benchmarks.claims.over_fetching.claim import much_faster
from benchmarks.claims.over_fetching.results import OverFetchingResults
from benchmarks.claims.servers import NotStarted
from client_examples.comparison.errors import ComparisonError
from client_examples.type_safety.tools import ToolFailed
from launcher.processes import NotHealthy, ServerEnded

Tell: TypeAlias = Callable[[str], object]

# What keeps a claim from being measured, told in a line or a few.
FAILURES: Final = (NotStarted, NotHealthy, ServerEnded, ComparisonError, ToolFailed)


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


def _grpc(tell: Tell) -> GrpcResults:
    from benchmarks.claims.grpc.measuring import measure  # grpcio is in the extra alone

    return measure(tell=tell)


def _over_fetching(tell: Tell) -> OverFetchingResults:
    from benchmarks.claims.over_fetching.measuring import measure  # it imports the servers' parts

    return measure(tell=tell)


MEASUREMENTS: Final[tuple[Measurement, ...]] = (
    Measurement(
        10,
        judging.WORDS,
        Results,
        measuring.measure,
        judging.claim,
        ("datamodel_code_generator", "mypy"),
    ),
    Measurement(11, MUCH_FASTER, OverFetchingResults, _over_fetching, much_faster),
    Measurement(
        13, GRPC_IS_FASTER, GrpcResults, _grpc, grpc_is_faster, ("grpc", "grpc_tools", "psutil")
    ),
)
