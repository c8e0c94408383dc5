"""Which entries of a recording are API calls, and why the others are none."""

import re
from collections.abc import Callable
from typing import NamedTuple

from client_examples.advice.recording.bodies import content_of, decoded, form, multipart, sent_in
from client_examples.advice.recording.entry import Entry, Header
from client_examples.advice.recording.graphql_request import asked

_JSON = re.compile(r"[/+](x-)?(nd)?json\b|/(x-)?(ndjson|jsonl|jsonlines)\b|graphql-response")
_SCRIPTS = ("text/javascript", "application/javascript", "application/x-javascript")
_STREAMS = ("text/event-stream", "multipart/mixed")
_DOCUMENTS = ("document", "iframe")
_OTHERS = re.compile(r"^(image|font|audio|video)/|^text/(css|html|javascript)|javascript|wasm")
_NO_CALLS = ("manifest", "script", "stylesheet", "image", "font", "media")
_UNTOLD = ("text/plain", "application/octet-stream", "x-unknown")  # may be JSON all the same
_STATIC = re.compile(r"\.(m?js|css|html?|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|map)([?#]|$)")
_CODE = ("xhr", "fetch")
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


class Sent(NamedTuple):
    """A request's body, and as JSON where it is such; of GraphQL over GET, the parameters."""

    body: bytes
    value: object


def header(headers: list[Header], name: str) -> str | None:
    """The value of a header, of which the case of its name does not matter."""
    return next((one.value for one in headers if one.name.lower() == name), None)


def sent_with(entry: Entry, parameters: dict[str, str]) -> Sent:
    """What a request asks for besides its address."""
    body = sent_in(entry.request.postData)
    posted = entry.request.postData
    if posted is not None and "form-urlencoded" in posted.mimeType:
        return Sent(body, form(body))
    if posted is not None and posted.mimeType.startswith("multipart/form-data"):
        fields = multipart(posted, body)
        # GraphQL with files has its operations in a field of that name (graphql-multipart-request).
        return Sent(body, decoded(fields.get("operations", "").encode()) or fields)
    if entry.request.method == "GET":
        return Sent(body, dict(parameters))
    return Sent(body, decoded(body))


def left_out(entry: Entry, sent: Sent) -> str | None:
    """Why it is no API call that goes over the network; None if it is one."""
    return next((reason for reason, applies in _REASONS if applies(entry, sent)), None)


def is_preflight(entry: Entry) -> bool:
    """Whether a browser asked on its own whether it may ask."""
    asks = header(entry.request.headers, "access-control-request-method")
    return entry.request.method == "OPTIONS" and (
        asks is not None or entry.resource_type == "preflight"
    )


def is_document(entry: Entry) -> bool:
    """Whether a page was opened."""
    if entry.resource_type:
        return entry.resource_type == "document"
    is_html = _type(entry).startswith("text/html") and not _holds_json(entry)
    wanted = header(entry.request.headers, "sec-fetch-dest")
    return is_html and entry.request.method == "GET" and wanted in (None, "document")


def _type(entry: Entry) -> str:
    told = entry.response.content.mimeType or header(entry.response.headers, "content-type") or ""
    return told.lower()


def _is_socket(entry: Entry, _: Sent) -> bool:
    return (
        entry.response.status == 101
        or entry.resource_type == "websocket"
        or entry.request.url.lower().startswith(("ws:", "wss:"))
    )


def _is_stream(entry: Entry, sent: Sent) -> bool:
    if entry.resource_type == "eventsource":
        return True
    if not _type(entry).startswith(_STREAMS):
        return False
    kinds = {operation.kind for operation, _ in asked(sent.value)}
    return not kinds or "subscription" in kinds  # else one answer in parts, as of `@defer`


def _is_cached(entry: Entry, _: Sent) -> bool:
    return entry.is_cached


def _is_of_service_worker(entry: Entry, _: Sent) -> bool:
    # The worker's own request, if it made one, is recorded as well.
    return entry.response.fetched_via_service_worker or entry.fetch_type == "Service Worker"


def _is_made_up(entry: Entry, _: Sent) -> bool:
    return bool(entry.was_fulfilled) or entry.fetch_type == "Inspector Override"


def _is_page(entry: Entry, sent: Sent) -> bool:
    if entry.resource_type in _DOCUMENTS:
        return True
    is_html = _type(entry).startswith("text/html")
    return is_html and not _holds_json(entry) and not _has_no_data(entry, sent)


def _is_other(entry: Entry, sent: Sent) -> bool:
    if entry.resource_type in _NO_CALLS or _is_browsers_own(entry, sent):
        return True
    is_other = _OTHERS.search(_type(entry)) is not None
    may_be_data = _type(entry).startswith("text/html") or _is_of_code(entry, sent)
    is_data = is_other and may_be_data and _holds_json(entry)
    return is_other and not is_data and not _has_no_data(entry, sent)


def _is_browsers_own(entry: Entry, sent: Sent) -> bool:
    """Whether no program asked for it: pictures of the tab, what developer tools look for.

    Many servers answer such with an error in JSON.
    """
    path = entry.request.url.partition("?")[0]
    is_named = _STATIC.search(path) is not None or "/.well-known/appspecific/" in path
    return is_named and not _is_of_code(entry, sent)


def _holds_json(entry: Entry) -> bool:
    """Whether a body is an object or a list in JSON, whatever its type says: PHP says HTML."""
    return isinstance(decoded(content_of(entry.response.content)), dict | list)


def _has_no_data(entry: Entry, sent: Sent) -> bool:
    """Whether a program was told in whatever form that what it wants is not here."""
    is_elsewhere = is_redirect(entry.response.status) and _is_of_code(entry, sent)
    return is_elsewhere or _has_failed_for_code(entry, sent)


def _has_failed_for_code(entry: Entry, sent: Sent) -> bool:
    """Whether it is a failure that a program was answered, in whatever form."""
    return entry.response.status >= 400 and _is_of_code(entry, sent)


def _is_of_code(entry: Entry, sent: Sent) -> bool:
    """Whether a program wanted an answer to work with."""
    accepted = (header(entry.request.headers, "accept") or "").lower()
    is_fetched = header(entry.request.headers, "sec-fetch-dest") == "empty"
    is_of_code = entry.resource_type in _CODE or is_fetched
    return is_of_code or "json" in accepted or _asks_json(entry, sent)


def _is_data(entry: Entry, _: Sent) -> bool:
    return entry.request.url.lower().startswith(("data:", "blob:", "about:", "chrome-", "file:"))


def _is_redirect(entry: Entry, sent: Sent) -> bool:
    """One that is no call's: a program's takes a round trip as the call that it leads to does."""
    return is_redirect(entry.response.status) and not _is_of_code(entry, sent)


def is_redirect(status: int) -> bool:
    """Whether an answer leads to another address."""
    return 300 <= status < 400 and status != 304


def _is_unanswered(entry: Entry, _: Sent) -> bool:
    return entry.response.status <= 0


def _is_no_json(entry: Entry, sent: Sent) -> bool:
    if _JSON.search(_type(entry)) or _has_failed_for_code(entry, sent):
        return False
    if is_redirect(entry.response.status):
        return False
    if _asks_json(entry, sent):
        return False
    if entry.response.status == 304:  # its type is that of the answer before
        return not _is_of_code(entry, sent) and _STATIC.search(entry.request.url) is not None
    if not _type(entry) and entry.request.method in _WRITES:
        return bool(sent.body) or entry.resource_type not in ("", *_CODE)
    if _type(entry) and not _type(entry).startswith((*_UNTOLD, "text/html", *_SCRIPTS)):
        return True
    return not _holds_json(entry)


def _asks_json(entry: Entry, sent: Sent) -> bool:
    posted = entry.request.postData
    if posted is not None and _JSON.search(posted.mimeType.lower()):
        return True
    return next(asked(sent.value), None) is not None


_REASONS: list[tuple[str, Callable[[Entry, Sent], bool]]] = [
    ("web socket", _is_socket),
    ("event stream", _is_stream),
    ("with its data in the address", _is_data),
    ("from the browser's cache", _is_cached),
    ("answered by a service worker", _is_of_service_worker),
    ("answered by the recorder, not by a server", _is_made_up),
    ("page", _is_page),
    ("script, style, image, font or media", _is_other),
    ("redirect", _is_redirect),
    ("cancelled or never answered", _is_unanswered),
    ("neither JSON nor GraphQL", _is_no_json),
]
