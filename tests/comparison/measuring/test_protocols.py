"""Loads over each protocol: what they count as, and that each goes by its own protocol."""

from dataclasses import replace

import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.load_counter import LoadCounter
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.building.protocols import counts_over
from client_examples.comparison.measuring.checks import check
from client_examples.comparison.measuring.timing import timed_load
from client_examples.comparison.results.counts import Exchange
from tests.comparison import made_documents as made


def exchanges(*sizes, connection_trips=0) -> list[Exchange]:
    """So many side by side in each level; the first one opens its connection."""
    found = [made.exchange(level) for level, size in enumerate(sizes) for _ in range(size)]
    return [replace(found[0], connection_trips=connection_trips), *found[1:]]


@pytest.mark.parametrize(
    ("protocol", "sizes", "steps", "connections"),
    [
        ("http1", (1, 5, 15), 5, 6),
        ("http1-tls", (1, 5, 15), 5, 6),
        ("http2", (1, 5, 15), 3, 1),
        ("http1", (1, 5), 2, 5),
        ("http2", (1, 1, 1), 3, 1),
        ("http2", (200,), 1, 1),
    ],
)
def test_steps_are_rounds_of_six_over_http1_and_levels_over_http2(
    protocol, sizes, steps, connections
):
    counts = counts_over(protocol, exchanges(*sizes), 2, 100, 300)
    assert (counts.steps, counts.trips, counts.connections) == (steps, steps, connections)
    assert (counts.requests, counts.wire_bytes) == (sum(sizes), 400)


@pytest.mark.parametrize(
    ("protocol", "sizes", "trips"),
    [
        ("http1-tls", (1, 5), 2 + 2),
        ("http2", (1, 5), 2 + 2),
        # The server's settings come with the first answer; until then httpcore sends one request.
        ("http2", (5,), 2 + 1 + 1),
    ],
)
def test_a_new_connection_takes_its_handshakes_as_well(protocol, sizes, trips):
    counts = counts_over(protocol, exchanges(*sizes, connection_trips=2), 2, 100, 300)
    assert counts.trips == trips


def test_a_load_over_another_protocol_fails(server):
    page = Screen("page", "what it shows")

    @page.rest("one")
    def one(api):
        return api.get("/books/1")["title"]

    class Mistaken(Loader):
        protocols = frozenset({"http2"})

    loader = Mistaken(server.url, None)
    measured = check(page, loader, LoadCounter(1, lambda done, total: None))
    with pytest.raises(LoadFailed, match="page, rest/one: loaded over http1, not over http2"):
        timed_load(loader, page, measured, "rest/one")
    loader.close()
