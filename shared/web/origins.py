"""CORS: which other sites' pages may read the servers' answers (Fetch standard)."""

from collections.abc import Iterable
from typing import Final

# Besides what browsers always show.
EXPOSED: Final = "Server-Timing, Link, ETag, Location, Deprecation, Sunset, SQL-Trace"
PREFLIGHT_MAX_AGE_S: Final = 600  # for which a browser need not ask again


class Origins:
    """Those that are allowed, as `https://example.com`; `*` allows all."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def allowed(self, origin: str | None) -> str | None:
        """The `Access-Control-Allow-Origin` for this `Origin`; None where it is not allowed."""
        if origin is None:
            return None
        if "*" in self._origins:
            return "*"
        return origin if origin in self._origins else None
