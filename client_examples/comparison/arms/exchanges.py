"""Records each exchange of an arm, and counts them.

A level is one call of an arm: one exchange, or several side by side. Each level is complete
before the next starts.
"""

import heapq
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest, Response

from client_examples.clients.addresses import is_on
from client_examples.comparison.arms.encoding import encoded_bytes
from client_examples.comparison.arms.leaves import LeafLedger
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.network.wire import on_the_wire, wire_of
from client_examples.comparison.results.counts import Exchange

_HIT: Final = re.compile(r";\s*hit(?=\s*[;,]|\s*$)")
_RENEWED: Final = re.compile(r";\s*fwd-status=304\b")
_NAMED = re.compile(r"\s*(?:query|mutation|subscription)\s+(\w+)")


@dataclass(frozen=True)
class Received:
    """An exchange as it is recorded while the clock runs; counting comes later."""

    level: int
    index: int
    repeatable: bool
    start_ns: int
    end_ns: int
    response: Response
    server: str  # its address; the answer may be another's


class Recorder:
    """Collects the exchanges of one load.

    Args:
        ledger: where to record which leaves are read; None in a load that is timed.
        on_exchange: called with each answer as it comes; None in a load that is timed.
    """

    def __init__(
        self,
        ledger: LeafLedger | None = None,
        on_exchange: Callable[[Response], None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._on_exchange = on_exchange
        self._levels = 0
        self._received: list[Received] = []

    def next_level(self) -> int:
        """Begin a level; its number, from 0."""
        self._levels += 1
        return self._levels - 1

    def add(self, received: Received) -> None:
        """Record one exchange, if it was one; may be called from any thread."""
        if on_the_wire(received.response) is None:
            return
        self._received.append(received)
        if self._on_exchange is not None:
            self._on_exchange(received.response)

    def hand_out(self, answer: Any) -> Any:
        """The decoded answer as the arm sees it."""
        return answer if self._ledger is None else self._ledger.wrap(answer)

    def exchanges(self, began_ns: int) -> list[Exchange]:
        """All exchanges in the order of the schedule, with times since `began_ns`."""
        ordered = sorted(self._received, key=lambda one: (one.level, one.index))
        rounds_before = _rounds_before(ordered)
        found = [_exchange(one, rounds_before[one.level], began_ns) for one in ordered]
        used = [] if self._ledger is None else self._ledger.used_documents()
        if len(used) != len(found):  # nobody looks, or a cache has answered some
            return found
        return [
            replace(
                exchange,
                used_body_bytes=len(document),
                used_encoded_bytes=_encoded_bytes(document, exchange, one.response),
            )
            for exchange, document, one in zip(found, used, ordered, strict=True)
        ]


def _encoded_bytes(document: bytes, exchange: Exchange, response: Response) -> int | None:
    """What a document takes in the coding of an answer, and never more than the answer."""
    size = exchange.encoded_body_bytes
    found = encoded_bytes(document, exchange.coding, response.content, size)
    return None if found is None else min(found, size)


class NoRecord(Recorder):
    """Records nothing, for exchanges that are neither counted nor timed."""

    def add(self, received: Received) -> None:
        """Do nothing."""


def rounds(sizes: Iterable[int], at_once: int = AT_ONCE) -> int:
    """Length of the schedule when every exchange takes one unit.

    Args:
        sizes: number of exchanges of each level.
        at_once: how many may be under way together.
    """
    return sum(-(-size // at_once) for size in sizes)


def trips(exchanges: Sequence[Exchange], at_once: int = AT_ONCE) -> int:
    """Round trips that a load waits for: its rounds, and what new connections add to them."""
    return max((end for _, end in trip_spans(exchanges, at_once)), default=0)


def trips_over(protocol: str, exchanges: Sequence[Exchange]) -> int:
    """Round trips that a load of the Python clients waits for over a protocol.

    Over HTTP/2 all of a level's requests are under way at once; but httpcore sends one request on a
    new connection until the server's settings have come.
    """
    if protocol != "http2":
        return trips(exchanges)
    sizes = level_sizes(exchanges)
    is_held_up = sizes[0] > 1 and any(one.connection_trips for one in exchanges)
    return trips(exchanges, max(1, len(exchanges))) + is_held_up


def trip_spans(exchanges: Sequence[Exchange], at_once: int = AT_ONCE) -> list[tuple[int, int]]:
    """For each exchange, the number of round trips of its load before it begins, and until it ends.

    The exchanges of a level begin in order, each as soon as fewer than `at_once` are under way.
    Each takes one round trip, and those that a new connection needs.
    """
    spans = [(0, 0)] * len(exchanges)
    begun = 0
    by_level: dict[int, list[int]] = {}
    for index, one in enumerate(exchanges):
        by_level.setdefault(one.level, []).append(index)
    for level in sorted(by_level):
        free = [begun] * at_once
        for index in by_level[level]:
            start, end = free[0], free[0] + 1 + exchanges[index].connection_trips
            heapq.heapreplace(free, end)
            spans[index] = start, end
        begun = max(free)
    return spans


def level_sizes(exchanges: Iterable[Exchange]) -> list[int]:
    """Number of exchanges of each level; its length is the depth."""
    sizes = Counter(exchange.level for exchange in exchanges)
    return [sizes[level] for level in sorted(sizes)]


def server_timing(header: str | None) -> dict[str, tuple[float | None, str]]:
    """Duration (ms) and description of each metric of a `Server-Timing` header."""
    metrics = {}
    for name, parameters in re.findall(r'([\w-]+)((?:\s*;\s*\w+="[^"]*"|[^,"])*)', header or ""):
        duration = re.search(r"\bdur=([\d.]+)", parameters)
        described = re.search(r'\bdesc="([^"]*)"', parameters)
        metrics[name] = (
            float(duration[1]) if duration else None,
            described[1] if described else "",
        )
    return metrics


class ServerCost(NamedTuple):
    """What an exchange took of its server, as far as it is told; times in ms."""

    statements: int | None = None
    db_ms: float | None = None
    server_ms: float | None = None


def server_cost(headers: Mapping[str, str]) -> ServerCost:
    """What the headers of an answer say that it took.

    One that comes from a shared cache repeats what it took once, and now took nothing; one that
    the server has only renewed took what nobody tells (`Cache-Status`, RFC 9211).
    """
    if _is_hit(headers):
        return ServerCost(0, 0.0, 0.0)
    if _RENEWED.search(headers.get("Cache-Status", "")):
        return ServerCost()
    metrics = server_timing(headers.get("Server-Timing"))
    db_ms, described = metrics.get("db", (None, ""))
    statements = re.match(r"(\d+) statement", described)
    server_ms = metrics.get("total", (None, ""))[0]
    return ServerCost(int(statements[1]) if statements else None, db_ms, server_ms)


def _is_hit(headers: Mapping[str, str]) -> bool:
    return _HIT.search(headers.get("Cache-Status", "")) is not None


def _rounds_before(ordered: Sequence[Received]) -> dict[int, int]:
    """For each level, the rounds that the levels before it take."""
    sizes = Counter(one.level for one in ordered)
    before, total = {}, 0
    for level in sorted(sizes):
        before[level] = total
        total += rounds([sizes[level]])
    return before


def _exchange(one: Received, rounds_before: int, began_ns: int) -> Exchange:
    response, request = one.response, one.response.request
    wire, sent = wire_of(response), on_the_wire(response)
    assert sent is not None
    cost = server_cost(sent.headers)
    return Exchange(
        method=str(request.method),
        path=request.path_url if is_on(one.server, str(request.url)) else str(request.url),
        status=sent.status,
        level=one.level,
        round=rounds_before + one.index // AT_ONCE,
        start_ns=one.start_ns - began_ns,
        end_ns=one.end_ns - began_ns,
        repeatable=one.repeatable,
        new_connection=wire.connection_trips > 0,
        connection_trips=wire.connection_trips,
        sent_head_bytes=wire.sent_head,
        sent_body_bytes=wire.sent_body,
        received_head_bytes=wire.received_head,
        received_body_bytes=wire.received_body,
        server_timing_bytes=wire.server_timing,
        body_bytes=len(response.content) if sent is response.raw else 0,
        encoded_body_bytes=wire.received_body - wire.framing,
        statements=cost.statements,
        db_ms=cost.db_ms,
        server_ms=cost.server_ms,
        operation=operation_of(request),
        coding=sent.headers.get("Content-Encoding", ""),
        protocol=wire.protocol,
        from_shared_cache=_is_hit(sent.headers),
        closes=bool(getattr(getattr(sent, "_original_response", None), "will_close", False)),
    )


def operation_of(request: PreparedRequest) -> str:
    """The name of the GraphQL operation that is asked for; "" where there is none."""
    asked = parse_qs(urlsplit(request.path_url).query).get("query", [None])[0]
    if isinstance(request.body, bytes | str):
        with suppress(ValueError):
            sent = json.loads(request.body)
            asked = sent.get("query") if isinstance(sent, dict) else asked
    named = _NAMED.match(asked) if isinstance(asked, str) else None
    return named[1] if named else ""
