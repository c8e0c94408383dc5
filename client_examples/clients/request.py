"""A request as it goes over the wire, so that a retry can send the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """What is sent: method, whole address, body and headers beside the session's.

    `is_own` tells whether it goes to the client's own server.
    """

    method: str
    url: str
    content: bytes | None
    headers: dict[str, str]
    is_own: bool = True


def request_of(
    method: str,
    address: str,
    params: Mapping[str, object] | None,
    body: object,
    headers: Mapping[str, str | None] | None,
    *,
    is_own: bool = True,
) -> Request:
    """The request for values; params and headers that are None are left out, a body as well."""
    given = {name: value for name, value in (headers or {}).items() if value is not None}
    if body is None:
        content = None
    else:
        content, given["Content-Type"] = _json(body), "application/json"
    return Request(method, _with_query(address, params or {}), content, given, is_own)


def _with_query(address: str, params: Mapping[str, object]) -> str:
    given = {name: _text(value) for name, value in params.items() if value is not None}
    if not given:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(given, safe=',')}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(_text(member) for member in value)
    return str(value)


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
