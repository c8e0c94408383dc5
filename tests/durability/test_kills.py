"""An answered write is never lost, and none is half done, however the servers die."""

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from launcher.ports import LOOPBACK, free_ports, is_listening
from tests.concurrency.crowd import at_once, made
from tests.contract.graphql_driver import GraphqlDriver
from tests.contract.rest_driver import RestDriver
from tests.durability.forker import Forker
from tests.durability.ledger import Ledger
from tests.durability.writers import Writer
from tests.exchange import Client
from tests.postgresql_cluster import shared_cluster
from tests.waiting import LIMIT_S, wait_until

ROUNDS = 20
WRITERS = 3  # for each API
COPIES = 1_000_000
AT_LEAST = 3  # answers by each API before the servers are killed
UP_TO_S = 0.1  # later than that

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that lasts."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bookstore.db"
    return shared_cluster(request).new_database()


class Lives:
    """Both servers over one database, started and killed again and again."""

    def __init__(self, forker: Forker, url: str) -> None:
        self._ports = rest, graphql = free_ports(2)
        self._forker = forker
        self._settings = {
            "rest_port": rest,
            "graphql_port": graphql,
            "database_url": url,
            "books": 30,
            # Several write to a file at once, each behind its own lock for writers; the fewer
            # processes open PostgreSQL, the more there is time for.
            "workers": 2 if url.startswith("sqlite") else 1,
        }
        self.clients = [Client(f"http://127.0.0.1:{port}") for port in (rest, graphql)]
        self.drivers = [RestDriver(self.clients[0]), GraphqlDriver(self.clients[1])]
        self._groups: list[int] = []

    def start(self) -> None:
        self._groups = [self._forker.start(api, self._settings) for api in ("rest", "graphql")]
        for client in self.clients:
            wait_until(lambda client=client: _answers(client), "the server answers")

    def kill(self) -> None:
        """End all of their processes at once, by SIGKILL."""
        for group in self._groups:
            os.killpg(group, signal.SIGKILL)
        # A process seems to have ended before the last of its threads has, which has its sockets.
        wait_until(lambda: not any(is_listening(LOOPBACK, port) for port in self._ports), "it ends")


def _answers(client: Client) -> bool:
    with suppress(OSError):
        return client.get("/health").status == 200
    return False


def test_what_was_answered_outlives_the_servers(url: str, tmp_path: Path) -> None:
    log = tmp_path / "servers.log"
    try:
        with Forker(log) as forker:
            live_and_die(Lives(forker, url), url)
    except BaseException:
        print(log.read_text())  # shown with the failure
        raise


def live_and_die(lives: Lives, url: str) -> None:
    lives.start()
    rest, graphql = lives.drivers
    customer = made(rest, "customer")["id"]
    books = [made(rest, "book", stock=COPIES, price=1.15)["id"] for _ in range(6)]
    writers = [
        Writer(driver, customer, books, made(driver, "book"))
        for driver in (rest, graphql) * WRITERS
    ]
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    ledger = Ledger(engine, customer, dict.fromkeys(books, COPIES))
    for _ in range(ROUNDS):
        write_until_killed(lives, writers)
        lives.start()
        ledger.check(writers)
        at_once(*(lambda one=one: ask_again(one, lives) for one in writers))
    ledger.check(writers)
    lives.kill()
    engine.dispose()


def write_until_killed(lives: Lives, writers: list[Writer]) -> None:
    """Kill all processes of the servers in the midst of writes through both."""
    before = [writer.answers for writer in writers]

    def have_answers() -> bool:
        new = [writer.answers - old for writer, old in zip(writers, before, strict=True)]
        return min(sum(new[0::2]), sum(new[1::2])) >= AT_LEAST

    with ThreadPoolExecutor(len(writers)) as threads:
        jobs = [threads.submit(writer.write) for writer in writers]
        try:
            wait_until(have_answers, "both servers answer writes")
            threading.Event().wait(random.uniform(0, UP_TO_S))
        finally:
            lives.kill()
        for job in jobs:
            job.result(LIMIT_S)


def ask_again(writer: Writer, lives: Lives) -> None:
    """Orders by keys that were not answered are placed now; others are the ones that they were."""
    told = writer.told
    for key in told.orders.keys() - told.placed.keys():
        writer.place(key)
    other = lives.drivers[writer.driver is lives.drivers[0]]
    for key in list(told.placed)[-1:]:
        again, first = other.run("place_order", writer.wish(key)).value, told.placed[key]
        assert (again["id"], again["items"]) == (first["id"], first["items"])
