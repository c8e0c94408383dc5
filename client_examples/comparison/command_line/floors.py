"""The addresses whose answer is the least that any answer takes, one on each server."""

import argparse
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from client_examples.clients.addresses import is_on, url_of
from client_examples.clients.settings import APIS


def floors(given: dict[str, Any], urls: Sequence[str]) -> dict[str, Any]:
    """The address of a constant answer of each server: the bookstore's have one."""
    default = None if "screens" in given else "/ping"
    return {
        f"floor_{api}": _floor(given.get(f"floor_{api}", default), url, f"--floor-{api}")
        for api, url in zip(APIS, urls, strict=True)
    }


def _floor(given: str | None, url: str, option: str) -> str | None:
    """The address to time, from a path or an address on the same server."""
    if given is None:
        return None
    server = urlsplit(url)
    host = given.partition("/")[0]
    if "://" not in given and host == server.netloc:
        return f"{server.scheme}://{given}"
    if "://" not in given and ":" not in host:
        return url_of(url, given)
    if not is_on(url, given):
        raise argparse.ArgumentTypeError(
            f"argument {option}: {given} is not on the server at {url}"
        )
    return given
