"""What compression does to over-fetching: what arms receive beyond what they use, as it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from client_examples.comparison.results.document import ArmResult, Document

HIDES = 0.5  # of the bytes beyond what was used: where no more than these are sent, it hides them
LEAST = 500  # bytes beyond what was used, below which nobody minds


@dataclass(frozen=True)
class Unused:
    """The bytes of bodies that an arm received beyond what it used: decoded, and as sent.

    `body` and `sent` are all that it received, in the same two ways.
    """

    arm: ArmResult
    body: int
    sent: int
    decoded: int
    encoded: int


@dataclass(frozen=True)
class SentPlain:
    """A small answer that is sent as it is, beside a larger one that is compressed."""

    screen: str
    plain: Unused
    compressed: Unused


def unused(arm: ArmResult) -> Unused | None:
    """What an arm received beyond what it used; None where that is not known."""
    counts = arm.counts
    if counts.used_encoded_bytes is None or counts.used_body_bytes is None:
        return None
    return Unused(
        arm,
        counts.body_bytes,
        counts.encoded_body_bytes,
        max(0, counts.body_bytes - counts.used_body_bytes),
        counts.encoded_body_bytes - counts.used_encoded_bytes,
    )


def hidden(document: Document) -> Iterator[tuple[str, Unused]]:
    """For each screen, the arm of which compression hides most over-fetching, if it does of one."""
    for screen in document.screens:
        found = [
            one
            for arm in screen.arms
            if (one := unused(arm)) is not None
            and _is_compressed(arm)
            and one.decoded >= LEAST
            and one.encoded <= HIDES * one.decoded
        ]
        if found:
            yield screen.name, max(found, key=lambda one: one.decoded - one.encoded)


def sent_plain(document: Document) -> Iterator[SentPlain]:
    """For each screen, the smallest answers that no server has compressed, if it has others."""
    for screen in document.screens:
        known = [one for arm in screen.arms if (one := unused(arm)) is not None and arm.exchanges]
        plain = [one for one in known if not _is_compressed(one.arm)]
        compressed = [one for one in known if _is_compressed(one.arm)]
        if plain and compressed:
            least = min(plain, key=lambda one: one.sent)
            nearest = min(compressed, key=lambda one: one.sent)
            if least.body < nearest.body:
                yield SentPlain(screen.name, least, nearest)


def _is_compressed(arm: ArmResult) -> bool:
    return any(one.coding not in ("", "identity") for one in arm.exchanges)
