"""A worker process of the load test: gets ready, and holds rates, when it is told to."""

import gc
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import gevent
from locust.env import Environment

from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.measuring.load_test.generator.arrivals import times
from client_examples.comparison.measuring.load_test.generator.coordinator import (
    IS_READY,
    READY,
    STEP,
    STEP_DONE,
)
from client_examples.comparison.measuring.load_test.generator.step import Arrival, Step, Users
from client_examples.comparison.measuring.load_test.generator.target import Target
from client_examples.comparison.network.clients import BothClients


class Worker:
    """Acts on the coordinator's messages.

    Args:
        environment: Locust's, of a worker or of the only process.
        target: what to load.
        clients: gives a client of this process's own.
    """

    def __init__(
        self, environment: Environment, target: Target, clients: Callable[[], BothClients]
    ) -> None:
        self.users = Users()
        runner: Any = environment.runner
        self._runner = runner
        self._target = target
        self._clients = clients
        # Spawned, as whoever brings a message has others to bring.
        for message, act in ((READY, self._get_ready), (STEP, self._step)):
            runner.register_message(message, self._spawned(act))

    def serve(self, clients: BothClients) -> float:
        """Serve the next arrival, when it comes: a user's task; ms from when it was due.

        Raises:
            ComparisonError: the load failed, which has been counted.
        """
        return self._serve(self.users.next(), clients)

    def _serve(self, arrival: Arrival, clients: BothClients) -> float:
        step = arrival.step
        step.under_way += 1
        failure: str | None = "the user was ended"
        try:
            self._target.load(clients)
            failure = None
        except ComparisonError as error:
            failure = str(error)
            raise
        finally:
            step.under_way -= 1
            took_ms = step.served(arrival, failure)
        return took_ms

    def _get_ready(self, _data: dict[str, Any]) -> None:
        gc.collect()
        gc.freeze()  # what is there now stays; going through it would only make arrivals late
        try:
            clients = self._clients()
            self._target.get_ready(clients)
            reply: dict[str, Any] = {"alone_s": self._target.alone_s(clients)}
        except ComparisonError as error:
            reply = {"error": str(error)}
        self._runner.send_message(IS_READY, reply)

    def _step(self, data: dict[str, Any]) -> None:
        worker = self._runner.worker_index  # each has arrivals of its own
        due = times(data["rate"], data["seconds"], f"{data['seed']}/{worker}")
        self._target.take(data["arm"])
        try:
            tally = Step(due, data["bound_ms"], data["gives_up"]).run(self.users)
            self._target.undo()
            reply: dict[str, Any] = {"tally": asdict(tally)}
        except Exception as error:  # said to the master, which waits for this process
            reply = {"error": f"{type(error).__name__}: {error}"}
        self._runner.send_message(STEP_DONE, reply)

    @staticmethod
    def _spawned(act: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
        def listen(msg: Any, **_: Any) -> None:
            gevent.spawn(act, msg.data)

        return listen
