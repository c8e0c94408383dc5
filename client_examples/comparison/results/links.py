"""What a network link is like."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A network link: its round-trip time, and its rates, which all connections share.

    Attributes:
        rtt_ms: round-trip time, half of it in each direction.
        down_mbit: Mbit/s towards the client; None for no limit.
        up_mbit: Mbit/s towards the servers; None for no limit.
        name: the profile's, "" for a link that has none.
    """

    rtt_ms: float
    down_mbit: float | None = None
    up_mbit: float | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """The profile's name, or the round-trip time; a key that tells the links of a run apart."""
        return self.name or f"{self.rtt_ms:g}"

    @property
    def title(self) -> str:
        """What the link is called among those of a run, such as `3g` or `20 ms`.

        One without a round-trip time is called by its rates.
        """
        return self.name or (
            f"{self.rtt_ms:g} ms" if self.rtt_ms or not self._rates else self._rates
        )

    @property
    def at(self) -> str:
        """The same in a sentence: `on 3g`, `at 20 ms`."""
        return f"{'on' if self.name else 'at'} {self.title}"

    def __str__(self) -> str:
        """The link with its numbers, such as `3g (300 ms, 1.6/0.768 Mbit/s down/up)`."""
        told = f"{self.rtt_ms:g} ms"
        if self._rates:
            told += f", {self._rates} down/up"
        return f"{self.name} ({told})" if self.name else told

    @property
    def _rates(self) -> str:
        """Its rates, such as `10/2 Mbit/s`; "" where it has none."""
        if self.down_mbit is None and self.up_mbit is None:
            return ""
        down, up = (f"{rate:g}" if rate else "any" for rate in (self.down_mbit, self.up_mbit))
        return f"{down}/{up} Mbit/s"
