"""An API call of a recording. Times are milliseconds since its first entry, sizes are bytes."""

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

UNTOLD = "operation"  # the kind of one whose document is not told
# Names that operations have which change something, and the ending that Relay asks of them.
_CHANGES = re.compile(
    r".*Mutation$|(?i:add|create|insert|update|upsert|edit|change|delete|remove|clear|set|save|put|"
    r"submit|send|post|place|cancel|confirm|approve|reject|toggle|mark|log|sign|register|apply|"
    r"move|start|stop|follow|unfollow|like|unlike|track|upload|pay|book|buy|checkout)(?=[A-Z_]|$)"
)
# Verbs of methods of JSON-RPC that change nothing, among the words of a name.
_READS = frozenset(
    "get list find search read fetch query count describe lookup load show is has check view "
    "browse select status version info discover ping stats resolve estimate exists".split()
)
_READS_AT_FIRST = ("get", "list", "find")  # where no capital or mark parts the words: `getblock`
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
Protocol: TypeAlias = Literal["HTTP/1.1", "HTTP/2", "HTTP/3", ""]
Tab: TypeAlias = tuple[int, str]  # which of the recordings, and the recorder's page in it
Value: TypeAlias = tuple[str, str]  # where it stands in a request, and what stands there


@dataclass(frozen=True, slots=True)
class Operation:
    """A GraphQL operation as it was asked for.

    Attributes:
        name: its name, or the fields at its root; never a value.
        document: normalised, with its literal values taken out; "" of a persisted one.
        kind: "query", "mutation" or "subscription"; `UNTOLD` where only a hash was sent.
        document_bytes: of the document as it was sent.
        variables_bytes: of the variables.
        persisted: what stands for the document at the server, "" where nothing does.
    """

    name: str
    document: str
    kind: str
    document_bytes: int
    variables_bytes: int
    persisted: str = ""

    @property
    def may_change(self) -> bool:
        """Whether it changes something, as far as it is told; else as its name says."""
        return self.kind == "mutation" or (
            self.kind == UNTOLD and _CHANGES.match(self.name) is not None
        )


def reads(method: str) -> bool:
    """Whether a method of JSON-RPC changes nothing, as the first verb of its name says."""
    own = re.split(r"[./:]", method)[-1]
    for word in _WORD.findall(own):
        if word.lower() in _READS:
            return True
        if _CHANGES.match(word):
            return False
    return own.startswith(_READS_AT_FIRST)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a call was asked for and answered, and what of that is told.

    `blocked_ms` is the wait for a connection; `server_ms` is None where the server does not tell
    it, and must be estimated of `wait_ms`, from sent to the first byte. A part is -1 where the
    recorder does not tell it.
    """

    start_ms: float
    end_ms: float
    blocked_ms: float
    wait_ms: float
    server_ms: float | None

    @property
    def took_ms(self) -> float:
        """From asked for to answered."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a call: heads and bodies as sent, and the answer's body without compression."""

    sent_head: int
    sent_body: int
    received_head: int
    received_body: int
    content: int

    @property
    def sent(self) -> int:
        """Head and body of the request."""
        return self.sent_head + self.sent_body

    @property
    def received(self) -> int:
        """Head and body of the answer."""
        return self.received_head + self.received_body


@dataclass(frozen=True, slots=True)
class Headers:
    """What of an answer's headers matters; None where the recorder left the headers out."""

    is_validated: bool  # has an ETag or Last-Modified
    is_fresh: bool  # says how long it may be kept
    is_compressed: bool
    links: tuple[str, ...]  # addresses in Location and Link


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an API, and its answer.

    Attributes:
        file: which of the recordings it is of, from 0.
        number: of its entry there, from 1.
        origin: scheme, host and port; told apart by a number where the address is relative.
        segments: the path's, decoded.
        values: those of the path, the query and the body, by their place.
        names: of the query's parameters, without those that only keep caches away.
        same: equal for calls that ask for the same.
        answer: equal for answers whose bodies are the same; "" where the body is not there.
        operations: what it asks of GraphQL; none of REST.
        procedures: the methods of JSON-RPC that it calls, several in a batch. A name may hold a
            value, and is shown by its template alone.
        asked_with: names of its headers, without those that browsers send by themselves.
        credentials: what its own headers hold, such as tokens; it is compared, and never told.
        preflight: the time and the bytes of the preflight that it needed.
    """

    file: int
    number: int
    origin: str
    method: str
    segments: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[Value, ...]
    same: bytes
    operations: tuple[Operation, ...]
    protocol: Protocol
    status: int
    timing: Timing
    sizes: Sizes
    headers: Headers | None
    answer: bytes
    asked_with: tuple[str, ...]
    page: str
    target: str = field(repr=False)  # path and query as sent
    preflight: tuple[float, int] | None = None
    credentials: tuple[str, ...] = field(default=(), repr=False)
    procedures: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        """Tells calls apart."""
        return self.file, self.number

    @property
    def site(self) -> str:
        """The host's last two labels: what is changed there is not seen elsewhere."""
        host = urlsplit(self.origin).hostname or self.origin
        is_named = host.rpartition(".")[2].isalpha()
        return ".".join(host.split(".")[-2:]) if is_named else host

    @property
    def is_graphql(self) -> bool:
        """Whether it asks for GraphQL operations."""
        return bool(self.operations)

    @property
    def is_write(self) -> bool:
        """Whether it may change what later calls are answered."""
        if self.operations:
            return any(one.may_change for one in self.operations)
        if self.procedures:
            return not all(map(reads, self.procedures))
        return self.method not in ("GET", "HEAD", "OPTIONS", "QUERY")

    @property
    def is_redirected(self) -> bool:
        """Whether its answer leads to another address."""
        return 300 <= self.status < 400 and self.status != 304

    @property
    def has_failed(self) -> bool:
        """Whether it had no answer, or one that says that it failed."""
        return self.status == 0 or self.status >= 400
