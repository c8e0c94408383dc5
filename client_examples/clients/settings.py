"""The settings of the bookstore's servers that its clients share: where they are, and the token."""

import os
from typing import Final, Literal, TypeAlias

Api: TypeAlias = Literal["rest", "graphql"]

APIS: Final[tuple[Api, ...]] = ("rest", "graphql")
_LOOPBACK: Final = "127.0.0.1"
_PORTS: Final = {"rest": "8000", "graphql": "8001"}


def server_url(api: Api) -> str:
    """The address of one of the servers, by BOOKSTORE_HOST and BOOKSTORE_..._PORT.

    Raises:
        ValueError: the setting of the port holds none.
    """
    name = f"BOOKSTORE_{api.upper()}_PORT"
    port = os.environ.get(name) or _PORTS[api]
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535):
        raise ValueError(f"{name} must be a port, 1 to 65535, got {port!r}")
    host = os.environ.get("BOOKSTORE_HOST") or _LOOPBACK
    # An address that stands for all of a machine's cannot be called.
    host = {"0.0.0.0": _LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def token_header() -> dict[str, str]:
    """The header that holds BOOKSTORE_TOKEN; none where it is not set."""
    token = os.environ.get("BOOKSTORE_TOKEN")
    return {"Authorization": f"Bearer {token}"} if token else {}
