"""Content codings: what a document would take if it were encoded as an answer was."""

import zlib
from functools import lru_cache
from typing import Final

_WINDOWS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # zlib's, by the coding's format
_LEVELS: Final = range(1, 10)


def encoded_bytes(document: bytes, coding: str, body: bytes, size: int) -> int | None:
    """The bytes of a document encoded in the same way as a body.

    Args:
        document: what is to be encoded.
        coding: the answer's `Content-Encoding`; "" where it has none.
        body: the answer's, decoded.
        size: of the body as it was sent, by which its compression level is known.

    Returns:
        None where the coding is not known here.
    """
    if coding in ("", "identity") or not document:
        return len(document)
    window = _WINDOWS.get(coding.lower())
    if window is None:
        return None
    return len(_compressed(document, _level(body, size, window), window))


@lru_cache(maxsize=64)
def _level(body: bytes, size: int, window: int) -> int:
    """The level at which a body has a size nearest to that which it had."""
    return min(_LEVELS, key=lambda level: abs(len(_compressed(body, level, window)) - size))


def _compressed(document: bytes, level: int, window: int) -> bytes:
    compressing = zlib.compressobj(level, zlib.DEFLATED, window)
    return compressing.compress(document) + compressing.flush()
