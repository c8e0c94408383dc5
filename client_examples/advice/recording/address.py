"""The address of a call: its origin, its path's segments and its parameters.

A user and a password in an address are left out, as is what follows a `#`.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

RELATIVE = "relative"  # the origin of an address that has none
# Names of parameters that only keep caches away; their values are of no meaning.
_UNCACHED = re.compile(r"^(_|_t|_ts|ts|t|cb|nocache|cache_?bust(er)?|rnd|rand|random|timestamp)$",
                       re.IGNORECASE)  # fmt: skip
_MOMENT = re.compile(r"^\d{9,}(\.\d+)?$|^0\.\d+$|^[0-9a-z]{6,}$", re.IGNORECASE)
# Keys behind a name: OData's `Orders(7)`, `Orders(Id='x')`, and matrix parameters, `orders;id=7`.
_KEYED = re.compile(
    r"^([A-Za-z_][\w.-]*)"
    r"(\((?:(?:guid)?'[^']*'|-?\d+|\{[^}]*\}|[0-9a-fA-F-]{36}|\w+=[^()]*)\)|;[\w.-]+=.*)$"
)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """Where a request goes to.

    Attributes:
        origin: scheme, host and port; `relative` where it has none.
        segments: of the path, decoded; a key behind a name, `Orders(7)`, is one of its own.
        parameters: of the query, in their order, without those that only keep caches away.
        target: path and query as they were sent, without these.
    """

    origin: str
    segments: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    target: str


def address(url: str) -> Address:
    """The parts of an address.

    Raises:
        ValueError: it is none.
    """
    found = urlsplit(url)
    if not (found.hostname or "").isprintable():
        raise ValueError("a host has no control characters")
    pairs = parse_qsl(found.query, keep_blank_values=True)
    parameters = tuple(pair for pair in pairs if not _only_keeps_caches_away(*pair))
    raw = [part for part in found.query.split("&") if part]
    kept = [part for part in raw if not _only_keeps_caches_away(*_pair(part))]
    path = found.path or "/"
    return Address(
        _origin(found.scheme.lower(), found.hostname, found.port),
        segments_of(path),
        parameters,
        f"{path}?{'&'.join(kept)}" if kept else path,
    )


def segments_of(path: str) -> tuple[str, ...]:
    """The segments of a path, decoded; `(7)` and `;id=7` behind a name are their own."""
    found: list[str] = []
    for part in filter(None, map(unquote, path.split("/"))):
        keyed = _KEYED.match(part)
        found += keyed.groups() if keyed else [part]
    return tuple(found)


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote(name), unquote(value)


def _only_keeps_caches_away(name: str, value: str) -> bool:
    return _UNCACHED.match(name) is not None and _MOMENT.match(value) is not None


def _origin(scheme: str, host: str | None, port: int | None) -> str:
    if not host:
        return RELATIVE
    shown = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == _PORTS.get(scheme)
    return f"{scheme or 'https'}://{shown}{'' if is_usual else f':{port}'}"
