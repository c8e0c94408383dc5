"""Answers as WSGI applications: a body or none, and headers that are final."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON: Final = "application/json"


_STATUSES: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Answer:
    """A body that is complete, with headers that are final: a WSGI application of its own.

    Werkzeug's response copies the headers twice, looks them through and wraps the body: a third of
    what a constant answer took inside Flask.
    """

    __slots__ = ("_body", "_headers", "_status")

    def __init__(
        self,
        body: bytes,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        content_type: str = JSON,
    ) -> None:
        self._body = [body]
        self._status = _STATUSES[status]
        length = str(len(body))
        self._headers = [("Content-Type", content_type), ("Content-Length", length), *headers]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        start_response(self._status, self._headers)
        return self._body


class NoContent(Answer):
    """An answer without a body: 204, or 304 (RFC 9110, 15.3.5 and 15.4.5)."""

    __slots__ = ()

    def __init__(self, headers: Iterable[tuple[str, str]] = (), status: int = 204) -> None:
        self._body = []
        self._status = _STATUSES[status]
        self._headers = [*headers]


class Unchanged(Exception):
    """The client has already what would be shown."""

    def __init__(self, answer: NoContent) -> None:
        super().__init__()
        self.answer = answer
