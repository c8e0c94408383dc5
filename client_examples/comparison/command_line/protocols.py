"""Which protocols arms are loaded over, from the addresses and what the user asks for."""

from argparse import ArgumentTypeError
from collections.abc import Sequence

from client_examples.comparison.results.protocols import PROTOCOLS, Protocol


def protocols(
    asked: Sequence[Protocol] | None,
    urls: Sequence[str],
    edge_url: str | None,
    *,
    is_own: bool = False,
) -> list[Protocol]:
    """What arms are loaded over; the first is what the servers themselves speak.

    Args:
        asked: None for all that may be had.
        urls: the servers' own addresses.
        edge_url: of a proxy in front of both that speaks TLS and HTTP/2.
        is_own: whether the servers are the user's.

    Raises:
        ArgumentTypeError: a protocol cannot be had there.
    """
    if edge_url is not None and not _is_encrypted(edge_url):
        raise ArgumentTypeError(
            f"argument --edge-url: must be an address like https://localhost:8443, got {edge_url}"
        )
    own: Protocol = "http1-tls" if all(map(_is_encrypted, urls)) else "http1"
    for protocol in asked or []:
        if protocol == "http1" and own != "http1":
            raise ArgumentTypeError(
                f"argument --protocol: http1 is without TLS, and {urls[0]} is an address with it"
            )
        if protocol != own and edge_url is None and own == "http1":
            plain = [url for url in urls if not _is_encrypted(url)]
            cure = "name a proxy by --edge-url and --ca-file (./start_servers.sh --edge starts one)"
            if is_own:
                cure = "name addresses with https, or a proxy in front of both by --edge-url"
            raise ArgumentTypeError(
                f"argument --protocol: {protocol} needs TLS, and {' and '.join(plain)} "
                f"{'is' if len(plain) == 1 else 'are'} without; {cure}"
            )
    if own == "http1" and edge_url is None:
        return ["http1"]
    others = PROTOCOLS[PROTOCOLS.index(own) + 1 :]
    return [own, *(one for one in others if asked is None or one in asked)]


def _is_encrypted(url: str) -> bool:
    return url.startswith("https:")
