"""Who may write, and see what is private: whoever has the token, where one is set."""

import hashlib
import hmac

from shared.errors import Unauthorized

CHALLENGE = 'Bearer realm="bookstore"'  # to who has no token


class Authorization:
    """Knows the token, if there is one; without one, everybody may do everything."""

    def __init__(self, token: str | None) -> None:
        # Digests all have the same length, so comparing them does not reveal the token's length.
        self._digest = None if token is None else _digest(token)

    @property
    def is_open(self) -> bool:
        """Whether no token is set."""
        return self._digest is None

    def allows(self, header: str | None) -> bool:
        """Whether this `Authorization` header (None: there is none) carries the token."""
        if self._digest is None:
            return True
        token = _bearer(header)
        return token is not None and hmac.compare_digest(_digest(token), self._digest)

    def require(self, header: str | None) -> None:
        """Refuse a request whose `Authorization` header does not carry the token.

        Raises:
            Unauthorized: it does not.
        """
        if not self.allows(header):
            wrong = "another token" if header else "no Authorization"
            raise Unauthorized(
                f"writing needs `Authorization: Bearer` with this server's token, got {wrong}",
                has_token=bool(header) and _bearer(header) is not None,
            )


def challenge(error: Unauthorized) -> str:
    """The `WWW-Authenticate` of an answer, which tells of a wrong token (RFC 6750, 3.1)."""
    return f'{CHALLENGE}, error="invalid_token"' if error.has_token else CHALLENGE


def _bearer(header: str | None) -> str | None:
    """The token in an `Authorization` header; None if it has none."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
