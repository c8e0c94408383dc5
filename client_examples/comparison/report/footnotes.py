"""The caveats of a screen as footnotes: a mark beside each number that one concerns."""

from collections.abc import Iterable
from dataclasses import dataclass

from client_examples.comparison.analysis.caveats import NOISY, is_noisy
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.judging.caveats import Caveat

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Note:
    """A caveat's text, and the mark that stands beside the numbers; "" if it concerns all."""

    mark: str
    text: str


class Footnotes:
    """The caveats of one screen; equal texts share a mark.

    Args:
        screen: what the caveats are about.
        shown: the numbers that have a column; caveats of other numbers are left out.
        by_text: marks by their caveats' texts, shared by all screens; this screen's are added.
    """

    def __init__(
        self, screen: ScreenResult, shown: Iterable[str], by_text: dict[str, str] | None = None
    ) -> None:
        self.notes: list[Note] = []
        self._marks: dict[tuple[str, str], list[str]] = {}
        by_text = {} if by_text is None else by_text
        noisy = {arm.name for arm in screen.arms if is_noisy(arm)}
        for caveat in screen.doubts:
            arm = caveat.about.removeprefix(screen.name).removeprefix("/")
            if caveat.number and caveat.number not in shown:
                continue
            if not arm and not caveat.number:
                self.notes.append(Note("", caveat.text))
                continue
            # One sentence for all of them, instead of one for each percentage.
            text = NOISY if caveat.number == "median" and arm in noisy else caveat.text
            note = Note(by_text.setdefault(text, _mark(len(by_text) + 1)), text)
            self.notes += [] if note in self.notes else [note]
            self._marks.setdefault((arm, caveat.number), []).append(note.mark)

    def marks(self, arm: str, number: str) -> str:
        """The marks beside a number of an arm; beside the arm's name if the number is "".

        The arm "" stands for a column's heading.
        """
        return "˒".join(dict.fromkeys(self._marks.get((arm, number), [])))


def _mark(number: int) -> str:
    return str(number).translate(_RAISED)


def of_the_run(document: Document) -> list[Caveat]:
    """The caveats that concern the whole run, each once."""
    return list(dict.fromkeys(one for one in document.doubts if one.about == "run"))
