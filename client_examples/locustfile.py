"""Loads a screen by an arm under load, by Locust: on this machine, or on many.

    locust -f client_examples/locustfile.py --screen order-history --arm graphql/planned

Without `--rate` and `--find-rate` a number of users load one view after the other, as in any
Locust file. With one of them arrivals come at a rate that takes no notice of the answers, and are
timed from when they were due; the users are those who can be served at once. docs/load.md has a
command for each, and for several machines. A view that is not the right one is a failed load.
"""

import logging
import time
from typing import Any

import gevent
from locust import FastHttpUser, events, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.measuring.load_test.generator.coordinator import (
    Coordinator,
    GeneratorFailed,
)
from client_examples.comparison.measuring.load_test.generator.options import (
    add_options,
    chosen,
    plan,
    servers,
)
from client_examples.comparison.measuring.load_test.generator.target import Target
from client_examples.comparison.measuring.load_test.generator.turns import TurnTaker, turns_of
from client_examples.comparison.measuring.load_test.generator.worker import Worker
from client_examples.comparison.network.connections import AT_ONCE

logger = logging.getLogger("load")
hooks: Any = events  # whose functions have no types
hooks.init_command_line_parser.add_listener(add_options)


class Visitor(FastHttpUser):
    """Somebody who opens the screen; has connections of his own, as a browser has."""

    host = "http://unused"  # the arms know their servers
    connection_timeout = network_timeout = 10.0
    concurrency = AT_ONCE
    target: Target
    worker: Worker | None = None

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.clients = self.target.clients(self.client)

    @task
    def visit(self) -> None:
        """Load the screen, for the next arrival if these have a rate."""
        error, began = None, time.perf_counter()
        try:
            if self.worker is not None:
                took_ms = self.worker.serve(self.clients)
            else:
                self.target.get_ready(self.clients)
                began = time.perf_counter()  # what comes before the first load is not a part of it
                self.target.load(self.clients)
                took_ms = (time.perf_counter() - began) * 1000
        except ComparisonError as failed:
            error, took_ms = failed, (time.perf_counter() - began) * 1000
        self.environment.events.request.fire(
            request_type="VIEW",
            name=self.target.name,
            response_time=took_ms,
            response_length=0,
            exception=error,
            context={},
        )

    def wait_time(self) -> float:
        """The pause between two loads; none where arrivals decide."""
        options = self.environment.parsed_options
        return 0.0 if self.worker is not None or options is None else float(options.pause)


def begin(environment: Environment, **_: Any) -> None:
    """Find out what to do, before anything is loaded."""
    options: Any = environment.parsed_options
    is_master = isinstance(environment.runner, MasterRunner)
    try:
        rates = plan(options)
        screen, arms = chosen(options)
        target = Target(screen, arms, servers(options))
    except (ValueError, OSError, ComparisonError) as error:
        logger.error("%s", error)
        environment.process_exit_code = 2
        raise SystemExit(2) from error
    Visitor.target = target
    Visitor.ssl_context_factory = staticmethod(servers(options).ssl_context)
    Visitor.insecure = False
    if not is_master:
        hooks.quitting.add_listener(lambda **_: target.close())
    if rates is None:
        return
    if not is_master:
        Visitor.worker = Worker(environment, target, lambda: Visitor(environment).clients)
    if not isinstance(environment.runner, WorkerRunner):
        coordinator = (
            TurnTaker(environment, rates, turns_of(options, arms), logger.info)
            if options.turns
            else Coordinator(environment, rates, logger.info)
        )
        hooks.spawning_complete.add_listener(
            lambda **_: gevent.spawn(_coordinate, environment, coordinator)
        )


def _coordinate(environment: Environment, coordinator: Coordinator) -> None:
    """Try the rates, and end the run."""
    try:
        coordinator.run()
    except GeneratorFailed as error:
        logger.error("%s", error)
        environment.process_exit_code = 1
    finally:
        assert environment.runner is not None
        environment.runner.quit()


hooks.init.add_listener(begin)

if __name__ == "__main__":  # Locust's own --help leaves out what a file adds
    parser = LocustArgumentParser(usage="python -m locust -f client_examples/locustfile.py ...")
    add_options(parser)
    parser.print_help()
