"""Records what a page loads, as Chromium's developer tools export it: HAR 1.2 with contents.

Written after their own exporter, HAREntry.build in ChromeDevTools/devtools-frontend.
"""

import base64
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import CDPSession, Page

_FINISHED = ("Network.loadingFinished", "Network.loadingFailed")


class Recorder:
    """Listens to a page from now on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._sent: dict[str, dict[str, Any]] = {}
        self._answered: dict[str, dict[str, Any]] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        self._cached: set[str] = set()
        self._entries: list[dict[str, Any]] = []
        on = self._session.on
        on("Network.requestWillBeSent", self._note(self._sent))
        on("Network.responseReceived", self._note(self._answered))
        on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        for name in _FINISHED:
            on(name, self._note(self._ended))
        self._session.send("Network.enable")

    def slow_down(self, latency_ms: int) -> None:
        """Have each answer take so much longer, as the developer tools' throttling does."""
        no_limit = {"downloadThroughput": -1, "uploadThroughput": -1}
        asked = {"offline": False, "latency": latency_ms, **no_limit}
        self._session.send("Network.emulateNetworkConditions", asked)

    @staticmethod
    def _note(place: dict[str, dict[str, Any]]) -> Any:
        return lambda event: place.update({event["requestId"]: event})

    def keep(self) -> None:
        """Take what was answered so far, before the page goes, and with it the bodies."""
        for _ in range(100):  # events arrive while the page is asked for something
            if self._answered.keys() <= self._ended.keys():
                break
            self._page.wait_for_timeout(20)
        self._entries += [self._entry(key) for key in self._sent if key in self._answered]
        for events in (self._sent, self._answered, self._ended):
            events.clear()

    @property
    def har(self) -> dict[str, Any]:
        """What was kept."""
        creator = {"name": "WebInspector", "version": "537.36"}
        log = {"version": "1.2", "creator": creator, "pages": [], "entries": self._entries}
        return {"log": log}

    def _entry(self, key: str) -> dict[str, Any]:
        sent, received = self._sent[key], self._answered[key]["response"]
        request, is_plain = sent["request"], received.get("protocol") == "http/1.1"
        times = _timings(sent["timestamp"], received, self._ended[key]["timestamp"])
        began = datetime.fromtimestamp(sent["wallTime"], UTC)
        content, encoding = self._content(key)
        transferred = int(self._ended[key].get("encodedDataLength", 0))
        entry = {
            "_resourceType": sent.get("type", "").lower(),
            "startedDateTime": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "time": sum(value for name, value in times.items()
                        if value > 0 and not name.startswith("_") and name != "ssl"),
            "timings": times,
            "cache": {},
            "connection": str(received.get("connectionId", "")),
            "request": {
                "method": request["method"], "url": request["url"],
                "httpVersion": received.get("protocol", ""), "cookies": [], "queryString": [],
                "headers": _headers(request["headers"]), "headersSize": -1,
                "bodySize": len(request.get("postData", "")),
            },
            "response": {
                "status": received["status"], "statusText": received["statusText"],
                "httpVersion": received.get("protocol", ""), "cookies": [],
                "headers": _headers(received["headers"]), "redirectURL": "",
                "headersSize": -1, "bodySize": -1 if is_plain else 0,
                "_transferSize": transferred, "_error": None,
                "content": {"size": len(content), "mimeType": received["mimeType"],
                            "text": content, **encoding},
            },
        }  # fmt: skip
        if "postData" in request:
            posted = {"mimeType": "application/json", "text": request["postData"]}
            entry["request"]["postData"] = posted
        if key in self._cached or received.get("fromDiskCache"):
            entry["_fromCache"] = "disk"
        return entry

    def _content(self, key: str) -> tuple[str, dict[str, str]]:
        if self._sent[key].get("type") not in ("Fetch", "XHR"):
            return "", {}
        found = self._session.send("Network.getResponseBody", {"requestId": key})
        if found["base64Encoded"]:
            return base64.b64decode(found["body"]).decode(), {}
        return found["body"], {}


def _headers(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _timings(issued_s: float, response: dict[str, Any], ended_s: float) -> dict[str, float]:
    """Milliseconds, as the developer tools work them out."""
    timing = response.get("timing")
    if timing is None:
        return {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0,
                "wait": (ended_s - issued_s) * 1000, "receive": 0}  # fmt: skip
    queued = max(0.0, (timing["requestTime"] - issued_s) * 1000)
    starts = (timing[f"{name}Start"] for name in ("dns", "connect", "send"))
    first = next(start for start in starts if start >= 0)
    spans = {
        name: timing[f"{name}End"] - timing[f"{name}Start"] if timing[f"{name}Start"] >= 0 else -1
        for name in ("dns", "connect", "ssl", "send")
    }
    headers_end = timing["requestTime"] + timing["receiveHeadersEnd"] / 1000
    return {
        "blocked": queued + first,
        **spans,
        "wait": timing["receiveHeadersEnd"] - timing["sendEnd"],
        "receive": max(0.0, (ended_s - headers_end) * 1000),
        "_blocked_queueing": queued,
    }
