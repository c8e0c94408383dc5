"""Claim 13: over gRPC the bookstore shows the same, and the verdict is by the numbers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import grpc
import psutil
import pytest
from pydantic import TypeAdapter

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, Claim
from benchmarks.claims.grpc.claim import grpc_is_faster
from benchmarks.claims.grpc.client import SCREENS, GrpcClient
from benchmarks.claims.grpc.measuring import BESIDE, Effort, measure
from benchmarks.claims.grpc.protocol import messages, services
from benchmarks.claims.grpc.results import (
    GRPC,
    GZIP,
    NO_LINK,
    ArmFigures,
    Figure,
    GrpcResults,
    ScreenFigures,
    figures_of,
)
from benchmarks.claims.servers import NotStarted, serving
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.screens import book_list, order_history
from launcher.ports import LOOPBACK, free_port, is_listening
from tests.fixtures import Pair
from tests.waiting import LIMIT_S, wait_until

MODULE = "benchmarks.claims.grpc.server"
QUICK = Effort(loads=2, link_loads=2, counted=2, warm_up=1, turns=2, turn_s=0.02, rtt_ms=5.0)


def instance_of(pair: Pair) -> dict[str, str]:
    """The settings by which another process opens the bookstore of a pair."""
    ports = [url.rpartition(":")[2] for url in (pair.rest.base_url, pair.graphql.base_url)]
    return {"BOOKSTORE_INSTANCE": "ports-{}-{}".format(*ports)}


@pytest.fixture(scope="module")
def address(reading_pair: Pair) -> Iterator[tuple[str, int]]:
    with serving("gRPC", [MODULE], instance_of(reading_pair)) as port:
        yield LOOPBACK, port


@pytest.fixture(scope="module")
def bookstore(address: tuple[str, int]) -> Iterator[Any]:
    with grpc.insecure_channel("{}:{}".format(*address)) as channel:
        yield services.BookstoreStub(channel)


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    relay = Relay()
    yield relay
    relay.close()


# -- the server -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("screen", [order_history.screen, book_list.screen], ids=lambda it: it.name)
def test_a_screen_shows_the_same_over_grpc_and_over_rest(
    screen: Any, reading_pair: Pair, address: tuple[str, int], relay: Relay
) -> None:
    client = GrpcClient(address, relay)
    loader = Loader(reading_pair.rest.base_url, reading_pair.graphql.base_url)
    arm = next(arm for arm in screen.arms if arm.name == "rest/fields")
    try:
        assert client.load(screen.name).view == loader.load(screen, arm).view
    finally:
        loader.close()
        client.close()


def test_the_screens_of_the_claim_are_those_of_the_client() -> None:
    assert set(SCREENS) == {order_history.screen.name, book_list.screen.name}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "status", "told"),
    [
        (
            lambda one: one.GetOrderHistory(messages.GetOrderHistoryRequest(customer_id=99_999)),
            grpc.StatusCode.NOT_FOUND,
            "there is no customer with id 99999",
        ),
        (
            lambda one: one.GetOrderHistory(messages.GetOrderHistoryRequest()),
            grpc.StatusCode.INVALID_ARGUMENT,
            "customer_id must be between 1 and 2147483647, got 0",
        ),
        *(
            (
                lambda one, limit=limit: one.ListBooks(messages.ListBooksRequest(limit=limit)),
                grpc.StatusCode.INVALID_ARGUMENT,
                f"limit must be between 1 and 100, got {limit}",
            )
            for limit in (-1, 0, 101)
        ),
    ],
)
def test_what_the_bookstore_refuses_has_grpc_s_status(
    call: Any, status: grpc.StatusCode, told: str, bookstore: Any
) -> None:
    with pytest.raises(grpc.RpcError) as error:
        call(bookstore)
    assert (error.value.code(), error.value.details()) == (status, told)


@pytest.mark.slow
def test_a_list_has_the_default_length_of_both_apis_and_up_to_100(bookstore: Any) -> None:
    assert len(bookstore.ListBooks(messages.ListBooksRequest()).books) == 20
    assert len(bookstore.ListBooks(messages.ListBooksRequest(limit=100)).books) == 100


@pytest.mark.slow
def test_a_client_tells_what_the_server_has_refused(
    address: tuple[str, int], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_history, "CUSTOMER", 99_999)
    client = GrpcClient(address, relay)
    try:
        with pytest.raises(LoadFailed, match="NOT_FOUND: there is no customer with id 99999"):
            client.load("order-history")
    finally:
        client.close()


@pytest.mark.slow
def test_the_server_binds_loopback_alone_and_refuses_a_port_that_is_taken(
    address: tuple[str, int], reading_pair: Pair
) -> None:
    bound = [
        one.laddr.ip
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == address[1]
    ]
    assert [ip.removeprefix("::ffff:") for ip in bound] == [LOOPBACK]
    with started(reading_pair, address[1]) as second:
        assert second.wait(LIMIT_S) == 2
        assert f"cannot listen on 127.0.0.1, port {address[1]}" in second.stderr.read()


@pytest.mark.slow
def test_the_server_stops_when_it_is_told_to(reading_pair: Pair) -> None:
    port = free_port()
    with started(reading_pair, port) as server:
        wait_until(lambda: accepts(port), "the server listens")
        server.send_signal(signal.SIGTERM)
        assert server.wait(LIMIT_S) == 0
        assert not accepts(port)


@pytest.mark.slow
def test_a_server_that_cannot_start_is_told() -> None:
    with (
        pytest.raises(NotStarted, match="the tea server has ended with status 1"),
        serving("tea", ["benchmarks.claims.no_such_module"], {}),
    ):
        pass


@contextmanager
def started(pair: Pair, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "--port", str(port)],
        env={**os.environ, **instance_of(pair)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def accepts(port: int) -> bool:
    return is_listening(LOOPBACK, port)


# -- the claim ------------------------------------------------------------------------------------


def figure(times: float, spread: float = 1.01) -> Figure:
    low, high = times / spread, times * spread
    return Figure(times, times, times, times, low, high, low < 1.05)


def found(fields: float, textbook: float = 2.0) -> GrpcResults:
    """Results in which REST takes so many times gRPC's time for both screens."""
    times = {GRPC: 1.0, GZIP: 1.02, "rest/fields": fields, "rest/textbook": textbook}
    times |= {"graphql/planned": 1.5, "graphql/dataloader": 2.0}

    def arm(name: str, requests: int) -> ArmFigures:
        near, far = figure(times[name]), figure(1.0)
        return ArmFigures(name, requests, 59, 749, {NO_LINK: near, "20": far}, near)

    screens = [
        ScreenFigures(name, [arm(one, requests if one == "rest/textbook" else 1) for one in times])
        for name, requests in (("order-history", 21), ("book-list", 1))
    ]
    return GrpcResults(screens, 20.0, 100, 20, 5, 0.3, {"grpcio": "1.85.3", "protobuf": "7.36.2"})


def judged(results: GrpcResults) -> Claim:
    """By what is read from the file again."""
    return grpc_is_faster(TypeAdapter(GrpcResults).validate_python(asdict(results)))


@pytest.mark.parametrize(("fields", "verdict"), [(9.9, DOES_NOT_HOLD), (10.0, HOLDS)])
def test_ten_times_turn_the_verdict_over(fields: float, verdict: object) -> None:
    assert judged(found(fields)).verdict == verdict


@pytest.mark.parametrize(
    ("slow", "told"), [("order-history", "21 requests"), ("book-list", "1 request")]
)
def test_the_verdict_for_textbook_rest_is_its_own(slow: str, told: str) -> None:
    results = found(1.5, 2.0)
    assert judged(results).usual.verdict == DOES_NOT_HOLD
    arms = next(screen.arms for screen in results.screens if screen.name == slow)
    next(arm for arm in arms if arm.name == "rest/textbook").by_link[NO_LINK] = figure(26.7)
    usual = judged(results).usual.verdict
    assert usual.condition == f"the screen is `{slow}`, for which REST sends {told} and gRPC one"


def test_the_page_says_what_grpc_is_here_and_which_differences_are_none() -> None:
    claim = judged(found(1.5))
    assert "grpcio 1.85.3 in Python" in claim.not_measured
    assert "`fields` takes 1.50 times gRPC's time; with 20 ms" in claim.why[0]
    assert "with 20 ms of round-trip time it ties with gRPC" in claim.why[0]
    assert "it takes 1.50 times gRPC's time, and planned GraphQL takes 1.50 times" in claim.why[2]
    rows = {row[1]: row for row in claim.table.rows if row[0] == "`order-history`"}
    assert rows["`grpc`"][5] == "1.00"
    assert rows["`grpc/gzip`"][5] == "1.02 (tie)"
    assert rows["`rest/fields`"][5:7] == ["1.50 (1.50)", "1.00 (tie)"]
    assert "ties with gRPC, without a network and with 20 ms" in judged(found(1.0)).why[0]
    results = found(1.5)
    fields = next(arm for arm in results.screens[1].arms if arm.name == "rest/fields")
    fields.by_link[NO_LINK] = figure(1.0)
    assert (
        "1.50 times gRPC's time for `order-history` and ties for `book-list`"
        in (judged(results).why[0])
    )
    assert {len(row) for row in claim.table.rows} == {len(claim.table.header)}


def test_figures_are_medians_and_their_ratios_to_grpc() -> None:
    figures = figures_of({GRPC: [1.0, 2.0, 3.0] * 20, "rest/fields": [4.0, 5.0, 6.0] * 20}, "seed")
    assert (figures[GRPC].median, figures[GRPC].times) == (2.0, 1.0)
    fields = figures["rest/fields"]
    assert (fields.median, fields.times) == (5.0, 2.5)
    assert fields.low <= 5.0 <= fields.high
    assert fields.times_low <= 2.5 <= fields.times_high
    assert not fields.is_tie
    assert figures[GRPC].is_tie


@pytest.mark.slow
def test_it_is_measured_and_leaves_no_process() -> None:
    children = {one.pid for one in psutil.Process().children(recursive=True)}
    told: list[str] = []
    results = measure(QUICK, told.append)
    assert told == ["gRPC: order-history", "gRPC: book-list"]
    for screen in results.screens:
        arms = {arm.name: arm for arm in screen.arms}
        assert set(arms) == {GRPC, GZIP, *BESIDE}
        for arm in arms.values():
            assert set(arm.by_link) == {NO_LINK, "5"}
            assert arm.by_link["5"].median >= 5.0
            assert min(arm.sent_bytes, arm.received_bytes) > 0
        assert arms[GZIP].received_bytes < arms[GRPC].received_bytes
        assert arms[GRPC].requests == 1
    assert results.screens[0].arms[3].requests == 21
    left = {one.pid for one in psutil.Process().children(recursive=True)} - children
    assert not left
