"""What the values of options may be: each function reads one, or says what would be right."""

import argparse
import math
import re
import ssl
from pathlib import Path

from client_examples.clients.addresses import address
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.access.headers_file import (
    BadHeaders,
    read_header,
    read_headers,
)
from client_examples.comparison.network.link import PROFILES, Link

LEAST_MBIT, MOST_MBIT = 0.01, 10_000.0  # slower than any link, and more than the relay carries


def server_address(text: str) -> str:
    """The address of a server."""
    try:
        return address(text)
    except ValueError as error:
        raise _wrong(str(error)) from error


def https_address(text: str) -> str:
    """The address of a server that speaks TLS, which is meant where no scheme is named."""
    return server_address(text if "://" in text else f"https://{text}")


def positive(text: str) -> int:
    """A number of 1 or more."""
    number = _number(text, int)
    if not number >= 1:
        raise _wrong(f"must be a whole number of 1 or more, got {text}")
    return int(number)


def processors(text: str) -> list[int]:
    """The numbers of processors, such as `0,2`."""
    if not re.fullmatch(r"[0-9]+(,[0-9]+)*", text, re.ASCII):
        raise _wrong(f"must be numbers of processors, like 0,1, got {text!r}")
    return [int(number) for number in text.split(",")]


def milliseconds(text: str) -> float:
    """A time from 0 to 10 s."""
    number = _number(text)
    if not 0 <= number <= 10_000:
        raise _wrong(f"must be 0 to 10000 ms, got {text}")
    return number


def seconds(text: str) -> float:
    """A time from 0.1 s to an hour."""
    number = _number(text)
    if not 0.1 <= number <= 3600:
        raise _wrong(f"must be 0.1 to 3600 s, got {text}")
    return number


def bandwidth(text: str) -> tuple[float, float]:
    """Rates in Mbit/s, down and up; one number is both."""
    down, slash, up = text.partition("/")
    return mbit(down), mbit(up if slash else down)


def profile(text: str) -> Link:
    """The link of that name."""
    if text not in PROFILES:
        raise _wrong(f"there is no {text!r}, but {', '.join(PROFILES)}")
    return PROFILES[text]


def mbit(text: str) -> float:
    """A rate in Mbit/s."""
    number = _number(text)
    if not LEAST_MBIT <= number <= MOST_MBIT:
        raise _wrong(
            f"must be {LEAST_MBIT:g} to {MOST_MBIT:g} Mbit/s, such as 10 or 10/2, got "
            f"{text or 'nothing'}; for no limit leave the option out"
        )
    return number


def share(text: str) -> float:
    """A share from 0 to 1."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise _wrong(f"must be 0 to 1, got {text}")
    return number


def header(text: str) -> tuple[str, str]:
    """A header's name and value."""
    try:
        return read_header(text)
    except BadHeaders as error:
        raise _wrong(str(error)) from error


def headers(text: str) -> Credentials:
    """The headers in a file."""
    try:
        return read_headers(Path(text))
    except BadHeaders as error:
        raise _wrong(str(error)) from error


def readable(text: str) -> Path:
    """A file that can be read, as an option's value."""
    file = Path(text)
    try:
        file.open("rb").close()
    except OSError as error:
        raise _wrong(f"cannot read {text}: {error.strerror}") from error
    return file


def certificates(text: str) -> Path:
    """A file with certificates to trust, as an option's value."""
    file = readable(text)
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise _wrong(f"there are no certificates in PEM form in {text}") from error
    return file


def _number(text: str, kind: type[int] | type[float] = float) -> float:
    """What a text says; NaN, which is within no limits, where that is no number."""
    try:
        return kind(text)
    except ValueError:
        return math.nan


def _wrong(text: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(text)
