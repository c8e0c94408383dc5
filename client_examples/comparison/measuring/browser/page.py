"""The lab's page in a browser, whose modules load the arms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from client_examples.comparison.errors import BrowserFailed, LoadFailed
from client_examples.comparison.measuring.browser.chromium import in_words
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.results.browser import BrowserWork, Way

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
_LIMIT_S = 60.0  # for a load
_TOLD_LATE_MS = 100  # by the network's own process
_TIMES = 20  # that answers are decoded and a screen is drawn


@dataclass(frozen=True)
class Servers:
    """Where the page is, where it finds both servers, and what it sends to each."""

    page: str
    rest: str
    graphql: str
    credentials: Credentials = field(default_factory=Credentials)

    def told(self) -> dict[str, Any]:
        """What the page's script has to know."""
        each = {"rest": self.credentials.rest, "graphql": self.credentials.graphql}
        return {
            "servers": {"rest": self.rest, "graphql": self.graphql},
            "headers": {api: dict(headers) for api, headers in each.items()},
        }


@dataclass(frozen=True)
class PageLoad:
    """A load as the page saw it; `levels` has how many requests were sent side by side."""

    ms: float
    view: Any
    levels: list[int]
    protocols: list[str]


class LabPage:
    """A page of the lab, ready to load arms; its connections to the servers are its own."""

    def __init__(self, context: "BrowserContext", servers: Servers) -> None:
        from playwright.sync_api import Error

        self._error = Error
        self._page = context.new_page()
        self._cdp = context.new_cdp_session(self._page)
        try:
            answer = self._page.goto(f"{servers.page}/lab")
            if answer is None or not answer.ok:
                raise BrowserFailed(
                    f"{servers.page}/lab does not answer with the lab's page, which the browser "
                    "takes the arms from"
                )
            self._page.evaluate(_SCRIPT, servers.told())
        except Error as error:
            raise BrowserFailed(f"the lab's page at {servers.page}: {in_words(error)}") from error

    def arms(self) -> dict[str, list[str]]:
        """The names of the arms that the page has, by their screens."""
        found: dict[str, list[str]] = self._call("arms")
        return found

    def connect(self, connections: int) -> None:
        """Open as many connections as may be in use at once."""
        self._call("connect", connections)

    def load(self, screen: str, arm: str, way: Way | None = None) -> PageLoad:
        """Load a screen by an arm; for a page of another origin, in one of these ways.

        Raises:
            LoadFailed: it could not be loaded.
        """
        return PageLoad(**self._of(screen, arm, "load", way or ""))

    def count_preflights(self, screen: str, arm: str, way: Way) -> int:
        """Load, and count the requests that ask whether others may be sent."""
        found: list[str] = []

        def note(event: dict[str, Any]) -> None:
            if event["initiator"]["type"] == "preflight":
                found.append(event["request"]["url"])

        self._cdp.send("Network.enable")
        self._cdp.on("Network.requestWillBeSent", note)
        try:
            self.load(screen, arm, way)
            self._page.wait_for_timeout(_TOLD_LATE_MS)
        finally:
            self._cdp.remove_listener("Network.requestWillBeSent", note)
            self._cdp.send("Network.disable")
        return len(found)

    def work(self, screen: str, arm: str, slowed: float) -> BrowserWork:
        """What the page does with the answers of a load, on a processor that is slowed."""
        self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        try:
            found = self._of(screen, arm, "work", _TIMES)
        finally:
            self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        return BrowserWork(slowed, median(found["decode"]), median(found["draw"]))

    def _of(self, screen: str, arm: str, name: str, *more: Any) -> Any:
        try:
            return self._call(name, screen, arm, *more)
        except LoadFailed as error:
            error.add(screen=screen, arm=arm)
            raise

    def _call(self, name: str, *arguments: Any) -> Any:
        try:
            return self._page.evaluate(
                "([name, all]) => globalThis.measured[name](...all)", [name, list(arguments)]
            )
        except self._error as error:
            raise LoadFailed(f"the browser says: {in_words(error)}") from error


@contextmanager
def opened(browser: "Browser", servers: Servers, **options: Any) -> Iterator[LabPage]:
    """A page of its own, with connections, sessions of TLS and a cache of its own."""
    context = browser.new_context(**options)
    context.set_default_timeout(_LIMIT_S * 1000)
    try:
        yield LabPage(context, servers)
    finally:
        context.close()
