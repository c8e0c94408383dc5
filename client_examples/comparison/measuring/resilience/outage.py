"""Outages: a server that fails half of its exchanges, and one that is down for a while.

A load begins every tenth of a second, whatever became of those before, as the users of one client
come. So a policy that waits does not come with fewer of them. The policies are tried side by side,
each by a client of its own, and meet the same outage. No server is touched: the client's own
transport fails the exchanges, at once, as a computer does on which nothing listens.
"""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from math import inf
from threading import Lock
from time import perf_counter, sleep

from urllib3.util import Retry

from client_examples.clients.circuit_breaker import Breaker
from client_examples.clients.retries import NO_RETRY, RETRY
from client_examples.comparison.arms.screen import Arm, RestArm, Screen
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.resilience.random_failures import was_made
from client_examples.comparison.results.resilience import ResilienceResult

PACE_S = 0.1
_THREADS = 128  # loads under way at once; of a client that retries, some 15 are


@dataclass(frozen=True)
class Situation:
    """So many loads; the share of the exchanges that fail while the server is in trouble.

    Times are seconds from the first load on. One whose trouble ends is seen to recover.
    """

    name: str
    loads: int
    share: float
    trouble_s: float
    ends_s: float

    def fails(self, began: float, seed: str) -> Callable[[], bool]:
        """Whether an exchange fails that begins now; `began` is when the first load did."""
        generator = random.Random(seed)

        def fails() -> bool:
            in_trouble = self.trouble_s <= perf_counter() - began < self.ends_s
            return in_trouble and generator.random() < self.share

        return fails


@dataclass(frozen=True)
class Policy:
    """How a client deals with failures: retries, a circuit breaker."""

    name: str
    retry: Retry
    breaks: bool

    def breaker(self) -> Breaker | None:
        """A new breaker, None where there is to be none."""
        return Breaker() if self.breaks else None


# Trouble begins and ends between two loads, not at one.
SITUATIONS = (
    Situation("half of the exchanges fail", loads=100, share=0.5, trouble_s=0, ends_s=inf),
    Situation("the server is down for 10 s", loads=140, share=1, trouble_s=1.05, ends_s=11.05),
)
POLICIES = (
    Policy("no retries", NO_RETRY, breaks=False),
    Policy("retries", RETRY, breaks=False),
    Policy("breaker", NO_RETRY, breaks=True),
    Policy("both", RETRY, breaks=True),
)

Record = Callable[[Screen, Arm, ResilienceResult], None]


def chosen(
    screens: Sequence[Screen], taken: Callable[[Screen, Arm], tuple[int, int]]
) -> list[tuple[Screen, Arm]]:
    """The arms to try: of the first screen that needs no preparation, one of each API.

    That is the one with the fewest requests, and of these the one with the fewest statements;
    `taken` gives both numbers.
    """
    screen = next((one for one in screens if one.preparation is None), None)
    if screen is None:
        return []
    kinds: list[list[Arm]] = [
        [arm for arm in screen.arms if isinstance(arm, RestArm)],
        [arm for arm in screen.arms if not isinstance(arm, RestArm)],
    ]
    return [(screen, min(arms, key=lambda arm: taken(screen, arm))) for arms in kinds if arms]


def planned(screens: Sequence[Screen]) -> int:
    """How many loads of these screens' arms are to be made."""
    arms = len(chosen(screens, lambda _screen, _arm: (0, 0)))
    return arms * len(POLICIES) * sum(situation.loads for situation in SITUATIONS)


def measure(
    loader: Loader,
    arms: Sequence[tuple[Screen, Arm]],
    seed: int,
    record: Record,
    on_load: Callable[[], None] = lambda: None,
) -> None:
    """Load the arms in each situation, under each policy.

    Args:
        loader: the servers; each client gets connections of its own.
        arms: what to load.
        seed: decides which exchanges fail.
        record: takes each result.
        on_load: called after each load.
    """
    for situation in SITUATIONS if arms else ():
        with ExitStack() as stack:
            clients = []
            for screen, arm in arms:
                for policy in POLICIES:
                    client = Client(loader, screen, arm, policy)
                    stack.enter_context(closing(client.loader))
                    clients.append(client)
            began = perf_counter()
            try:
                _load(clients, situation, began, seed, on_load)
            finally:
                for client in clients:
                    record(client.screen, client.arm, client.result(situation, began))


class Client:
    """A client with a policy, and its loads so far; several of them may run at once."""

    def __init__(self, loader: Loader, screen: Screen, arm: Arm, policy: Policy) -> None:
        self.screen = screen
        self.arm = arm
        self._policy = policy
        self._breaker = policy.breaker()
        self.loader = loader.alone(arm, policy.retry, self._breaker)
        self._lock = Lock()
        self._lasted: list[float] = []  # s, of each load that has ended
        self._loaded_at: list[float] = []  # when each ended that succeeded

    def load(self) -> None:
        """Load once; raises what is no failure that was made."""
        began = perf_counter()
        succeeded = True
        try:
            self.loader.load(self.screen, self.arm)
        except ServerUnreachable as error:
            if not was_made(error):
                raise
            succeeded = False
        ended = perf_counter()
        with self._lock:
            self._lasted.append(ended - began)
            if succeeded:
                self._loaded_at.append(ended)

    def result(self, situation: Situation, began: float) -> ResilienceResult:
        """The results so far."""
        network, returned = self.loader.network, began + situation.ends_s
        after = [moment - returned for moment in self._loaded_at if moment >= returned]
        return ResilienceResult(
            situation=situation.name,
            policy=self._policy.name,
            loads=len(self._lasted),
            loaded=len(self._loaded_at),
            exchanges=network.attempts,
            seconds=perf_counter() - began,
            in_vain=network.failed,
            refused=self._breaker.refused if self._breaker else 0,
            pace_s=PACE_S,
            longest_s=max(self._lasted, default=None),
            recovery_s=min(after, default=None),
        )


def _load(
    clients: Sequence[Client],
    situation: Situation,
    began: float,
    seed: int,
    on_load: Callable[[], None],
) -> None:
    """Have each client begin a load at each step of the pace, and wait for all of them."""
    for client in clients:
        client.loader.network.fails = situation.fails(began, f"{seed}/{client.arm.name}")
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="users")
    try:
        running: list[Future[None]] = []
        for number in range(situation.loads):
            sleep(max(0.0, began + number * PACE_S - perf_counter()))
            running += [threads.submit(client.load) for client in clients]
            running = _still(running, on_load)
        for future in running:
            future.result()
            on_load()
    finally:
        threads.shutdown(cancel_futures=True)


def _still(running: Sequence[Future[None]], on_load: Callable[[], None]) -> list[Future[None]]:
    """The loads that have not ended yet; raises the error of one that has."""
    still = []
    for future in running:
        if future.done():
            future.result()
            on_load()
        else:
            still.append(future)
    return still
