"""One step in one worker process: arrivals are handed to free users, or wait for one."""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import gevent
from gevent.event import AsyncResult, Event

from client_examples.comparison.measuring.load_test.generator.tally import Tally

# A step is lost when more than 1 of 100 are too slow; it ends at once when it is lost whatever the
# other processes see.
GIVE_UP = 0.05
# How long to wait for the last answers, before those that have none count as they are, and then
# until the servers have nothing left to do.
GRACE_S, DRAIN_S = 2.0, 15.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One person who opens the screen; `due` is when, on this process's clock."""

    number: int
    due: float
    step: "Step"


class Users:
    """The users of this process: free ones, and arrivals that wait for one.

    The user that became free last is taken first, so that a low rate uses few connections.
    """

    def __init__(self) -> None:
        self._idle: list[AsyncResult[Arrival]] = []
        self._backlog: deque[Arrival] = deque()

    def next(self) -> Arrival:
        """The next arrival, which is the caller's to serve."""
        if self._backlog:
            return self._backlog.popleft()
        waiting: AsyncResult[Arrival] = AsyncResult()
        self._idle.append(waiting)
        try:
            arrival = waiting.get()
        finally:
            if waiting in self._idle:  # the user is ended
                self._idle.remove(waiting)
        assert arrival is not None
        return arrival

    def arrive(self, arrival: Arrival) -> None:
        """Hand the arrival to a free user, or to the first that becomes free."""
        if self._idle:
            self._idle.pop().set(arrival)
        else:
            self._backlog.append(arrival)

    def forget(self) -> None:
        """Drop the arrivals that nobody has served yet."""
        self._backlog.clear()


class Step:
    """One rate, as far as this process is concerned.

    Args:
        times: when the arrivals are due, in seconds from the beginning.
        bound_ms: what is slower is too slow.
        gives_up: whether it ends as soon as it is lost.
    """

    def __init__(self, times: Sequence[float], bound_ms: float, gives_up: bool) -> None:
        self._times = times
        self._bound_ms = bound_ms
        self._gives_up = gives_up
        self._tally = Tally(planned=len(times))
        self._waiting: dict[int, float] = {}  # when those were due who have no answer yet
        self._all_served = Event()
        self._too_slow = 0
        self._is_over = False
        self.under_way = 0

    def run(self, users: Users) -> Tally:
        """Have all arrive in time, and wait for their answers."""
        began, worked = perf_counter(), time.process_time()
        for number, after in enumerate(self._times):
            due = began + after
            gevent.sleep(0)  # where it is behind, others get a turn all the same
            while (ahead := due - perf_counter()) > 0:
                gevent.sleep(ahead)
            if self._is_lost():
                self._tally.gave_up = True
                break
            self._tally.late_ms.append((perf_counter() - due) * 1000)
            self._waiting[number] = due
            self._tally.most_waiting = max(self._tally.most_waiting, len(self._waiting))
            users.arrive(Arrival(number, due, self))
        lasted = perf_counter() - began
        self._tally.busy = (time.process_time() - worked) / lasted if lasted else 0.0
        self._wait_for_answers()
        self._close(users)
        return self._tally

    def served(self, arrival: Arrival, failure: str | None) -> float:
        """Record how a load has ended; ms since the arrival was due."""
        waited_ms = took_ms = (perf_counter() - arrival.due) * 1000
        if self._is_over:
            return waited_ms
        del self._waiting[arrival.number]
        if failure is not None:
            self._tally.failed += 1
            self._tally.failure = self._tally.failure or failure
            took_ms = float("inf")
        self._too_slow += took_ms > self._bound_ms
        self._tally.took_ms.append(took_ms)
        if not self._waiting:
            self._all_served.set()
        return waited_ms

    def _is_lost(self) -> bool:
        """Whether too many are too slow, those among them who wait for too long already."""
        if not self._gives_up:
            return False
        # In the order of their arrival: the first who is not too late ends the count.
        oldest = perf_counter() - self._bound_ms / 1000
        late = 0
        for due in self._waiting.values():
            if due > oldest:
                break
            late += 1
        return self._too_slow + late > max(1, GIVE_UP * len(self._times))

    def _wait_for_answers(self) -> None:
        deadline = perf_counter() + (0 if self._tally.gave_up else GRACE_S)
        while self._waiting and perf_counter() < deadline and not self._is_lost():
            self._all_served.clear()
            self._all_served.wait(min(0.1, max(0.0, deadline - perf_counter())))

    def _close(self, users: Users) -> None:
        """Count who still waits, by as long as they have, and let the servers come to rest."""
        now = perf_counter()
        self._tally.took_ms += [(now - due) * 1000 for due in self._waiting.values()]
        self._tally.unanswered = len(self._waiting)
        self._is_over = True
        users.forget()
        deadline = now + DRAIN_S
        while self.under_way and perf_counter() < deadline:
            gevent.sleep(0.02)
