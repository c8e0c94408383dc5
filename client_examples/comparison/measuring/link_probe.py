"""Probes a link before anything is timed over it: one that is not what was asked for is refused."""

import time
from collections.abc import Callable
from math import inf

from client_examples.comparison.analysis.network_model import transfer_ns
from client_examples.comparison.errors import LinkFailed
from client_examples.comparison.loading.load import Load
from client_examples.comparison.loading.load_counter import numbered
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.garbage import collect
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.link_rate import rates_mbit
from client_examples.comparison.results.protocols import Protocol, ProvedLink

TRIES, APART_S = 6, 0.5  # ever further apart: what else the machine does may be over then
RTT_MS, RTT_SHARE = 1.0, 0.03  # how far off a round-trip time may be, whichever is more
RATE_SHARE = 0.05
_FEWEST, _MOST = 6, 18  # exchanges over the link in a try, each beside one without it
_IDLE_S = 0.05  # before one without it, at most: processors that have waited start slowly
_NS_PER_MS = 1e6


Ask = Callable[[Link | None], Load]  # what exchanges took, over a link or without one


def probe(loader: Loader, protocol: Protocol, link: Link, ask: Ask) -> ProvedLink:
    """The link as exchanges find it, that are made by the protocol's own client.

    Args:
        loader: has the relay that is to be the link.
        protocol: the loader's.
        link: what is asked for.
        ask: makes the exchanges.

    Raises:
        LinkFailed: it is something else, each of six times.
    """
    for number in range(TRIES):
        time.sleep(APART_S * number)
        found = _found(loader, protocol, link, ask)
        if _is(found):
            return found
    got = Link(round(found.rtt_ms, 1), _rounded(found.down_mbit), _rounded(found.up_mbit))
    asked = Link(link.rtt_ms, link.down_mbit, link.up_mbit)
    named = f" {link.name}" if link.name else ""
    raise LinkFailed(
        f"the simulated link{named} is not what was asked for: asked {asked}, got {got} "
        f"(tried {TRIES} times; is the machine busy?)"
    )


def step_ns(loader: Loader, link: Link, ask: Ask) -> float:
    """How much longer each step takes over the link than without it, but for its bytes."""
    assert loader.relay is not None
    collect()
    without = ask(None)
    collect()
    loader.relay.reset()
    over = ask(link)
    transfer = transfer_ns(loader.relay.counted(), link)
    return (over.elapsed_ns - transfer - without.elapsed_ns) / over.trips


def _found(loader: Loader, protocol: Protocol, link: Link, ask: Ask) -> ProvedLink:
    """The shortest exchange tells what the link is: only this machine can make one longer."""
    relay = loader.relay
    assert relay is not None
    without = over = rtt_ms = inf
    for number in range(1, _MOST + 1):
        with numbered(f"a pair to prove the link of {link.title}", number, _MOST):
            without = min(without, _after_a_gap(link, ask))
            relay.reset()
            one = ask(link)
        over = min(over, one.elapsed_ns - transfer_ns(relay.counted(), link))
        rtt_ms = (over - without) / one.trips / _NS_PER_MS
        if number >= _FEWEST and abs(rtt_ms - link.rtt_ms) <= _may_be_off_ms(link):
            break
    with relay.over(link):
        down, up = rates_mbit(relay, link)
    return ProvedLink(link, protocol, rtt_ms, down, up)


def _after_a_gap(link: Link, ask: Ask) -> int:
    """What an exchange takes without the link where all have waited as long as for the link."""
    time.sleep(min(link.rtt_ms / 1000, _IDLE_S))
    return ask(None).elapsed_ns


def _may_be_off_ms(link: Link) -> float:
    return max(RTT_MS, RTT_SHARE * link.rtt_ms)


def _is(found: ProvedLink) -> bool:
    link = found.link
    rates = ((found.down_mbit, link.down_mbit), (found.up_mbit, link.up_mbit))
    return abs(found.rtt_ms - link.rtt_ms) <= _may_be_off_ms(link) and all(
        got is None or asked is None or abs(got / asked - 1) <= RATE_SHARE for got, asked in rates
    )


def _rounded(mbit: float | None) -> float | None:
    return None if mbit is None else float(f"{mbit:.3g}")
