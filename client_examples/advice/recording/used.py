"""What a screen uses of its answers, from a file: `/orders/{id}: order_date, items.quantity`.

A line has the address of calls, in which `{...}` stands for any value, or the name of a GraphQL
operation (whose paths are those below `data`), then the paths that the screen uses; lists have no
part in a path. Lines that begin with `#` are comments.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, Union

from client_examples.advice.recording.address import segments_of
from client_examples.advice.recording.call import Call

Used: TypeAlias = Mapping[str, "Used"]
_Tree: TypeAlias = dict[str, Union["_Tree", Used]]
_METHOD = re.compile(r"^(GET|POST|PUT|PATCH|DELETE|QUERY|query|mutation)\s+")


class BadUsed(Exception):
    """A line is not as it must be; says which, and how it must be."""


class UsedPaths:
    """The lines of a file, and the calls that each is about."""

    def __init__(self, lines: Mapping[str, Used]) -> None:
        self._lines = lines

    def of(self, calls: Iterable[Call]) -> dict[tuple[int, int], Used]:
        """What is used of each call's answer, by its key; nothing where no line fits."""
        return {} if not self._lines else {call.key: self._of(call) for call in calls}

    def _of(self, call: Call) -> Used:
        if call.operations:
            names = [one.name for one in call.operations]
            found = [self._lines[name] for name in names if name in self._lines]
            return {"data": found[0]} if found else {}
        if call.procedures:  # by the method's name, or with the path before it
            found = [used for line, used in self._lines.items()
                     if line.rpartition(" ")[2] in call.procedures]  # fmt: skip
            return {"result": found[0]} if found else {}
        return next((used for line, used in self._lines.items() if _fits(line, call)), {})


def read_used(file: Path) -> UsedPaths:
    """The file's lines.

    Raises:
        BadUsed: a line is neither a comment nor `address: path, path`.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsed(f"{file} cannot be read as text") from error
    lines: dict[str, Used] = {}
    for number, line in _lines(text):
        head, colon, paths = line.rpartition(": ")
        if not colon:
            raise BadUsed(
                f"{file}, line {number}: must be like `/orders/{{id}}: order_date, items.quantity`"
            )
        lines[_METHOD.sub("", head.strip())] = _tree(re.split(r"[,\s]+", paths.strip()))
    return UsedPaths(lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def _tree(paths: Iterable[str]) -> Used:
    tree: _Tree = {}
    for path in filter(None, paths):
        place = tree
        for name in path.replace("[]", "").strip(".").split("."):
            place = place.setdefault(name, {})  # type: ignore[assignment]
    return tree


def _fits(line: str, call: Call) -> bool:
    wanted = segments_of(line.partition("?")[0])
    return len(wanted) == len(call.segments) and all(
        one.lstrip("(").startswith("{") or one == segment
        for one, segment in zip(wanted, call.segments, strict=True)
    )
