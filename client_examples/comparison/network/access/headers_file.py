"""Headers as text: a header in a line, as `Name: value`, for both APIs or for one.

    Authorization: Bearer abc
    # a remark
    [graphql]
    X-Client: comparison

A line with an API's name in brackets begins those that go to it alone.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from client_examples.comparison.network.access.credentials import Credentials, joined

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.1
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_PARTS = ("both", "rest", "graphql")


class BadHeaders(Exception):
    """A text holds no header; says what is wrong without the value, which may be a secret."""


def read_header(text: str) -> tuple[str, str]:
    """Name and value.

    Raises:
        BadHeaders: it is none.
    """
    name, colon, value = text.partition(":")
    value = value.strip(" \t")
    if not colon or not _NAME.fullmatch(name):
        raise BadHeaders("must be like 'Name: value'")
    if not _VALUE.fullmatch(value):
        raise BadHeaders(f"the value of {name} has characters that no header can hold")
    return name, value


def read_headers(file: Path) -> Credentials:
    """The headers that a file holds.

    Raises:
        BadHeaders: it cannot be read, or a line holds none.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise BadHeaders(f"cannot read {file}: {reason}") from error
    found: dict[str, dict[str, str]] = {part: {} for part in _PARTS}
    part = "both"
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            part = line[1:-1]
            if part not in _PARTS or not line.endswith("]"):
                raise BadHeaders(f"{file}, line {number}: must be [rest], [graphql] or [both]")
            continue
        try:
            name, value = read_header(line)
        except BadHeaders as error:
            raise BadHeaders(f"{file}, line {number}: {error}") from error
        found[part][name] = value
    both = found["both"]
    return Credentials(joined(both, found["rest"]), joined(both, found["graphql"]))


def written(credentials: Credentials) -> str:
    """The text of a file that holds these headers."""
    return "".join(
        f"[{api}]\n{_lines(headers)}"
        for api, headers in (("rest", credentials.rest), ("graphql", credentials.graphql))
    )


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in headers.items())
