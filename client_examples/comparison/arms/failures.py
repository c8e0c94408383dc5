"""What went wrong in an exchange of an arm, and where the arm asked for it."""

import inspect
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from requests import Response

from client_examples.clients.api_errors import ApiError

SAID_BYTES = 200  # of an answer, as an error shows it
_OURS = Path(__file__).resolve().parents[2]  # client_examples
_SCREENS = (_OURS / "comparison" / "screens", _OURS / "foreign_example")
_LIBRARIES = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))


@dataclass(frozen=True)
class FailedExchange:
    """An exchange that went wrong; of one without an answer, `status` is None and `said` empty.

    `place` is the line of the arm's own file that asked for it, "" where that is not known.
    """

    error: ApiError
    method: str
    url: str
    status: int | None
    said: str
    place: str


def said_by(response: Response) -> str:
    """The first bytes of an answer's body, as text in one line; of a redirection, its target."""
    if "Location" in response.headers and 300 <= response.status_code < 400:
        return f"Location: {response.headers['Location']}"
    text = response.content[:SAID_BYTES].decode("utf-8", errors="replace")
    cut = "..." if len(response.content) > SAID_BYTES else ""
    return " ".join(text.split()) + cut


def place_now() -> str:
    """The line of the screens' own code that is being run."""
    return _place(traceback.StackSummary.extract(traceback.walk_stack(sys._getframe())))


def place_of(error: BaseException) -> str:
    """The line of the screens' own code at which an error came up."""
    return _place(reversed(traceback.extract_tb(error.__traceback__)))


def place_of_arm(load: Callable[..., Any]) -> str:
    """Where the function of an arm stands."""
    code = getattr(inspect.unwrap(load), "__code__", None)  # a builtin has none
    return f"{_named(code.co_filename)}, line {code.co_firstlineno}" if code else ""


def _place(frames: Iterable[traceback.FrameSummary]) -> str:
    """The first frame that is neither a library's nor this program's, of the innermost first."""
    for frame in frames:
        if _is_own(Path(frame.filename)):
            code = f": {frame.line}" if frame.line else ""
            return f"{_named(frame.filename)}, line {frame.lineno}{code}"
    return ""


def _named(file: str) -> str:
    """A file as results may name it: from the working folder, or by its name alone."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else path.name


def _is_own(file: Path) -> bool:
    if any(file.is_relative_to(folder) for folder in _SCREENS):
        return True
    others = (_OURS, *_LIBRARIES)
    return file.exists() and not any(file.is_relative_to(folder) for folder in others)
