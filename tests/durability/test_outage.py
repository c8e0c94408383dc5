"""PostgreSQL goes away and comes back, under both servers and their clients."""

import os
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import NamedTuple

import pytest
from sqlalchemy import create_engine

from tests.concurrency.crowd import at_once, made
from tests.contract.conftest import drivers_of
from tests.durability.ledger import Ledger
from tests.durability.writers import Unanswered, Writer
from tests.exchange import Client, Response
from tests.fixtures import Pair, running_pair
from tests.launcher.launched import started_by
from tests.postgresql_cluster import Cluster, cluster
from tests.streams import move, new_order, watched
from tests.waiting import LIMIT_S, wait_until

pytestmark = pytest.mark.slow

QUERY = {"query": "{ book(id: 1) { title author { name } } }"}
COPIES = 1_000_000
CONNECTIONS = 4  # of each process to the database
ENOUGH = 6  # answers of a kind
PAUSE_S = 0.005  # between two requests of a client; PostgreSQL has to start beside them


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


@pytest.fixture(scope="module")
def pair(running: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers of two workers each; each statement takes a while, so that it is cut short."""
    folder = tmp_path_factory.mktemp("outage")
    settings = {"books": "30", "workers": "2", "pool_size": str(CONNECTIONS), "db_latency_ms": "2"}
    with running_pair(folder, database_url=running.url, **settings) as started:
        yield started


class Answered(NamedTuple):
    """An answer, with the instants at which it was asked for and at which it came."""

    asked: float
    came: float
    status: int
    code: str | None
    retry_after: str | None


class Load:
    """Clients that ask and write through both servers until they are told to stop."""

    def __init__(self, pair: Pair, writers: list[Writer]) -> None:
        self.answers: dict[str, list[Answered]] = defaultdict(list)
        self._writers, self._is_over = writers, threading.Event()
        self._asks: dict[str, Callable[[Client], Response]] = {
            "rest read": lambda client: client.get("/books/1"),
            "rest list": lambda client: client.get("/books", fields="title,author.name"),
            "rest health": lambda client: client.get("/health"),
            "graphql read": lambda client: client.post("/graphql", QUERY),
            "graphql dataloader": lambda client: client.post("/graphql/dataloader", QUERY),
            "graphql health": lambda client: client.get("/health"),
        }
        self._clients = {"rest": pair.rest, "graphql": pair.graphql}

    @contextmanager
    def running(self) -> Iterator[None]:
        """While this lasts, they ask."""
        jobs: list[Callable[[], None]] = [
            *(partial(self._ask, kind) for kind in self._asks),
            *(partial(self._write, writer) for writer in self._writers),
        ]
        with ThreadPoolExecutor(len(jobs)) as threads:
            self._jobs = [threads.submit(job) for job in jobs]
            try:
                yield
            finally:
                self._is_over.set()
            for job in self._jobs:
                job.result(LIMIT_S)

    def wait_for_more(self, of: Callable[[Answered], bool]) -> list[Answered]:
        """Wait until there are enough such answers of each kind; they are what came until then."""
        kinds = {*self._asks, *(f"{writer.driver.name} write" for writer in self._writers)}

        def found() -> list[Answered]:
            for job in self._jobs:
                if job.done():
                    job.result()
            each = [[one for one in list(self.answers[kind]) if of(one)] for kind in kinds]
            return list(chain.from_iterable(each)) if min(map(len, each)) >= ENOUGH else []

        try:
            return wait_until(found, "there are enough answers of each kind")
        except AssertionError:
            print({kind: list(filter(of, self.answers[kind]))[-3:] for kind in kinds})
            raise

    def _ask(self, kind: str) -> None:
        client = Client(self._clients[kind.partition(" ")[0]].base_url)
        while not self._is_over.is_set():
            asked = time.monotonic()
            self._note(kind, asked, self._asks[kind](client))
        client.close()

    def _write(self, writer: Writer) -> None:
        while not self._is_over.is_set():
            asked = time.monotonic()
            try:
                before = writer.answers
                writer.step()
                if writer.answers > before:
                    self._note(f"{writer.driver.name} write", asked, None)
            except Unanswered as error:
                self._note(f"{writer.driver.name} write", asked, error.response)

    def _note(self, kind: str, asked: float, response: Response | None) -> None:
        status, code, retry_after = 200, None, None
        if response is not None:
            status, retry_after = response.status, response.headers.get("retry-after")
        if response is not None and status != 200:
            error = response.json
            code = error.get("code") or error["errors"][0]["extensions"]["code"]
        self.answers[kind].append(Answered(asked, time.monotonic(), status, code, retry_after))
        self._is_over.wait(PAUSE_S)


@contextmanager
def stopped(running: Cluster, mode: str) -> Iterator[None]:
    """While this lasts, PostgreSQL is away."""
    running.stop(mode)
    try:
        yield
    finally:
        running.start()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_meanwhile_all_is_503_and_as_soon_as_it_is_back_nothing_is(
    pair: Pair, running: Cluster, mode: str
) -> None:
    drivers = drivers_of(pair)
    both = [drivers["rest"], drivers["graphql"]]
    customer = made(both[0], "customer")["id"]
    books = [made(both[0], "book", stock=COPIES, price=1.15)["id"] for _ in range(6)]
    writers = [Writer(api, customer, books, made(api, "book")) for api in both * 2]
    load = Load(pair, writers)
    with load.running():
        began = time.monotonic()
        load.wait_for_more(lambda one: one.asked > began)
        with stopped(running, mode):
            away = time.monotonic()
            refused = load.wait_for_more(lambda one: one.asked > away)
            again = time.monotonic()
        back = time.monotonic()
        answered = load.wait_for_more(lambda one: one.asked > back)
    before = [one for kind in load.answers.values() for one in kind if one.came < away]
    # What was under way when it went is refused too, or was done.
    assert {one.status for one in before} <= {200, 503}
    assert {(one.status, one.code, one.retry_after) for one in refused if one.came < again} == {
        (503, "UNAVAILABLE", "1")
    }
    assert max(one.came - one.asked for one in refused) < 5  # s: nobody waits for the end of time
    assert {one.status for one in answered} == {200}

    # A write that was refused has been done, or has not: never half of it.
    engine = create_engine(running.url.replace("postgresql:", "postgresql+psycopg:"))
    ledger = Ledger(engine, customer, dict.fromkeys(books, COPIES))
    ledger.check(writers)
    for writer in writers:
        for key in writer.told.orders.keys() - writer.told.placed.keys():
            writer.place(key)
    ledger.check(writers)
    engine.dispose()


def test_connections_that_died_unseen_are_not_used_again(pair: Pair, running: Cluster) -> None:
    def ask_all() -> None:
        asking = [partial(Client(pair.rest.base_url).get, "/books/1")] * CONNECTIONS
        asking += [partial(Client(pair.graphql.base_url).post, "/graphql", QUERY)] * CONNECTIONS
        assert {answer.status for answer in at_once(*asking * 4)} == {200}

    ask_all()
    with stopped(running, "fast"):
        pass
    ask_all()


def test_streams_outlive_it_and_miss_nothing(pair: Pair, running: Cluster) -> None:
    order = new_order(pair.rest)
    with watched(pair, order) as all_see:
        move(pair, order, "paid")
        all_see("paid")
        with stopped(running, "immediate"):
            pass
        move(pair, order, "shipped", "graphql")  # at once: the servers do not listen again yet
        all_see("shipped")
        move(pair, order, "delivered")
        all_see("delivered")


def test_a_worker_that_dies_meanwhile_is_replaced_when_it_is_back(
    pair: Pair, running: Cluster
) -> None:
    servers = (pair.servers.rest, pair.servers.graphql)
    before = [set(started_by(server.process.pid)) for server in servers]
    with stopped(running, "fast"):
        for workers in before:
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
        for server, gone in zip(servers, before, strict=True):
            there = partial(started_by, server.process.pid)
            wait_until(lambda there=there, gone=gone: set(there()) - gone, "there is a worker")

    def answers() -> bool:
        with suppress(OSError):
            asked = [pair.rest.get("/books/1"), pair.graphql.post("/graphql", QUERY)]
            return {answer.status for answer in asked} == {200}
        return False

    wait_until(answers, "both servers answer again")
    for server in servers:
        server.check()
