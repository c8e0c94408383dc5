"""Server-Sent Events, read as they come (WHATWG HTML, 9.2.6)."""

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class ServerEvent:
    """One event that has data; `id` is the last that the stream has given."""

    name: str
    data: str
    id: str


def read_events(pieces: Iterable[bytes]) -> Iterator[ServerEvent]:
    """Yield each event as soon as it is complete; one that is cut off is dropped.

    Args:
        pieces: the stream's bytes, divided anywhere.
    """
    name, data, last_id = "", list[str](), ""
    for line in _lines(pieces):
        if not line:
            if data:
                yield ServerEvent(name or "message", "\n".join(data), last_id)
            name, data = "", []
            continue
        member, _, value = line.partition(":")  # a comment is the member without a name
        value = value.removeprefix(" ")
        if member == "event":
            name = value
        elif member == "data":
            data.append(value)
        elif member == "id" and "\0" not in value:
            last_id = value


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Whole lines, whichever of the three line ends they have."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder("utf-8-sig")("replace"), translate=True
    )
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + decoder.decode(piece)).split("\n")
        yield from whole
