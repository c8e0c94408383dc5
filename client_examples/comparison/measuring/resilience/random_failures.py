"""Random failures: loads while exchanges fail with a small probability.

A server that fails often, or is down for a while, is in `outage`.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from time import perf_counter

from client_examples.clients.api_errors import CircuitOpen
from client_examples.clients.retries import NO_RETRY, RETRY
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.attempts import Attempts
from client_examples.comparison.network.metered import MadeToFail
from client_examples.comparison.results.resilience import ResilienceResult

LOADS = 50  # per arm and policy
POLICIES = {"no retries": NO_RETRY, "retries": RETRY}


def measure(
    loader: Loader,
    screens: Sequence[Screen],
    rate: float,
    seed: int,
    record: Callable[[Screen, Arm, ResilienceResult], None],
    attempts: Attempts,
    on_load: Callable[[], None] = lambda: None,
) -> None:
    """Load all arms while exchanges fail at random, under each policy.

    Args:
        loader: the servers; each policy gets connections of its own.
        screens: what to load.
        rate: the chance that an exchange fails, before anything of it is sent.
        seed: decides which ones fail.
        record: takes each result.
        attempts: is told of each screen that cannot be loaded.
        on_load: called after each load.
    """
    with ExitStack() as closes:
        loaders = {
            policy: closes.enter_context(closing(loader.beside(Loader, retry=retry)))
            for policy, retry in POLICIES.items()
        }

        def try_arms(screen: Screen) -> None:
            for policy, trying in loaders.items():
                trying.prepare(screen)
                for arm in screen.arms:
                    trying.network.fails = _chooser(rate, f"{seed}/{screen.name}/{arm.name}")
                    tried = _Tried(trying.network.attempts, trying.network.failed)
                    try:
                        tried.load(trying, screen, arm, on_load)
                    finally:
                        record(screen, arm, tried.result(trying, rate, policy))

        attempts(try_arms, screens)


def was_made(error: BaseException) -> bool:
    """Whether an error comes from an exchange that was made to fail, or from such ones before."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MadeToFail | CircuitOpen):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _chooser(rate: float, seed: str) -> Callable[[], bool]:
    generator = random.Random(seed)
    return lambda: generator.random() < rate


@dataclass
class _Tried:
    """The loads of an arm so far, from when the network has had `attempts` and `failed` on."""

    attempts: int
    failed: int
    loads: int = 0
    loaded: int = 0
    began: float = field(default_factory=perf_counter)

    def load(self, loader: Loader, screen: Screen, arm: Arm, on_load: Callable[[], None]) -> None:
        """Load `LOADS` times; raises what is no failure that was made."""
        while self.loads < LOADS:
            try:
                loader.load(screen, arm)
            except ServerUnreachable as error:
                if not was_made(error):
                    raise
            else:
                self.loaded += 1
            self.loads += 1
            on_load()

    def result(self, loader: Loader, rate: float, policy: str) -> ResilienceResult:
        """The results so far."""
        return ResilienceResult(
            situation=f"{rate * 100:g}% of the exchanges fail",
            policy=policy,
            loads=self.loads,
            loaded=self.loaded,
            exchanges=loader.network.attempts - self.attempts,
            seconds=perf_counter() - self.began,
            in_vain=loader.network.failed - self.failed,
        )
