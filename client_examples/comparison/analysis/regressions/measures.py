"""The numbers of an arm that a budget can limit and an earlier run is compared by."""

from collections.abc import Callable, Mapping

from client_examples.comparison.results.document import ArmResult

TIME = "median_ms"

MEASURES: Mapping[str, Callable[[ArmResult], float | None]] = {
    "requests": lambda arm: arm.counts.requests,
    "steps": lambda arm: arm.counts.rounds,
    "wire_bytes": lambda arm: arm.counts.wire_bytes,
    "statements": lambda arm: arm.counts.statements,
    TIME: lambda arm: arm.summary.median_ns / 1e6 if arm.summary else None,
}
