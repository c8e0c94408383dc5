"""`Cache-Control`: who may keep an answer to GET, and for how long; for both APIs (RFC 9111)."""

from time import time
from typing import Final

from shared.config import Settings

NO_CACHE: Final = "no-cache"  # may be kept, and is asked for each time before it is shown
NO_STORE: Final = "no-store"
PRIVATE: Final = "private, no-cache"
# nginx has whole seconds and shows an answer until the last of them is over, so up to one second
# too long where it goes by `s-maxage`. It goes by this header first, and shows it to nobody.
EXPIRES: Final = "X-Accel-Expires"


class CacheControl:
    """What the bookstore's reads say of it.

    Attributes:
        shared: of a read that a shared cache may show again without asking; None where no setting
            lets it.
    """

    __slots__ = ("_max_age_s", "shared")

    def __init__(self, settings: Settings) -> None:
        self._max_age_s = settings.shared_max_age_s
        self.shared = (
            f"public, s-maxage={self._max_age_s}, max-age=0, must-revalidate"
            if self._max_age_s
            else None
        )

    def of_read(self, *, by_token: bool, authorized: bool) -> str:
        """The header of a read that has succeeded.

        Args:
            by_token: whether a token decides what is shown.
            authorized: whether the request has an `Authorization` header.
        """
        if by_token:
            return PRIVATE
        if self.shared is None:
            return NO_CACHE
        return PRIVATE if authorized else self.shared

    def expires(self, control: str | None, elapsed_s: float) -> dict[str, str]:
        """`X-Accel-Expires`, if it is a shared read: the last whole second to show it in.

        Args:
            control: the answer's `Cache-Control`.
            elapsed_s: since the request has come; what is shown is not older.
        """
        if self.shared is None or control != self.shared:
            return {}
        return {EXPIRES: f"@{int(time() - elapsed_s) + self._max_age_s - 1}"}
