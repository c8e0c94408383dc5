"""What both clients share: a session, a time limit, retries per call, a circuit breaker."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, SSLError, Timeout
from urllib3.exceptions import MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from client_examples.clients.addresses import is_here, is_on, is_url, url_of
from client_examples.clients.api_errors import NotSent, Unreachable
from client_examples.clients.circuit_breaker import Breaker
from client_examples.clients.request import Request, request_of
from client_examples.clients.retries import NO_RETRY, RETRY, UNABLE, pause_s
from client_examples.clients.time_limit import BoundedAdapter, TimeLimit, bound

TIMEOUT = (3.05, 10.0)  # s: to connect (just above TCP's own first resend, 3 s), to wait for bytes
_VALUE = re.compile(r"(?:[!-~\x80-\xff][^\r\n\0\u0100-\U0010ffff]*)?")  # of a header, in Latin-1
_PLACE = re.compile(r" \(_ssl\.c:\d+\)")  # of OpenSSL's errors, in Python's own source
_BROKEN = {
    RemoteDisconnected: "it ended the connection without an answer",
    IncompleteRead: "its answer ended before it was whole",
    HTTPException: "what it sends is not HTTP",
}
TIME_LIMIT_S = 30.0  # of a call, with all its attempts and the waits between them

_logger = logging.getLogger(__name__)


class HttpClient:
    """Sends requests to one server.

    The session only sends; repeating is decided here, per call, and each attempt goes through
    the session anew. So any session will do: one that caches, one that records.

    No call lasts longer than `time_limit_s`, whatever the server does: that bounds all attempts,
    every read of an answer that comes byte by byte, and the waits between attempts. A wait that
    would last beyond it is not begun. (Two things have bounds of their own: the system's search
    for a name's addresses, and connecting, which takes `timeout[0]` for each of them.)

    With a breaker, each attempt counts: one without an answer, or with 502, 503 or 504, as a
    failure; any other answer, such as a 404, as a success. While the circuit is open, a call
    raises `CircuitOpen` at once. A call whose own attempt opens it does not wait for another
    attempt: it ends with what that attempt brought. `Retry-After` says when to repeat, and does
    not change how long the circuit stays open.

    Args:
        url: the server's address, e.g. `http://127.0.0.1:8000`.
        session: to send with; by default one of its own. Its connections are made to keep the
            time limit; for those through a proxy, mount a `BoundedAdapter`.
        timeout: seconds to connect, and to wait for bytes.
        time_limit_s: seconds that a call may take at most.
        retry: the policy for calls that may be repeated; `NO_RETRY` for none.
        breaker: e.g. `Breaker()`, which all clients of the server may share; by default none.
        elsewhere: makes the session for another server, whose address it is given; by default one
            like the other, without what may be secret.
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        time_limit_s: float = TIME_LIMIT_S,
        retry: Retry = RETRY,
        breaker: Breaker | None = None,
        elsewhere: Callable[[str], requests.Session] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.session = session or new_session(url)
        self._elsewhere = elsewhere or partial(without_secrets, self.session)
        self._others: dict[tuple[str, str], requests.Session] = {}  # by scheme and host
        bound(self.session)
        self._timeout = timeout
        self._time_limit_s = time_limit_s
        self._retry = retry
        self._breaker = breaker

    def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
        repeatable: bool,
    ) -> requests.Response:
        """Send one request and return the answer, whatever its status.

        Args:
            method: `GET`, `POST`, ...
            path: from the server's address, e.g. `/books/1`; or a URL, which may be that of another
                server: nothing of the session's is sent there but what every request has.
            params: query parameters; None is left out, a list becomes `1,2,3`.
            body: sent as JSON unless None.
            headers: sent beside the session's; None is left out.
            repeatable: whether doing it twice does no more than doing it once.

        Raises:
            Unreachable: no whole answer came, after the retries that the call allows.
            NotSent: a header cannot be sent.
            CircuitOpen: nothing was sent, or not again: the breaker's circuit is open.
        """
        is_own = not is_url(path) or is_on(self.url, path)
        request = request_of(method, url_of(self.url, path), params, body, headers, is_own=is_own)
        retry = self._retry if repeatable else NO_RETRY
        return self._repeated(request, retry, TimeLimit(self._time_limit_s))

    def _repeated(self, request: Request, retry: Retry, limit: TimeLimit) -> requests.Response:
        """The answer of the first attempt that brings one, or of the last that is allowed."""
        while True:
            try:
                response = self._attempt(request, limit)
            except (requests.ConnectionError, Timeout, ChunkedEncodingError) as error:
                again = _after_error(retry, request, error)
                if again is None or not self._pause(again, limit, None):
                    raise Unreachable(request.url, reason_of(error)) from error
            else:
                again = _after_answer(retry, request, response)
                if again is None or not self._pause(again, limit, response.raw):
                    return response
            retry = again

    def _attempt(self, request: Request, limit: TimeLimit) -> requests.Response:
        """Send once; the breaker, if there is one, lets it through and learns how it ended."""
        breaker = self._breaker
        with nullcontext() if breaker is None else breaker.attempt(request.url) as attempt:
            response = self._send(request, limit)
            if attempt is not None:
                attempt.has_failed = response.status_code in UNABLE
        return response

    def _send(self, request: Request, limit: TimeLimit) -> requests.Response:
        connect_s, read_s = self._timeout
        session = self._session_for(request)
        try:
            with limit.applied():
                return session.request(
                    request.method,
                    request.url,
                    data=request.content,
                    headers=request.headers,
                    timeout=(limit.within(connect_s), limit.within(read_s)),
                    allow_redirects=False,  # an API's answer, not another address, is expected
                )
        except (requests.ConnectionError, Timeout, ChunkedEncodingError):
            raise
        except (requests.RequestException, ValueError) as error:
            if (name := _unsendable({**session.headers, **request.headers})) is not None:
                raise NotSent(name) from None  # the error's own text has the value
            if isinstance(error, requests.RequestException):
                raise Unreachable(request.url, str(error)) from error
            raise

    def _session_for(self, request: Request) -> requests.Session:
        """The session, or for another server one without what may be secret."""
        if request.is_own:
            return self.session
        scheme, host, *_ = urlsplit(request.url)
        session = self._others.get((scheme, host))
        if session is None:
            session = self._others[scheme, host] = self._elsewhere(request.url)
        return session

    def _pause(self, retry: Retry, limit: TimeLimit, response: BaseHTTPResponse | None) -> bool:
        """Wait before another attempt; False, at once, if there is to be none."""
        seconds = pause_s(retry, response)
        if seconds >= limit.remaining or (self._breaker is not None and self._breaker.is_open):
            return False
        if seconds > 0:
            time.sleep(seconds)  # as the policy or the server's Retry-After asks
        return True

    def close(self) -> None:
        """Close the session's connections."""
        self.session.close()


def new_session(url: str) -> requests.Session:
    """A session whose transport never retries by itself."""
    session = requests.Session()
    for prefix in ("http://", "https://"):
        session.mount(prefix, BoundedAdapter())
    session.headers["Accept"] = "application/json"
    # Named, as requests would add br and zstd where some package that knows them is installed.
    session.headers["Accept-Encoding"] = "gzip, deflate"
    # A proxy or .netrc of the environment has no say over this machine's own loopback,
    # and looking for them takes time at every request.
    session.trust_env = not is_here(url)
    return session


def without_secrets(session: requests.Session, url: str) -> requests.Session:
    """A session over the same connections, with no header but those of every request.

    Cookies are shared, as they are sent to the hosts that they are from.
    """
    other = new_session(url)
    other.adapters, other.cookies, other.verify = session.adapters, session.cookies, session.verify
    return other


def _unsendable(headers: Mapping[str, object]) -> str | None:
    """The name of the first header whose value cannot be sent, None if all can be."""
    names = (
        name
        for name, value in headers.items()
        if not isinstance(value, str | bytes)
        or (isinstance(value, str) and not _VALUE.fullmatch(value))
    )
    return next(names, None)


def _after_error(retry: Retry, request: Request, error: requests.RequestException) -> Retry | None:
    """The policy for one more attempt, None if there is to be none."""
    if isinstance(error, SSLError):  # a certificate does not become valid by asking again
        return None
    try:
        remaining = retry.increment(request.method, request.url, error=error)
    except MaxRetryError:
        return None
    _logger.info("%s %s: %s, again", request.method, request.url, error)
    return remaining


def _after_answer(retry: Retry, request: Request, response: requests.Response) -> Retry | None:
    """The policy for one more attempt, None if the answer is to be given."""
    status = response.status_code
    if not retry.is_retry(request.method, status, "Retry-After" in response.headers):
        return None
    try:
        remaining = retry.increment(request.method, request.url, response=response.raw)
    except MaxRetryError:
        return None
    _logger.info("%s %s: %s, again", request.method, request.url, status)
    return remaining


def reason_of(error: BaseException) -> str:
    """The innermost cause in words, without the places in memory and code that libraries add."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, Timeout | TimeoutError):
            return "it took too long"
        if isinstance(inner, OSError) and inner.strerror:
            return _PLACE.sub("", inner.strerror)
        for kind, said in _BROKEN.items():
            if isinstance(inner, kind):
                return said
        inner = inner.__cause__ or inner.__context__
    return str(error)
