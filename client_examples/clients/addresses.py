"""Servers' addresses, as users give them and as arms use them."""

import ipaddress
from urllib.parse import urlsplit


def address(text: str) -> str:
    """A server's address as a user gives it, with its scheme and without a slash at the end.

    Without a scheme it is `https` for a name on the Internet without a port, such as
    `api.example.com`, and `http` for anything else, such as `127.0.0.1:8000`.

    Raises:
        ValueError: it is none.
    """
    given = text.strip()
    if "://" not in given:
        given = f"{_scheme_of(given)}://{given}"
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is no address like http://127.0.0.1:8000")
    if parts.username is not None:  # it would be shown wherever the address is
        raise ValueError("an address must hold no user name; send an Authorization header")
    _ = parts.port  # ValueError if it is no number, or over 65535
    return given.rstrip("/")


def _scheme_of(text: str) -> str:
    host = text.partition("/")[0]
    is_name = "." in host and ":" not in host and not is_here(f"http://{host}")
    return "https" if is_name and not host.rpartition(".")[2].isdigit() else "http"


def is_url(path: str) -> bool:
    """Whether a path is a whole URL, maybe of another server."""
    return path.startswith(("http://", "https://"))


def url_of(server: str, path: str) -> str:
    """The URL of a path on a server; a path that is a URL already is that."""
    if is_url(path):
        return path
    return server + (path if path.startswith(("/", "?")) or not path else f"/{path}")


def is_on(server: str, url: str) -> bool:
    """Whether a URL is on that server: of the same scheme, host and port."""
    return urlsplit(url)[:2] == urlsplit(server)[:2]


def without_endpoint(url: str, paths: tuple[str, ...]) -> str:
    """The address of a GraphQL server, where an endpoint of it is named, one at these paths."""
    ends = [path for path in paths if path and url.endswith(path)]
    return url.removesuffix(max(ends, key=len)) if ends else url


def is_here(url: str) -> bool:
    """Whether a server's address is this machine's own loopback."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
