"""Counts what a load takes, summed over its exchanges."""

from collections.abc import Sequence
from typing import TypeVar

from client_examples.comparison.arms.exchanges import level_sizes, rounds, trips
from client_examples.comparison.arms.leaves import LeafLedger, over_fetch
from client_examples.comparison.results.counts import Counts, Exchange

Number = TypeVar("Number", int, float)


def count(exchanges: Sequence[Exchange], ledger: LeafLedger) -> Counts:
    """The counts of a load, given the record of the leaves that its arm read."""
    sizes = level_sizes(exchanges)
    wire = {
        name: sum(getattr(one, name) for one in exchanges)
        for name in (
            "sent_head_bytes",
            "sent_body_bytes",
            "received_head_bytes",
            "received_body_bytes",
        )
    }
    return Counts(
        requests=len(exchanges),
        rounds=rounds(sizes),
        depth=len(sizes),
        trips=trips(exchanges),
        new_connections=sum(one.new_connection for one in exchanges),
        **wire,
        wire_bytes=sum(wire.values()),
        server_timing_bytes=sum(one.server_timing_bytes for one in exchanges),
        body_bytes=sum(one.body_bytes for one in exchanges),
        encoded_body_bytes=sum(one.encoded_body_bytes for one in exchanges),
        delivered_leaves=ledger.delivered,
        used_leaves=ledger.used,
        over_fetch=over_fetch(ledger.used, ledger.delivered),
        delivered_leaf_bytes=ledger.delivered_bytes,
        used_leaf_bytes=ledger.used_bytes,
        over_fetch_bytes=over_fetch(ledger.used_bytes, ledger.delivered_bytes),
        statements=total([one.statements for one in exchanges]),
        db_ms=total([one.db_ms for one in exchanges]),
        objects=ledger.objects,
        used_body_bytes=total([one.used_body_bytes for one in exchanges]),
        used_encoded_bytes=total([one.used_encoded_bytes for one in exchanges]),
    )


def total(values: Sequence[Number | None]) -> Number | int | None:
    """The sum; None if one of the values is not known."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
