"""What a network link is like, and the profiles that have a name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A network link: its round-trip time, and its rates, which all connections share.

    Attributes:
        rtt_ms: round-trip time, half of it in each direction.
        down_mbit: Mbit/s towards the client; None for no limit.
        up_mbit: Mbit/s towards the servers; None for no limit.
        name: the profile's, "" for a link that is none.
    """

    rtt_ms: float
    down_mbit: float | None = None
    up_mbit: float | None = None
    name: str = ""
