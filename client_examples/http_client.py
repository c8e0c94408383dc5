"""What both clients share: a session, time limits, and retries that are chosen per call."""

import ipaddress
import json
import logging
import random
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, SSLError, Timeout
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from client_examples.api_errors import Unreachable

TIMEOUT = (3.05, 10.0)  # s: to connect (just above TCP's own first resend, 3 s), to wait for bytes

_logger = logging.getLogger(__name__)


class JitteredRetry(Retry):
    """urllib3's Retry with full jitter from the first retry on, and lenient with Retry-After.

    Clients that failed together would otherwise come back together.
    """

    def get_backoff_time(self) -> float:
        """Seconds to wait: random, up to a limit that doubles with each failure."""
        if not self.history:
            return 0.0
        limit = self.backoff_factor * 2.0 ** (len(self.history) - 1)
        return random.uniform(0, min(self.backoff_max, limit))

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that the server asks for, at most `retry_after_max`."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None


RETRY = JitteredRetry(
    total=3,
    backoff_factor=0.2,  # s: at most 0.2, 0.4, 0.8
    backoff_max=2.0,
    retry_after_max=5,  # s: a server may ask for an hour, a client must not wait for it
    status_forcelist=(502, 503, 504),
    allowed_methods=None,  # the call decides, as a GraphQL query is a POST
)
NO_RETRY = JitteredRetry(total=0, respect_retry_after_header=False)


class HttpClient:
    """Sends requests to one server.

    The session only sends; repeating is decided here, per call, and each attempt goes through
    the session anew. So any session will do: one that caches, one that records.

    Args:
        url: the server's address, e.g. `http://127.0.0.1:8000`.
        session: to send with; by default one of its own.
        timeout: seconds to connect, and to wait for bytes.
        retry: the policy for calls that may be repeated; `NO_RETRY` for none.
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        retry: Retry = RETRY,
    ) -> None:
        self.url = url.rstrip("/")
        self.session = session or new_session(url)
        self._timeout = timeout
        self._retry = retry

    def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: object = None,
        repeatable: bool,
    ) -> requests.Response:
        """Send one request and return the answer, whatever its status.

        Args:
            method: `GET`, `POST`, ...
            path: from the server's root, e.g. `/books/1`.
            params: query parameters; None is left out, a list becomes `1,2,3`.
            body: sent as JSON unless None.
            repeatable: whether doing it twice does no more than doing it once.

        Raises:
            Unreachable: no whole answer came, after the retries that the call allows.
        """
        url = self.url + path + _query(params or {})
        content = None if body is None else _json(body)
        retry = self._retry if repeatable else NO_RETRY
        while True:
            try:
                response = self._send(method, url, content)
            except (requests.ConnectionError, Timeout, ChunkedEncodingError) as error:
                retry = _after_error(retry, method, url, error)
                retry.sleep()
                continue
            except requests.RequestException as error:
                raise Unreachable(url, str(error)) from error
            if not retry.is_retry(method, response.status_code, "Retry-After" in response.headers):
                return response
            try:
                retry = retry.increment(method, url, response=response.raw)
            except MaxRetryError:
                return response
            _logger.info("%s %s: %s, again", method, url, response.status_code)
            retry.sleep(response.raw)

    def _send(self, method: str, url: str, content: bytes | None) -> requests.Response:
        return self.session.request(
            method,
            url,
            data=content,
            headers={} if content is None else {"Content-Type": "application/json"},
            timeout=self._timeout,
            allow_redirects=False,  # an API's answer, not another address, is expected
        )

    def close(self) -> None:
        """Close the session's connections."""
        self.session.close()


def new_session(url: str) -> requests.Session:
    """A session whose transport never retries by itself."""
    session = requests.Session()
    session.headers["Accept"] = "application/json"
    # A proxy or .netrc of the environment has no say over this machine's own loopback,
    # and looking for them takes time at every request.
    session.trust_env = not _is_loopback(urlsplit(url).hostname or "")
    return session


def _after_error(retry: Retry, method: str, url: str, error: requests.RequestException) -> Retry:
    if isinstance(error, SSLError):  # a certificate does not become valid by asking again
        raise Unreachable(url, reason_of(error)) from error
    try:
        remaining = retry.increment(method, url, error=error)
    except MaxRetryError:
        raise Unreachable(url, reason_of(error)) from error
    _logger.info("%s %s: %s, again", method, url, error)
    return remaining


def address(text: str) -> str:
    """A server's address as a user gives it; `ValueError` if it is none."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is no address like http://127.0.0.1:8000")
    if parts.username is not None:  # it would be shown wherever the address is
        raise ValueError("an address must hold no user name; send an Authorization header")
    _ = parts.port  # ValueError if it is no number, or over 65535
    return text.rstrip("/")


def reason_of(error: BaseException) -> str:
    """The innermost cause in words, without the object addresses that the libraries add."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, Timeout | TimeoutError):
            return "it took too long"
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return str(error)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _query(params: Mapping[str, object]) -> str:
    given = {name: _text(value) for name, value in params.items() if value is not None}
    return "?" + urlencode(given, safe=",") if given else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(_text(member) for member in value)
    return str(value)


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
