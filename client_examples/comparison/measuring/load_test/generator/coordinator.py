"""The coordinator of a load test: tells each worker process its share of a rate.

Messages are Locust's own between master and workers, and the same within a single process.
"""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.runners import MasterRunner

from client_examples.comparison.measuring.load_test.generator.arrivals import seconds_for
from client_examples.comparison.measuring.load_test.generator.step import DRAIN_S, GRACE_S
from client_examples.comparison.measuring.load_test.generator.tally import Tally, step_of
from client_examples.comparison.measuring.load_test.rate_search import GREATEST, next_rate
from client_examples.comparison.results.load_test import LoadStep

READY, IS_READY, STEP, STEP_DONE = "ready", "is_ready", "step", "step_done"
READY_LIMIT_S = 60.0  # some loads one after the other, and what the screen prepares
SPARE_S = 10.0  # until all workers have been told, and have told


@dataclass(frozen=True)
class Plan:
    """The rates to try; without any, the highest one that is kept is searched for.

    `first` is the rate to begin with; None for half of what one user alone would get.
    """

    rates: Sequence[float]
    first: float | None
    step_s: float
    bound_ms: float
    most_s: float
    seed: int
    results: Path | None


class GeneratorFailed(Exception):
    """A process of the generator could not load the screen, or does not answer."""


class Coordinator:
    """Has all worker processes take one step after the other; see `run`."""

    def __init__(self, environment: Environment, plan: Plan, tell: Callable[[str], None]) -> None:
        """Nothing is asked yet.

        Args:
            environment: Locust's, of the master or of the only process.
            plan: what to try.
            tell: called with a line for the user after each step.
        """
        self._environment = environment
        self._plan = plan
        self._tell = tell
        self._replies: list[dict[str, Any]] = []
        self._has_replied = Event()
        runner = self._runner
        for message in (IS_READY, STEP_DONE):
            runner.register_message(message, self._take)

    @property
    def _runner(self) -> Any:
        assert self._environment.runner is not None
        return self._environment.runner

    def run(self) -> None:
        """Try all rates; each step is written to the results' file, a line of JSON.

        Raises:
            GeneratorFailed: the screen cannot be loaded; or a worker is lost.
        """
        steps: list[LoadStep] = []
        replies = self._ask(READY, {}, READY_LIMIT_S)
        alone_s = max(took for reply in replies for took in reply["alone_s"].values())
        self._write({"alone_ms": alone_s * 1000, "processes": self._processes()})
        first = self._plan.first or float(f"{0.5 / alone_s:.2g}")
        ends = time.monotonic() + self._plan.most_s
        while (rate := self._next(steps, first)) is not None:
            if steps and time.monotonic() > ends:
                break
            seconds = seconds_for(rate, self._plan.step_s)
            step = self._step(rate, len(steps), seconds, gives_up=not self._plan.rates)
            steps.append(step)
            self._write({"step": asdict(step)})
            self._tell(said(step))
        self._write({"is_over": self._next(steps, first) is None})

    def _next(self, steps: Sequence[LoadStep], first: float) -> float | None:
        rates = self._plan.rates
        if rates:
            return rates[len(steps)] if len(steps) < len(rates) else None
        return next_rate(steps, first, GREATEST)

    def _step(
        self, rate: float, number: int, seconds: float, arm: str = "", *, gives_up: bool = True
    ) -> LoadStep:
        """Hold a rate for so long, by an arm; by the first where none is named."""
        plan = self._plan
        order = {
            "rate": rate / self._processes(),
            "seconds": seconds,
            "seed": f"{plan.seed}/{rate}/{number}",
            "bound_ms": plan.bound_ms,
            "gives_up": gives_up,
            "arm": arm,
        }
        replies = self._ask(STEP, order, seconds + GRACE_S + DRAIN_S + SPARE_S)
        return step_of(rate, seconds, [Tally(**one["tally"]) for one in replies], plan.bound_ms)

    def _processes(self) -> int:
        runner = self._runner
        return int(runner.worker_count) if isinstance(runner, MasterRunner) else 1

    def _ask(self, message: str, data: dict[str, Any], limit_s: float) -> list[dict[str, Any]]:
        """Send a message to all processes; their replies."""
        self._replies = []
        expected = self._processes()
        self._runner.send_message(message, data)
        with suppress(gevent.Timeout), gevent.Timeout(limit_s):
            while len(self._replies) < expected:
                self._has_replied.clear()
                self._has_replied.wait()
        if len(self._replies) < expected:
            missing = expected - len(self._replies)
            raise GeneratorFailed(
                f"{missing} of {expected} processes did not answer in {limit_s:g} s"
            )
        wrong = [reply["error"] for reply in self._replies if "error" in reply]
        if wrong:
            raise GeneratorFailed(wrong[0])
        return self._replies

    def _take(self, msg: Any, **_: Any) -> None:
        self._replies.append(msg.data)
        self._has_replied.set()

    def _write(self, line: dict[str, Any]) -> None:
        if self._plan.results is not None:
            with self._plan.results.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(line)}\n")


def said(step: LoadStep) -> str:
    """A step as a line for the terminal."""
    p50, p99 = ("-" if one is None else f"{one:.1f}" for one in (step.p50_ms, step.p99_ms))
    more = f", {step.failed} failed ({step.failure})" if step.failed else ""
    more += f", {step.unanswered} unanswered" if step.unanswered else ""
    more += ", the generator was late" if step.generator_was_late else ""
    verdict = "kept" if step.is_kept else "lost"
    return (
        f"{step.rate:>8,g}/s {verdict}: p50 {p50} ms, p99 {p99} ms, {step.arrivals} arrivals, "
        f"sent {step.late_p99_ms:.1f} ms late{more}"
    )
