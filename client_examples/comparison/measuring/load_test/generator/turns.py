"""Takes turns with the arms of a screen at one rate, and counts what the servers use meanwhile."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gevent
from locust.env import Environment

from client_examples.comparison.arms.screen import Arm
from client_examples.comparison.measuring.load_test.generator.coordinator import (
    READY,
    READY_LIMIT_S,
    Coordinator,
    GeneratorFailed,
    Plan,
)
from client_examples.comparison.measuring.load_test.rate_search import highest, next_rate
from client_examples.comparison.network.server_processes import ServerProcesses, Unseen
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.cpu import CpuTurn
from client_examples.comparison.results.load_test import LoadStep

SHARE = 0.5  # of the highest rate that the slowest arm keeps: none of them has to wait then
SEARCH_S = 15.0
SETTLE_S = 0.2  # between two turns: what one has left to do is not the next one's


@dataclass(frozen=True)
class Turns:
    """How often each of the arms has its turn, and the address of its server."""

    servers: Mapping[str, str]
    number: int


def turns_of(options: Any, arms: Sequence[Arm]) -> Turns:
    """What the options ask for."""
    servers = Servers(options.rest_url, options.graphql_url)
    return Turns({arm.name: servers.url_of(arm.api) for arm in arms}, options.turns)


class TurnTaker(Coordinator):
    """Finds the rate, and has all arms take it one after the other; see `run`."""

    def __init__(
        self, environment: Environment, plan: Plan, turns: Turns, tell: Callable[[str], None]
    ) -> None:
        super().__init__(environment, plan, tell)
        self._turns = turns
        self._observed: dict[str, ServerProcesses] = {}

    def run(self) -> None:
        """Take all turns; each is written to the results' file, a line of JSON.

        Raises:
            GeneratorFailed: the screen cannot be loaded, no rate is kept, or servers are gone.
        """
        alone = self._ask(READY, {}, READY_LIMIT_S)[0]["alone_s"]
        slowest = max(alone, key=lambda name: alone[name])
        kept = self._kept(slowest, alone[slowest])
        rate = SHARE * kept
        self._write({"rate": {"rate": rate, "slowest": slowest, "kept_rate": kept}})
        order = random.Random(self._plan.seed)
        servers = self._turns.servers
        try:
            self._observed = {url: ServerProcesses.behind([url]) for url in servers.values()}
            for number in range(self._turns.number):
                turns: list[str | None] = [*servers, None]
                order.shuffle(turns)
                for arm in turns:
                    gevent.sleep(SETTLE_S)
                    if arm is None:
                        self._rest()
                    else:
                        self._turn(arm, rate, number)
        except Unseen as error:
            raise GeneratorFailed(str(error)) from error
        self._write({"is_over": True})

    def _kept(self, arm: str, alone_s: float) -> float:
        """The highest rate that the arm keeps, as far as a short search can tell."""
        steps: list[LoadStep] = []
        ends = time.monotonic() + SEARCH_S
        rate = next_rate(steps, SHARE / alone_s)
        while rate is not None and (highest(steps) is None or time.monotonic() < ends):
            steps.append(self._step(rate, len(steps), self._plan.step_s, arm))
            self._tell(f"{arm}: {rate:g}/s {'kept' if steps[-1].is_kept else 'lost'}")
            rate = next_rate(steps, rate)
        kept = highest(steps)
        if kept is None:
            raise GeneratorFailed(f"{arm} keeps no rate")
        return kept

    def _turn(self, arm: str, rate: float, number: int) -> None:
        """Let the arm load for a while."""
        processes = self._observed[self._turns.servers[arm]]
        began, before = time.perf_counter(), processes.used()
        step = self._step(rate, number, self._plan.step_s, arm, gives_up=False)
        used, seconds = processes.used().since(before), time.perf_counter() - began
        turn = CpuTurn(
            seconds=seconds,
            loads=step.arrivals,
            failed=step.failed,
            cpu_ms=used.cpu_ns / 1e6,
            user_ms=used.user_s * 1000,
            system_ms=used.system_s * 1000,
            memory=used.memory,
            late_p99_ms=step.late_p99_ms,
        )
        self._write({"arm": arm, "turn": asdict(turn)})

    def _rest(self) -> None:
        """Let nobody load for a while."""
        before = {url: each.used() for url, each in self._observed.items()}
        began = time.perf_counter()
        gevent.sleep(self._plan.step_s)
        seconds = time.perf_counter() - began
        for url, each in self._observed.items():
            used_ms = each.used().since(before[url]).cpu_ns / 1e6
            self._write({"server": url, "at_rest": used_ms / seconds})
