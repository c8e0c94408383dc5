"""Threads of the server that end for want of work take nothing with them."""

from functools import partial
from pathlib import Path

import pytest

from tests.concurrency.crowd import at_once
from tests.exchange import Client
from tests.fixtures import running_pair
from tests.waiting import wait_until

TASKS = Path("/proc/self/task")
DEEP = "/customers/1?fields=orders.items.book.author.name"


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def threads(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())


def read_much(client: Client) -> None:
    for _ in range(20):
        assert client.get(DEEP).status == 200
    client.close()


@pytest.mark.slow
@pytest.mark.skipif(not TASKS.exists(), reason="threads are counted in /proc, which is not here")
def test_a_rest_server_outlives_its_idle_threads(tmp_path: Path) -> None:
    with running_pair(tmp_path, books="30") as pair:
        (worker,) = children(pair.servers.rest.process.pid)
        at_once(*(partial(read_much, pair.rest) for _ in range(16)))
        many = threads(worker)
        wait_until(lambda: threads(worker) < many - 2, "idle threads end", 90)
        pair.servers.check()
        assert pair.rest.get("/books/1").status == 200
        assert children(pair.servers.rest.process.pid) == [worker]
