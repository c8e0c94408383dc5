"""What one load takes: its exchanges, and their counts.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass

from client_examples.comparison.results.protocols import Protocol


@dataclass(frozen=True)
class Counts:
    """What one load of an arm takes.

    Bytes on the wire are those at the socket, inside TLS where there is TLS: `sent_...` and
    `received_...`, of which `wire_bytes` is the sum; `server_timing_bytes`, the instrument's own,
    are a part of `received_head_bytes`. `encoded_body_bytes` are the bodies received without the
    framing of chunks, `body_bytes` the same after decompression. Over-fetch is a share from 0
    to 1. `statements` and `db_ms` are None where a server does not tell. `trips` are the rounds
    and the round trips that new connections add to them. `objects` are the JSON objects of the
    answers, without GraphQL's `data` itself and what makes up its connections.
    `used_body_bytes` and `used_encoded_bytes` are what `body_bytes` and `encoded_body_bytes` would
    be if the answers held nothing but the used leaves. The last three are None in documents that
    are older than they are.
    """

    requests: int
    rounds: int
    depth: int
    trips: int
    new_connections: int
    sent_head_bytes: int
    sent_body_bytes: int
    received_head_bytes: int
    received_body_bytes: int
    wire_bytes: int
    server_timing_bytes: int
    body_bytes: int
    encoded_body_bytes: int
    delivered_leaves: int
    used_leaves: int
    over_fetch: float
    delivered_leaf_bytes: int
    used_leaf_bytes: int
    over_fetch_bytes: float
    statements: int | None
    db_ms: float | None
    objects: int | None = None
    used_body_bytes: int | None = None
    used_encoded_bytes: int | None = None

    @property
    def sent_bytes(self) -> int:
        """Bytes up, on the wire."""
        return self.sent_head_bytes + self.sent_body_bytes

    @property
    def received_bytes(self) -> int:
        """Bytes down, on the wire."""
        return self.received_head_bytes + self.received_body_bytes


@dataclass(frozen=True)
class StaticCost:
    """The cost of a load's operations, in objects, as the server computes it before they run.

    It is the most objects that they may return, and more for searches, sorts and offsets. The
    server refuses an operation above `limit`.
    """

    computed: int
    limit: int


@dataclass(frozen=True)
class Exchange:
    """One HTTP request and its response.

    Times are nanoseconds since the load began; `db_ms` and `server_ms` are what the server says in
    `Server-Timing`; None where it says nothing. The bytes sent and received are those on the wire,
    of which `server_timing_bytes` are that header's; `encoded_body_bytes` are those of the body
    received without the framing of chunks, `body_bytes` the same after decompression. `path` is a
    whole URL where another host was asked than the API's. `connection_trips` are the round trips
    that a new connection took. What is `repeatable` a client sends again if it fails. `operation`
    is the name of the GraphQL operation, "" where there is none, and in documents that are older
    than this member. `coding` is the content coding of the answer, "" where it has none;
    `used_body_bytes` and `used_encoded_bytes` are what its body would take with nothing but the
    used leaves, None where that is not known. `protocol` is what client and server agreed on for
    its connection; over HTTP/2, of the bytes only bodies' contents are known. An answer is
    `from_shared_cache` where a cache in front of the server has given it without asking. The server
    `closes` a connection that it ends after the answer.
    """

    method: str
    path: str
    status: int
    level: int
    round: int
    start_ns: int
    end_ns: int
    repeatable: bool
    new_connection: bool
    connection_trips: int
    sent_head_bytes: int
    sent_body_bytes: int
    received_head_bytes: int
    received_body_bytes: int
    server_timing_bytes: int
    body_bytes: int
    encoded_body_bytes: int
    statements: int | None
    db_ms: float | None
    server_ms: float | None
    operation: str = ""
    coding: str = ""
    used_body_bytes: int | None = None
    used_encoded_bytes: int | None = None
    protocol: Protocol = "http1"
    from_shared_cache: bool = False
    closes: bool = False

    @property
    def sent_bytes(self) -> int:
        """Bytes up, on the wire."""
        return self.sent_head_bytes + self.sent_body_bytes

    @property
    def received_bytes(self) -> int:
        """Bytes down, on the wire."""
        return self.received_head_bytes + self.received_body_bytes
