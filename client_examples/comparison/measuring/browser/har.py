"""A load of each arm as HAR (HTTP Archive 1.2): a page for each, with its requests alone."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from client_examples.comparison.measuring.browser.page import Servers, opened
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Recording:
    """What is recorded, page by page; `document` is the whole as HAR."""

    def __init__(self) -> None:
        self._log: dict[str, Any] = {"version": "1.2", "pages": [], "entries": []}

    @property
    def document(self) -> dict[str, Any]:
        """The whole; empty where nothing was recorded."""
        return {"log": self._log} if self._log["pages"] else {}

    def add(
        self,
        browser: "Browser",
        servers: Servers,
        relay: Relay,
        link: Link,
        turn: tuple[str, str, Protocol],
    ) -> None:
        """Record a load of a screen by an arm, over new connections and this link."""
        screen, arm, protocol = turn
        with TemporaryDirectory() as folder:
            file = Path(folder) / "load.har"
            with opened(browser, servers, record_har_path=file) as page, relay.over(link):
                page.load(screen, arm)
            log = json.loads(file.read_text(encoding="utf-8"))["log"]
        name = f"{screen} {arm} {protocol}"
        entries = [one for one in log["entries"] if _is_loads(one["request"]["url"], servers)]
        self._log |= {part: log[part] for part in ("creator", "browser") if part in log}
        self._log["entries"] += [{**entry, "pageref": name} for entry in entries]
        timings = {"onContentLoad": -1, "onLoad": -1}
        self._log["pages"].append(
            {
                "startedDateTime": min(one["startedDateTime"] for one in entries),
                "id": name,
                "title": name,
                "pageTimings": timings,
            }
        )


def _is_loads(url: str, servers: Servers) -> bool:
    """Whether the arm asked for it, not the page for its own modules or connections."""
    if url in (f"{servers.rest}/ping", f"{servers.graphql}/ping"):
        return False
    return url.startswith((f"{servers.rest}/", f"{servers.graphql}/graphql"))
