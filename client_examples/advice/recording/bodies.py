"""Bodies of a recording as text and as JSON."""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl

import orjson

from client_examples.advice.recording.entry import Content, PostData

_HELD = 32 * 1024 * 1024  # bytes: a larger body is not looked into, as it would fill the memory


def content_of(content: Content) -> bytes | None:
    """An answer's body; None where the recorder left it out, or it is too large to look into."""
    if content.text is None or (not content.text and content.size > 0):
        return None
    if len(content.text) > _HELD:
        return None  # no copy of it is made
    return _raw(content.text, content.encoding)


def sent_in(posted: PostData | None) -> bytes:
    """A request's body."""
    return b"" if posted is None else _raw(posted.text, posted.encoding) or b""


def _raw(text: str, encoding: str) -> bytes | None:
    if encoding.lower() != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return None


def decoded(body: bytes | None) -> Any:
    """The body as JSON; None for what is none."""
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def form(body: bytes) -> dict[str, str]:
    """A form's fields."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
