"""Bodies of a recording as text and as JSON."""

import base64
import binascii
import json
import re
import zlib
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from client_examples.advice.recording.entry import Content, PostData

_GZIP = b"\x1f\x8b"
# `)]}'` of Angular's and Google's servers, endless loops of others; and a byte order mark.
_GUARD = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:\)\]\}',?|for\s*\(;;\);|while\s*\(1\);)?\s*")
_EVENT = re.compile(rb"^data:\s*")  # of Server-Sent Events
_OF_PROCEDURES = {"method", "params", "id", "version", "auth", "session"}
_HELD = 32 * 1024 * 1024  # bytes: a larger body is not looked into, as it would fill the memory


def content_of(content: Content) -> bytes | None:
    """An answer's body; None where the recorder left it out, or it is too large to look into."""
    if not content.text:
        return None if content.size else b""
    if len(content.text) > _HELD:
        return None  # no copy of it is made
    return _raw(content.text, content.encoding)


def sent_in(posted: PostData | None) -> bytes:
    """A request's body."""
    if posted is None:
        return b""
    if not posted.text and posted.params and "form-urlencoded" in posted.mimeType:
        return urlencode([(one.name, one.value) for one in posted.params]).encode()
    return _raw(posted.text, posted.encoding) or b""


def _raw(text: str, encoding: str) -> bytes | None:
    if encoding.lower() != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        raw = base64.b64decode(text)
    except binascii.Error:
        return None
    return _unpacked(raw) if raw.startswith(_GZIP) else raw


def _unpacked(raw: bytes) -> bytes | None:
    """What some proxies write as they received it: compressed."""
    packed = zlib.decompressobj(wbits=31)  # of gzip
    try:
        found = packed.decompress(raw, _HELD)
    except zlib.error:
        return raw
    return None if packed.unconsumed_tail else found


def decoded(body: bytes | None) -> Any:
    """The body as JSON; None for what is none."""
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _leniently(body)


def _leniently(body: bytes) -> Any:
    """What browsers' programs read all the same.

    A byte order mark, a guard against inclusion as a script, half of a surrogate pair, `NaN`.
    """
    text = _GUARD.sub(b"", body)
    if not text[:1] or text[:1] not in b'{["':
        return None
    try:
        found = json.loads(text, parse_constant=lambda _: None)
        return orjson.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def all_decoded(body: bytes | None) -> list[Any]:
    """The values of a body in JSON: several of lines, of events, and of an answer in parts."""
    value = decoded(body)
    if value is not None or not body:
        return [value]
    each = (decoded(_EVENT.sub(b"", line.strip())) for line in body.splitlines())
    return [one for one in each if isinstance(one, dict | list)]


def procedures(sent: Any) -> list[tuple[str, Any]]:
    """The methods that a body calls by JSON-RPC, several in a batch, with their parameters.

    None if it is something else. Many clients leave out `jsonrpc`, which is of version 2.
    """
    each = sent if isinstance(sent, list) else [sent]
    if not all(map(_is_procedure, each)):
        return []
    return [(one["method"], one.get("params")) for one in each]


def _is_procedure(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("method"), str):
        return False
    has_parameters = isinstance(one.get("params"), dict | list)
    return "jsonrpc" in one or (has_parameters and one.keys() <= _OF_PROCEDURES)


def multipart(posted: PostData, body: bytes) -> dict[str, str]:
    """The fields of a form in parts, without files."""
    if posted.params:
        return {one.name: one.value for one in posted.params}
    head = f"Content-Type: {posted.mimeType}\r\n\r\n".encode()
    parts = message_from_bytes(head + body).walk()
    found = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        held = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(held, bytes) and not part.get_filename():
            found[name] = held.decode("utf-8", "replace")
    return found


def form(body: bytes) -> dict[str, str]:
    """A form's fields."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
