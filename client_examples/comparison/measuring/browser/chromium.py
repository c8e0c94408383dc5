"""The machine's own Chromium or Chrome, which reaches one proxy by the relay, and nothing else."""

import base64
import hashlib
import importlib.util
import re
import shutil
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from client_examples.comparison.errors import BrowserFailed
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.results.protocols import Protocol

# Playwright is an extra: this module can be imported without it.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
NAMES: dict[Protocol, str] = {"http1-tls": "http/1.1", "http2": "h2"}  # RFC 7301, 6
_QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CONNECTING_S = 10.0
_CALLS = re.compile(r"^(\w+\.\w+: )?((LoadFailed|Error): )?")  # Playwright's, then the page's own


def missing() -> str | None:
    """What keeps this machine from measuring in a browser, and what would help; None if nothing."""
    if not all(map(importlib.util.find_spec, ("playwright", "cryptography"))):
        return "Playwright is not installed; pip install -e '.[browser]' does it"
    if _program() is None:
        return (
            "neither Chromium nor Chrome is on this machine's PATH; on Debian, apt-get install "
            "chromium brings it"
        )
    return None


def _program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def playing() -> Iterator["Playwright"]:
    """Playwright, for as long as it is needed: its event loop allows none beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def chromium(
    playwright: "Playwright",
    protocol: Protocol,
    edge_url: str,
    relay: Relay,
    ca_file: str | None,
    others: Sequence[str] = (),
) -> Iterator["Browser"]:
    """A browser that speaks this protocol to the proxy.

    Names of all machines but the proxy's are unknown to it. It trusts the one certificate that was
    verified here, by `ca_file` or as usual.

    Args:
        playwright: runs it.
        protocol: over TLS.
        edge_url: the proxy's address, reached through the relay.
        relay: the link.
        ca_file: certificates to trust instead of the usual ones.
        others: addresses that it reaches without the relay.

    Raises:
        BrowserFailed: it does not start, or the proxy's certificate is not to be trusted.
    """
    edge = urlsplit(edge_url)
    rules = [f"MAP {one} {one}" for one in map(_place, map(urlsplit, others))]
    host, port = relay.to(edge.hostname or "", edge.port or 443)
    rules = [f"MAP {_place(edge)} {host}:{port}", *rules, "MAP * ~NOTFOUND"]
    arguments = _arguments(protocol, rules, _verified_key(edge, ca_file))
    from playwright.sync_api import Error

    try:
        browser = playwright.chromium.launch(
            executable_path=_program(), args=arguments, handle_sigint=False
        )
    except Error as error:
        raise BrowserFailed(f"the browser does not start: {in_words(error)}") from error
    try:
        yield browser
    finally:
        browser.close()


def _arguments(protocol: Protocol, rules: Sequence[str], key: str) -> list[str]:
    """Of the browser's command line: the rules by which it finds machines, and the key to trust."""
    arguments = [
        *_QUIET,
        f"--host-resolver-rules={', '.join(rules)}",
        f"--ignore-certificate-errors-spki-list={key}",
    ]
    return arguments if protocol == "http2" else [*arguments, "--disable-http2"]


def in_words(error: Exception) -> str:
    """What went wrong, without the log and the names of calls that Playwright adds to it."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    if "has been closed" in first or "crashed" in first:
        return "it has ended, or was closed"
    return _CALLS.sub("", first)


def _place(url: SplitResult) -> str:
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return f"{host}:{url.port or (443 if url.scheme == 'https' else 80)}"


def _verified_key(url: SplitResult, ca_file: str | None) -> str:
    """The hash of the public key in the server's certificate, once that is verified (RFC 7469)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    context = ssl.create_default_context(cafile=ca_file)
    where = (url.hostname or "", url.port or 443)
    try:
        with (
            socket.create_connection(where, _CONNECTING_S) as connection,
            context.wrap_socket(connection, server_hostname=url.hostname) as encrypted,
        ):
            certificate = encrypted.getpeercert(binary_form=True)
    except OSError as error:
        raise BrowserFailed(f"{url.geturl()} cannot be trusted or reached: {error}") from error
    assert certificate is not None
    key = load_der_x509_certificate(certificate).public_key()
    told = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(told).digest()).decode()
