"""Loads every arm over each protocol, in turns, and counts what passes on the wire."""

from collections.abc import Sequence

from client_examples.clients.http_client import reason_of
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.loading.floor import floors
from client_examples.comparison.loading.load_counter import LoadCounter
from client_examples.comparison.loading.protocols import ByProtocol
from client_examples.comparison.measuring.budget import Budget
from client_examples.comparison.measuring.building.protocols import OverProtocol, counts_over
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.measuring.timing import (
    in_turn,
    interleaved,
    sample_of,
    timed_load,
    timed_turn,
    turn_of,
)
from client_examples.comparison.network.handshake import opened
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import Handshake, Protocol

_BEFORE = 1  # loads that open what is to be open, before one is counted
SCREEN_S = 2.0  # for a screen's loads without a link, of a run whose time is limited
_AT_ONCE = Link(0.0)  # through the relay, which holds nothing up


def planned(screens: Sequence[Screen], settings: Settings) -> int:
    """How many loads over protocols the screens take, without those over links."""
    if len(settings.protocols) < 2:
        return 0
    timed = _warm_up(settings) + settings.protocol_samples
    arms = sum(len(screen.arms) for screen in screens)
    each = (_BEFORE + 1 + timed) * arms + timed * len(floors(settings)) * len(screens)
    return each * len(settings.protocols)


def _warm_up(settings: Settings) -> int:
    """Loads per arm and protocol that are not counted; quick runs have none to spare."""
    return 0 if settings.quick else 1


def measure(
    screen: Screen,
    measured: Measured,
    ways: ByProtocol,
    settings: Settings,
    loads: LoadCounter,
) -> None:
    """Count and time the screen over each protocol, and record it in `measured`.

    Args:
        screen: what to load.
        measured: of that screen, whose view and schedules are known.
        ways: the loaders, whose loads over a link go through a relay.
        settings: how often, and the seed that decides the order.
        loads: counts them.

    Raises:
        ViewsDiffer: a load shows something else.
        LoadFailed: a load failed, made other exchanges, or went by another protocol.
    """
    for protocol in ways.loaders:
        _count(screen, measured, protocol, ways, loads)
    _time(screen, measured, ways, settings, loads)


def handshakes(ways: ByProtocol) -> list[Handshake]:
    """What new connections with TLS take to open: from nothing, then with that session resumed.

    Raises:
        ServerUnreachable: nothing answers there.
    """
    for protocol, loader in ways.loaders.items():
        servers = loader.servers
        urls = [one for one in (servers.rest_url, servers.graphql_url) if one]
        url = next((one for one in urls if one.startswith("https:")), None)
        if url is None or loader.relay is None:
            continue
        trust = servers.ssl_context()
        session = None
        found = []
        for _ in range(2):
            try:
                one = opened(loader.relay, url, trust, session)
            except OSError as error:
                raise ServerUnreachable(url, reason_of(error)) from error
            session = one.session
            found.append(
                Handshake(protocol, one.is_resumed, one.trips, one.sent_bytes, one.received_bytes)
            )
        return found  # TLS is the same for all protocols
    return []


def _count(
    screen: Screen,
    measured: Measured,
    protocol: Protocol,
    ways: ByProtocol,
    loads: LoadCounter,
) -> None:
    known = measured.protocols.setdefault(protocol, OverProtocol())
    loader = ways.loaders[protocol]
    relay = loader.relay
    assert relay is not None
    for arm in screen.arms:
        for _ in range(_BEFORE):
            timed_load(loader, screen, measured, arm.name, _AT_ONCE)
            loads.one_done()
        relay.reset()
        load = timed_load(loader, screen, measured, arm.name, _AT_ONCE)
        passed = relay.counted()
        loads.one_done()
        known.counted[arm.name] = counts_over(
            protocol, load.exchanges, loader.handshake_trips, passed.up_bytes, passed.down_bytes
        )


def _time(
    screen: Screen,
    measured: Measured,
    ways: ByProtocol,
    settings: Settings,
    loads: LoadCounter,
) -> None:
    """All arms and floors over all protocols, one after the other, in random order."""
    turns = {
        f"{protocol} {name}": (protocol, name)
        for protocol in ways.loaders
        for name in (*ways.floors(protocol), *(arm.name for arm in screen.arms))
    }
    warm_up = _warm_up(settings)
    rounds = warm_up + settings.protocol_samples
    order = interleaved(list(turns), rounds, f"{settings.seed}/{screen.name}/protocols")
    budget = Budget(None if settings.budget_s is None else SCREEN_S)
    budget.begin_screen(1, 0.0)
    for position, turn in in_turn(order, len(turns), warm_up, budget, loads):
        protocol, name = turns[turn]
        loader, addresses = ways.loaders[protocol], ways.floors(protocol)
        with turn_of(order, position, warm_up * len(turns), f"over {protocol}"):
            load = timed_turn(loader, screen, measured, name, addresses)
        if position >= 0:
            known = measured.protocols[protocol]
            known.samples.setdefault(name, []).append(sample_of(position, load))
            known.client_ns.setdefault(name, []).append(load.client_ns)
