"""Claim 2: over-fetching wastes bandwidth, before and after compression."""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.claims.claim import (
    DOES_NOT_HOLD,
    HOLDS,
    Claim,
    NothingToJudge,
    Source,
    Table,
    Usual,
    Verdict,
)
from benchmarks.claims.compared.screens import TEXTBOOK, arm_of, arms_of, command, some
from client_examples.comparison.analysis.compression import unused
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

WORDS = "Over-fetching wastes bandwidth"
LEAST = 0.05  # of all bytes on the wire: as for a tie, less is no material difference
_HEADER = (
    "screen",
    "bodies, bytes",
    "not used",
    "as sent, bytes",
    "not used",
    "on the wire, both ways",
    "not used",
)
_SOURCE = Source(
    "Brito, Mombach and Valente, SANER 2019",
    "https://arxiv.org/abs/1906.07535",
    "seven clients that moved to GraphQL got 99% fewer bytes in the median",
)


class Received(NamedTuple):
    """Bytes that arms received, decoded and as sent, and of them those that they did not use.

    `wire` are those of all exchanges both ways, heads among them.
    """

    body: int
    unused: int
    sent: int
    unused_sent: int
    wire: int

    @property
    def wasted(self) -> float:
        """What was not used, as a share of all bytes on the wire."""
        return self.unused_sent / self.wire

    @property
    def wasted_plain(self) -> float:
        """The same, if nothing had been compressed."""
        return self.unused / (self.wire - self.sent + self.body)


def over_fetching(document: Document) -> Claim:
    """By what `rest/textbook` receives of all screens, and the least that a REST arm could."""
    best, usual = verdicts(document)
    found = _textbook(document)
    each = [(screen.name, _received([arm])) for screen, arm in _arms(document)]
    rows = [_row(f"`{name}`", known) for name, known in each if known]
    return Claim(
        2,
        WORDS,
        best,
        Usual(f"`{TEXTBOOK}`, as in the table", usual),
        [_SOURCE],
        _why(document, found),
        Table(_HEADER, [*rows, _row("all", found)]),
        command(document, "--verbose"),
        "pictures and other large members, of which this bookstore has none; what a byte costs on "
        "a mobile contract.",
    )


def verdicts(document: Document) -> tuple[Verdict, Verdict]:
    """With the least that REST can be made to send, and with whole resources.

    Raises:
        NothingToJudge: it is not known what compression makes of what is not used.
    """
    usual = judged(_textbook(document))
    each = [arms for screen in document.screens if (arms := arms_of(screen, "REST"))]
    least = [min(arms, key=_over_fetch) for arms in each]
    found = _received(least)
    best = judged(found) if found else usual
    if best != DOES_NOT_HOLD or usual == DOES_NOT_HOLD:
        return best, usual
    names = list(dict.fromkeys(arm.name for arm in least if arm.name != TEXTBOOK))
    condition = f"REST sends whole resources, which {some(names)} avoids"
    if usual.condition:
        condition += f", and {usual.condition}"
    return Verdict("holds if", condition), usual


def judged(found: Received) -> Verdict:
    """Whether what is not used is a material part of what goes over the wire."""
    if found.wasted >= LEAST:
        return HOLDS
    if found.wasted_plain >= LEAST:
        return Verdict("holds if", "answers are not compressed")
    return DOES_NOT_HOLD


def _arms(document: Document) -> list[tuple[ScreenResult, ArmResult]]:
    return [(screen, arm) for screen in document.screens if (arm := arm_of(screen, TEXTBOOK))]


def _textbook(document: Document) -> Received:
    found = _received([arm for _, arm in _arms(document)])
    if found is None:
        raise NothingToJudge(f"it is not known how much of {TEXTBOOK} is not used, as it is sent")
    return found


def _received(arms: Sequence[ArmResult]) -> Received | None:
    """Of all these arms together; None where that is not known of one."""
    known = [one for arm in arms if (one := unused(arm)) is not None]
    if not known or len(known) < len(arms):
        return None
    return Received(
        sum(one.body for one in known),
        sum(one.decoded for one in known),
        sum(one.sent for one in known),
        sum(one.encoded for one in known),
        sum(one.arm.counts.wire_bytes for one in known),
    )


def _over_fetch(arm: ArmResult) -> float:
    return arm.counts.over_fetch_bytes


def _row(name: str, found: Received) -> list[str]:
    return [
        name,
        numbers.whole(found.body),
        numbers.share(found.unused / found.body),
        numbers.whole(found.sent),
        numbers.share(found.unused_sent / found.sent),
        numbers.whole(found.wire),
        numbers.share(found.wasted),
    ]


def _why(document: Document, found: Received) -> tuple[str, str, str]:
    most = max(
        arm.counts.over_fetch for screen in document.screens for arm in arms_of(screen, "GraphQL")
    )
    shares = found.unused / found.body, found.unused_sent / found.sent
    before, sent = map(numbers.share, shares)
    bodies = (
        f"`{TEXTBOOK}` does not use {before} of the bodies' bytes before compression, {sent} as "
        "they are sent: what repeats is compressed, but small bodies are sent as they are."
    )
    wire = f"Heads of requests and answers counted, that is {numbers.share(found.wasted)}."
    selected = (
        "With GraphQL every value is used, as with `fields`."
        if most == 0
        else f"With GraphQL at most {numbers.share(most)} of the values are not used."
    )
    return bodies, wire, selected
