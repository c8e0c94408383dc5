"""Measures what a screen costs the servers, arm by arm at one rate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.measuring.attempts import Attempts
from client_examples.comparison.measuring.cpu.client_side import ClientSide, client_side
from client_examples.comparison.measuring.load_test.locust_process import STARTING_S, results_of
from client_examples.comparison.network.server_processes import ServerProcesses, Unseen
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.cpu import (
    CpuArm,
    CpuResults,
    CpuScreen,
    CpuSettings,
    CpuTurn,
)
from client_examples.comparison.results.document import Settings
from client_examples.comparison.statistics import interval, median_resamples

SEARCH_LIMIT_S = 120.0  # for the rate, and for a screen to get ready
KEPT_MS = 250.0  # p99 of a rate that an arm keeps up with: beyond, those who wait become more
SPARE_S = 2.0  # a turn, beside its seconds


class CpuTest:
    """What some screens cost; `results` can be asked for at any time.

    Args:
        screens: what to load.
        screens_file: where the screens are declared, if they are a user's own.
    """

    def __init__(self, screens: Sequence[Screen], screens_file: Path | None = None) -> None:
        self.screens = screens
        self._file = screens_file
        self._unseen = ""
        self._known: list[_Known] = []

    def run(
        self,
        servers: Servers,
        settings: Settings,
        on_arm: Callable[[], None],
        attempts: Attempts,
    ) -> None:
        """Measure all screens, by `attempts`; does nothing unless it was asked for.

        Raises:
            LoadFailed: a screen could not be loaded: to `attempts`.
        """
        asked = settings.cpu
        if asked is None:
            return
        try:
            arms = [arm for screen in self.screens for arm in screen.arms]
            ServerProcesses.behind({servers.url_of(arm.api) for arm in arms})
        except Unseen as error:
            self._unseen = str(error)
            return

        def measure(screen: Screen) -> None:
            self._measure(screen, servers, asked, settings.seed)
            for _ in screen.arms:
                on_arm()

        attempts(measure, self.screens)

    def results(self) -> CpuResults | None:
        """The results so far; None where there are none, and nothing kept them from being."""
        screens = [known.result() for known in self._known if known.rate is not None]
        if not self._unseen and not screens:
            return None
        return CpuResults(self._unseen, screens)

    def _measure(self, screen: Screen, servers: Servers, settings: CpuSettings, seed: int) -> None:
        options = {
            "--below-ms": KEPT_MS,
            "--arm": ",".join(arm.name for arm in screen.arms),
            "--turns": settings.turns,
            "--step-seconds": settings.turn_s,
            "--seed": seed,
            "--users": settings.users,
        }
        sides = {arm.name: client_side(screen, arm, servers) for arm in screen.arms}
        limit_s = SEARCH_LIMIT_S + STARTING_S
        limit_s += settings.turns * (len(screen.arms) + 1) * (settings.turn_s + SPARE_S)
        known = _Known(screen, servers, seed, sides)
        self._known.append(known)
        for line in results_of(screen, "all arms", servers, self._file, options, limit_s):
            known.learn(line)


@dataclass
class _Known:
    """What is known of a screen so far, as the generator tells it; `result` works it out."""

    screen: Screen
    servers: Servers
    seed: int
    sides: Mapping[str, ClientSide | None]
    rate: dict[str, Any] | None = None
    turns: dict[str, list[CpuTurn]] = field(default_factory=dict)
    at_rest: dict[str, list[float]] = field(default_factory=dict)

    def learn(self, line: Mapping[str, Any]) -> None:
        self.rate = line.get("rate", self.rate)
        if "turn" in line:
            self.turns.setdefault(line["arm"], []).append(CpuTurn(**line["turn"]))
        if "at_rest" in line:
            self.at_rest.setdefault(line["server"], []).append(line["at_rest"])

    def result(self) -> CpuScreen:
        arms = [
            arm_result(
                arm,
                self.turns.get(arm.name, []),
                median(self.at_rest.get(self.servers.url_of(arm.api), [0.0])),
                self.sides[arm.name],
                self.seed,
            )
            for arm in self.screen.arms
        ]
        return CpuScreen(name=self.screen.name, arms=arms, **(self.rate or {}))


def arm_result(
    arm: Arm, turns: Sequence[CpuTurn], rest_ms: float, side: ClientSide | None, seed: int
) -> CpuArm:
    """What a load by an arm costs, from its turns and what its server takes at rest."""
    counted = [one for one in turns if one.loads]
    samples = [(one.cpu_ms - rest_ms * one.seconds) / one.loads for one in counted]
    low = high = share = None
    if samples:
        low, high = interval(median_resamples(np.asarray(samples), f"{seed}/{arm.name}"))
        both = sum(one.user_ms + one.system_ms for one in counted)
        share = sum(one.system_ms for one in counted) / both if both else None
    return CpuArm(
        name=arm.name,
        description=arm.description,
        turns=list(turns),
        samples_ms=samples,
        rest_ms=rest_ms,
        cpu_ms=median(samples) if samples else None,
        low_ms=low,
        high_ms=high,
        system_share=share,
        memory=counted[-1].memory if counted else None,
        decode_ms=side.decode_ms if side else None,
        build_ms=side.build_ms if side else None,
    )
