"""A claim as docs/claims.md tells it: its verdict, who says so, why, a table, how to repeat it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["holds", "holds if", "does not hold here", "cannot be measured here"]


@dataclass(frozen=True)
class Verdict:
    """What was found of a claim.

    Attributes:
        kind: one of four.
        condition: what must be so, after "holds if"; "" for all other kinds.
        reason: what the results lack, of what "cannot be measured here"; "" for all other kinds.

    Raises:
        ValueError: a kind has none of what it needs, or has what it does not.
    """

    kind: Kind
    condition: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "holds if") != bool(self.condition):
            raise ValueError(f"{self.kind!r} with the condition {self.condition!r}")
        if (self.kind == "cannot be measured here") != bool(self.reason):
            raise ValueError(f"{self.kind!r} with the reason {self.reason!r}")

    def __str__(self) -> str:
        reason = f": {self.reason}" if self.reason else ""
        return f"**{self.kind}**{reason} {self.condition}".strip()


HOLDS = Verdict("holds")
DOES_NOT_HOLD = Verdict("does not hold here")


class NothingToJudge(ValueError):
    """The results have nothing of what a claim is judged by; says what they lack."""

    @property
    def verdict(self) -> Verdict:
        """The claim's, by these results."""
        return Verdict("cannot be measured here", reason=str(self))


def verdict_by(true: int, of: int, condition: str) -> Verdict:
    """Of a claim that is true of some cases: of all it holds, of none it does not.

    Args:
        true: of how many cases it is true.
        of: how many there are, at least one.
        condition: says of which it is true, where that is some of them.

    Raises:
        NothingToJudge: there is no case.
    """
    if of < 1:
        raise NothingToJudge("there is no case to judge the claim by")
    if true == of:
        return HOLDS
    return Verdict("holds if", condition) if true else DOES_NOT_HOLD


class Usual(NamedTuple):
    """The verdict for servers or arms as most have them, where ours are unusual."""

    arms: str
    verdict: Verdict


class Source(NamedTuple):
    """Who says so: the text of a link, its address, and what is said there."""

    name: str
    url: str
    says: str


class Table(NamedTuple):
    """Cells as text; the columns from `left` on hold numbers."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1


@dataclass(frozen=True)
class Claim:
    """A claim and what was measured of it.

    Attributes:
        number: its place on the page, from 1.
        words: the claim in its own words, without a full stop.
        verdict: computed from the results wherever a number decides it.
        usual: the same for what most have; None where ours is what most have.
        sources: those who say so, at least one.
        why: three sentences, which fill three lines or so.
        table: what the verdict is of.
        command: repeats the measurement; a line for each run.
        not_measured: what the verdict says nothing of, as a sentence.
    """

    number: int
    words: str
    verdict: Verdict
    usual: Usual | None
    sources: Sequence[Source]
    why: tuple[str, str, str]
    table: Table
    command: str
    not_measured: str

    @property
    def heading(self) -> str:
        """The heading of its part of the page."""
        return heading(self.number, self.words)


def heading(number: int, words: str) -> str:
    """The heading of a claim's part of the page."""
    return f"{number}. {words}"
