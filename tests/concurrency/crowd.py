"""Many clients at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.contract.answer import Answer, Driver
from tests.contract.case import NEW
from tests.contract.runner import fresh
from tests.waiting import LIMIT_S


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Each job in a thread of its own, begun together; their results."""
    barrier = threading.Barrier(len(jobs))

    def begin(job: Callable[[], Any]) -> Any:
        barrier.wait(LIMIT_S)
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [future.result(LIMIT_S) for future in [threads.submit(begin, j) for j in jobs]]


def ask(driver: Driver, operation: str, **arguments: Any) -> Answer:
    """An operation, refused or not."""
    return driver.run(operation, arguments)


def made(driver: Driver, kind: str, **values: Any) -> Any:
    """A new row of the test's own."""
    unique = {"isbn": fresh("isbn")} if kind == "book" else {"email": fresh("email")}
    answer = ask(driver, f"create_{kind}", values={**NEW[kind](), **unique, **values})
    assert answer.code is None, answer
    return answer.value
