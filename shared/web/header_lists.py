"""Lists in request headers (RFC 9110, 5.6.1), read in one way for every header and both servers.

Elements may be empty, names are compared in lower case, and a comma or semicolon within a quoted
string does not separate. All functions take the lines of a header as one text, joined by commas; a
text that is no such list has no elements. Each takes time in proportion to the text's length.

Werkzeug reads such lists too. But it does not take `text/event-stream;charset=utf-8` for
`text/event-stream`, nor `x-gzip` for gzip, and it takes other text for entity tags; and it would
bring a web server into the GraphQL process.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

# A quoted string without an end goes on to the end of the text, so that nothing is read twice.
_QUOTED: Final = r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'
_ELEMENT: Final = re.compile(rf'(?:[^",]|{_QUOTED})+', re.DOTALL)
_PIECE: Final = re.compile(rf'(?:[^";]|{_QUOTED})+', re.DOTALL)
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_NAME: Final = re.compile(rf"{_TOKEN.pattern}(?:/{_TOKEN.pattern})?")
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")  # RFC 9110, 12.4.2
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')  # RFC 9110, 8.8.3
_BETWEEN: Final = re.compile(r"[ \t,]*")

_KEPT: Final = 512  # clients and browsers send few different ones; to read one takes some µs
_KEPT_LENGTH: Final = 500  # characters of one; 60,000 of tokens have taken 2.5 MB

Reader = TypeVar("Reader", bound=Callable[..., Any])


def remembered(read: Reader) -> Reader:
    """The function, which keeps what it has found in headers of usual length, and in one longer."""
    usual, longer = lru_cache(_KEPT)(read), lru_cache(1)(read)

    @wraps(read)
    def look(text: str | bytes, /, *more: Any) -> Any:
        return usual(text, *more) if len(text) <= _KEPT_LENGTH else longer(text, *more)

    return cast("Reader", look)


@remembered
def elements(header: str) -> tuple[str, ...]:
    """The elements as they stand, without those that are empty."""
    return tuple([part for each in _ELEMENT.findall(header) if (part := each.strip(" \t"))])


@remembered
def tokens(header: str) -> tuple[str, ...]:
    """The elements that are tokens, in lower case: codings, names of headers, options."""
    return tuple([part.lower() for part in elements(header) if _TOKEN.fullmatch(part)])


@remembered
def qualities(header: str) -> Mapping[str, float]:
    """The quality value of each element, from 0 (not wanted) to 1, by its name in lower case.

    Other parameters are ignored, since nothing here comes in variants that they would tell apart.
    Of repeated names the highest quality counts; an element with a malformed quality is left out.
    """
    wanted: dict[str, float] = {}
    for element in dict.fromkeys(elements(header)):
        name, semicolon, parameters = element.partition(";")
        name = name.rstrip(" \t").lower()
        quality = _quality(parameters) if semicolon else 1.0
        if quality is not None and quality > wanted.get(name, -1.0) and _NAME.fullmatch(name):
            wanted[name] = quality
    return MappingProxyType(wanted)


def _quality(parameters: str) -> float | None:
    for parameter in _PIECE.findall(parameters):
        name, _, value = parameter.partition("=")
        if name.strip(" \t").lower() == "q":
            value = value.strip(" \t")
            return float(value) if _QUALITY.fullmatch(value) else None
    return 1.0


@remembered
def best_media_type(accept: str, offered: tuple[str, ...]) -> str | None:
    """The media type that an `Accept` prefers (RFC 9110, 12.5.1); None if it accepts none.

    Of equal qualities, the more specific range decides, then the order in `offered`. Where the
    header is left out or empty, it is the first one offered.
    """
    wanted = qualities(accept)
    if not wanted and not elements(accept):
        return offered[0]
    best = max(offered, key=lambda media_type: _fit(wanted, media_type))
    return best if _fit(wanted, best)[0] else None


def _fit(wanted: Mapping[str, float], media_type: str) -> tuple[float, int]:
    """The quality of a media type, and how specific the range is that matches it."""
    ranges = ("*/*", f"{media_type.partition('/')[0]}/*", media_type)
    for exactness in (2, 1, 0):
        quality = wanted.get(ranges[exactness])
        if quality is not None:
            return quality, exactness
    return 0.0, 0


@remembered
def entity_tags(header: str) -> tuple[str, ...]:
    """The tags of `If-Match` or `If-None-Match`, with their quotes and the `W/` of weak ones.

    None at all if the whole is no list of tags, as `*` is none. In a tag, a backslash is a
    character like others.
    """
    tags = []
    at = _BETWEEN.match(header).end()  # type: ignore[union-attr]  # it matches nothing, too
    while at < len(header):
        found = _TAG.match(header, at)
        if found is None:
            return ()
        tags.append(found[0])
        between = _BETWEEN.match(header, found.end())
        assert between
        at = between.end()
        if at < len(header) and "," not in between[0]:
            return ()
    return tuple(tags)
