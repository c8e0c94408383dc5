"""Runs blocking calls side by side on one event loop, without a thread for each.

Each call runs in a greenlet. Where it would wait for the network, by `wait_for`, it stands aside
until the event loop has what it waits for, and the others go on. So the code of a client that
blocks (`requests`, and what is built on it) is the same over HTTP/2 as over HTTP/1.1.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar, cast

from greenlet import getcurrent, greenlet

from client_examples.comparison.network.connections import Result, SideBySide

Value = TypeVar("Value")


class EventLoop(SideBySide):
    """Runs calls side by side, as many at once as there are, all in the thread that asks."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in the order of the calls.

        Returns, or raises the first call's error, when none of them runs any more.
        """
        outcomes = self._runner.run(_all(calls))
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return cast("list[Result]", outcomes)

    def wait_for(self, awaited: Coroutine[Any, Any, Value]) -> Value:
        """What the coroutine gives; within a call of `run`, the others go on meanwhile."""
        loop = getcurrent().parent
        if loop is None:
            return self._runner.run(awaited)
        return cast("Value", loop.switch(awaited))

    def close(self) -> None:
        """End the event loop."""
        self._runner.close()


async def _all(calls: Sequence[Callable[[], Result]]) -> list[Result | BaseException]:
    return await asyncio.gather(*map(_call, calls), return_exceptions=True)


async def _call(call: Callable[[], Result]) -> Result:
    """Call in a greenlet, and await for it whatever it waits for."""
    calling = greenlet(call)
    awaited = calling.switch()
    while not calling.dead:
        try:
            value = await awaited
        except BaseException as error:  # told to whoever waits for it
            awaited = calling.throw(error)
        else:
            awaited = calling.switch(value)
    return cast("Result", awaited)
