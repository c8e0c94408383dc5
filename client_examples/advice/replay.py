"""Addresses and GraphQL operations of a recording, for files that `--write-screens` has written.

They are read when the screens are loaded, so that such a file has no value of the recording.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from client_examples.advice.recording.address import address
from client_examples.advice.recording.bodies import decoded
from client_examples.advice.recording.entry import Entry, checked
from client_examples.advice.recording.har_file import read_entries
from client_examples.advice.recording.selecting import sent_with


class Recorded:
    """A recording's entries by their numbers, from 1: `recorded[3]` is the path of the third.

    Args:
        file: the recording.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __getitem__(self, number: int) -> str:
        """The path of an entry, with its query."""
        return address(self._entry(number).request.url).target

    def path(self, number: int) -> str:
        """The path of an entry, without its query."""
        return self[number].partition("?")[0]

    def body(self, number: int) -> Any:
        """The decoded body of a request, or the parameters of GraphQL over GET."""
        entry = self._entry(number)
        sent = sent_with(entry, dict(address(entry.request.url).parameters))
        return sent.value

    def document(self, number: int) -> str:
        """The GraphQL document that was sent."""
        return str(self.body(number)["query"])

    def variables(self, number: int) -> dict[str, Any]:
        """The variables that were sent with it."""
        found = self.body(number).get("variables") or {}
        return dict(decoded(found.encode()) if isinstance(found, str) else found)

    @cached_property
    def _entries(self) -> dict[int, Entry]:
        """All of them, without the answers."""
        found = {}
        for number, raw in read_entries(self._file):
            raw.get("response", {}).pop("content", None)
            found[number] = checked(raw)
        return found

    def _entry(self, number: int) -> Entry:
        return self._entries[number]
