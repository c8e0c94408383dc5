"""Measures two screens over gRPC, and by arms of REST and of GraphQL, over the same links."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from statistics import median

from benchmarks.claims.grpc.client import GrpcClient
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
from benchmarks.claims.servers import serving
from client_examples.comparison.arms.screen import RestArm, Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.load import Load
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.garbage import collector_held
from client_examples.comparison.measuring.timing import interleaved
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.server_processes import ServerProcesses, Unseen
from client_examples.comparison.screens import book_list, order_history
from launcher.affinity import Affinity, affinity, held_on
from launcher.ports import LOOPBACK, base_url
from launcher.processes import ServerPair

SCREENS = (order_history.screen, book_list.screen)
BESIDE = ("rest/fields", "rest/textbook", "graphql/planned", "graphql/dataloader")
PACKAGES = ("grpcio", "protobuf")
_MODULE = "benchmarks.claims.grpc.server"
_AT_ONCE = Link(0.0)  # through the relay, which counts, without delay
_SEED = "grpc"


@dataclass(frozen=True)
class Effort:
    """How much is measured of each arm of each screen; see `GrpcResults`."""

    loads: int = 100
    link_loads: int = 20
    counted: int = 20
    warm_up: int = 10
    turns: int = 7
    turn_s: float = 0.4
    rtt_ms: float = 20.0


@dataclass(frozen=True)
class _Way:
    """One arm of a screen: how it is loaded over a link, and who serves it."""

    load: Callable[[Link | None], Load]
    server: str


@dataclass(frozen=True)
class _Running:
    """All servers, by their addresses, and those who load from them."""

    loader: Loader
    relay: Relay
    urls: Mapping[str, str]
    clients: Mapping[str, GrpcClient]


def measure(effort: Effort | None = None, tell: Callable[[str], object] = str) -> GrpcResults:
    """Start all servers over one bookstore, and load from them in turn.

    Args:
        effort: how much; None for what is published.
        tell: called with a line for each screen.

    Raises:
        NotStarted: the gRPC server does not.
        NotHealthy, ServerEnded: one of the other two does not.
        ViewsDiffer: two arms show something else.
        LoadFailed: a screen could not be loaded, or the processor time of a server not be had.
        ServerUnreachable: a server does not answer.
    """
    effort = effort or Effort()
    held = affinity()
    with _running(held) as running, held_on(held and held.client), collector_held():
        screens = []
        for screen in SCREENS:
            tell(f"gRPC: {screen.name}")
            screens.append(_measured(screen, running, effort))
    return GrpcResults(
        screens=screens,
        rtt_ms=effort.rtt_ms,
        loads=effort.loads,
        link_loads=effort.link_loads,
        turns=effort.turns,
        turn_s=effort.turn_s,
        packages={name: version(name) for name in PACKAGES},
    )


@contextmanager
def _running(held: Affinity | None) -> Iterator[_Running]:
    """All servers on the one half of the processors, the relay and this process on the other."""
    environment = {"BOOKSTORE_INSTANCE": f"grpc-{os.getpid()}"}
    processors = held and held.servers
    with ExitStack() as stack:
        pair = stack.enter_context(ServerPair(environment=environment, processors=processors))
        ports = {
            name: stack.enter_context(serving(name, [_MODULE, *options], environment, processors))
            for name, options in ((GRPC, []), (GZIP, ["--gzip"]))
        }
        relay = Relay(held and held.client)
        stack.callback(relay.close)
        loader = Loader(pair.rest_url, pair.graphql_url, relay=relay)
        stack.callback(loader.close)
        clients = {name: GrpcClient((LOOPBACK, port), relay) for name, port in ports.items()}
        for client in clients.values():
            stack.callback(client.close)
        urls = {"rest": pair.rest_url, "graphql": pair.graphql_url}
        urls |= {name: base_url(LOOPBACK, port) for name, port in ports.items()}
        yield _Running(loader, relay, urls, clients)


def _measured(screen: Screen, running: _Running, effort: Effort) -> ScreenFigures:
    ways = _ways(screen, running)
    _check_views(screen, ways)
    link = Link(effort.rtt_ms)
    for way in ways.values():
        for _ in range(effort.warm_up):
            way.load(None)
    requests, sent, received = {}, {}, {}
    for name, way in ways.items():
        requests[name], sent[name], received[name] = _counted(way, running.relay, effort.counted)
    times = {
        NO_LINK: _timed(ways, None, effort.loads, f"{_SEED}/{screen.name}"),
        link.label: _timed(ways, link, effort.link_loads, f"{_SEED}/{screen.name}/{link.label}"),
    }
    try:
        cpu = _processor_time(ways, running.urls, effort, f"{_SEED}/{screen.name}/cpu")
    except Unseen as error:
        raise LoadFailed(str(error), screen=screen.name) from error
    arms = [
        ArmFigures(
            name=name,
            requests=requests[name],
            sent_bytes=sent[name],
            received_bytes=received[name],
            by_link={label: figures[name] for label, figures in times.items()},
            cpu=cpu[name],
        )
        for name in ways
    ]
    return ScreenFigures(screen.name, arms)


def _ways(screen: Screen, running: _Running) -> dict[str, _Way]:
    ways = {
        name: _Way(partial(client.load, screen.name), name)
        for name, client in running.clients.items()
    }
    arms = {arm.name: arm for arm in screen.arms}
    for name in BESIDE:
        arm = arms[name]
        server = "rest" if isinstance(arm, RestArm) else "graphql"
        ways[name] = _Way(partial(running.loader.load, screen, arm), server)
    return ways


def _check_views(screen: Screen, ways: Mapping[str, _Way]) -> None:
    views = {name: way.load(None).view for name, way in ways.items()}
    for name, view in views.items():
        found = difference(views[GRPC], view)
        if found is not None:
            raise ViewsDiffer(
                f"the views differ at {found.path}: {found.left} by {GRPC}, "
                f"{found.right} by {name}",
                screen=screen.name,
                arm=name,
            )


def _counted(way: _Way, relay: Relay, loads: int) -> tuple[int, int, int]:
    """Requests, bytes up and bytes down of a load; shared out, what follows an answer is in them.

    HTTP/2 says now and then how much it has read, and asks whether its peer is there.
    """
    exchanges = way.load(_AT_ONCE).exchanges  # whose connection is open from here on
    relay.reset()
    for _ in range(loads):
        way.load(_AT_ONCE)
    passed = relay.counted()
    timing = sum(exchange.server_timing_bytes for exchange in exchanges)
    requests = len(exchanges) or 1  # gRPC's call is no exchange of a record
    return requests, round(passed.up_bytes / loads), round(passed.down_bytes / loads) - timing


def _timed(ways: Mapping[str, _Way], link: Link | None, loads: int, seed: str) -> dict[str, Figure]:
    """The times of loads in random order, ms."""
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way.load(link)  # its connection is open, and the relay is that link
    for name in interleaved(list(ways), loads, seed):
        samples[name].append(ways[name].load(link).elapsed_ns / 1e6)
    return figures_of(samples, seed)


def _processor_time(
    ways: Mapping[str, _Way], urls: Mapping[str, str], effort: Effort, seed: str
) -> dict[str, Figure]:
    """What a load takes of the server's processors, ms: less what they take at rest."""
    processes = {name: ServerProcesses.behind([url]) for name, url in urls.items()}
    at_rest = {name: _at_rest(of, effort.turn_s) for name, of in processes.items()}
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for name in interleaved(list(ways), effort.turns, seed):
        way = ways[name]
        server = processes[way.server]
        before, began, loads = server.used(), time.perf_counter(), 0
        while time.perf_counter() - began < effort.turn_s:
            way.load(None)
            loads += 1
        took, seconds = server.used().since(before).cpu_ns / 1e6, time.perf_counter() - began
        samples[name].append((took - at_rest[way.server] * seconds) / loads)
    return figures_of(samples, seed)


def _at_rest(server: ServerProcesses, turn_s: float) -> float:
    """Milliseconds of processors that a server takes in a second in which nobody asks it."""
    taken = []
    for _ in range(3):
        before = server.used()
        time.sleep(turn_s)
        taken.append(server.used().since(before).cpu_ns / 1e6 / turn_s)
    return median(taken)
