"""The entries of a HAR file, one by one: a recording may be larger than the memory.

HTTP Archive 1.2: http://www.softwareishard.com/blog/har-12-spec/
"""

import base64
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson  # type: ignore[import-untyped]

_ATTACHED = 24 * 1024 * 1024  # bytes: a larger body is not looked into, even as base64
_ENTRIES = "log.entries.item"
# Bytes that are read at once: a text that goes on is gone through again with each of them, which
# takes minutes for one of 190 MB where they are few.
_BUFFER = 16 * 1024 * 1024
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # which Windows programs write


class BadRecording(Exception):
    """A recording, or an entry of it, cannot be read; says which, and what is wrong."""


def read_entries(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries as they are written, each with its number from 1.

    Raises:
        BadRecording: the file cannot be read on from here; what came before is good.
    """
    number = 0
    try:
        with _opened(file) as stream:
            for entry in ijson.items(stream, _ENTRIES, use_float=True, buf_size=_BUFFER):
                number += 1
                if not isinstance(entry, dict):
                    raise BadRecording(f"{file}: entry {number} is no object")
                _attach(entry, file.parent)
                yield number, entry
    except ijson.JSONError as error:
        is_cut = "EOF" in str(error)
        # Not the parser's own words, which quote what stands there.
        wrong = "the file ends within it" if is_cut else "from there on the file is no JSON"
        raise BadRecording(f"{file}: entry {number + 1} cannot be read: {wrong}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadRecording(
            f"{file}: entry {number + 1} cannot be read: the gzip data are damaged or cut off"
        ) from error
    except OSError as error:
        raise BadRecording(f"{file}: {error.strerror or error}") from error
    if not number:
        raise BadRecording(f"{file} has no entries in log.entries: it must be a HAR 1.2 recording")


def _attach(entry: dict[str, Any], folder: Path) -> None:
    """Read bodies that stand in files beside the recording, as in Playwright's archives."""
    for side, name in (("request", "postData"), ("response", "content")):
        body = (entry.get(side) or {}).get(name) if isinstance(entry.get(side), dict) else None
        told = body.get("_file") if isinstance(body, dict) else None
        if not isinstance(told, str) or not isinstance(body, dict) or body.get("text"):
            continue
        place = folder / Path(told).name  # never elsewhere, whatever the recording says
        if place.is_file() and place.stat().st_size <= _ATTACHED:
            body["text"] = base64.b64encode(place.read_bytes()).decode()
            body["encoding"] = "base64"


def _opened(file: Path) -> BinaryIO:
    """The JSON text as bytes, whatever it is packed in."""
    stream: BinaryIO = file.open("rb")
    begin = stream.read(4)
    stream.seek(0)
    if begin.startswith(_GZIP):
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=stream))
        begin = stream.read(4)
        stream.seek(0)
    if begin == _ZIP:
        stream.close()
        raise BadRecording(f"{file} is a ZIP archive: unpack it, and give the .har file in it")
    if begin.startswith(_BYTE_ORDER_MARK):
        stream.seek(len(_BYTE_ORDER_MARK))
    return stream
