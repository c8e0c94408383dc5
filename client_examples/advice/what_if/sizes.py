"""Bytes of an answer that stands for several: each object once at least, all of them at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from client_examples.advice.recording.answers import Answer
from client_examples.advice.recording.call import Call


@dataclass(frozen=True)
class AnswerSizes:
    """What is known of the answers' bodies.

    Attributes:
        answers: by the calls' keys.
        is_used_known: whether the paths that the screen uses are given.
    """

    answers: Mapping[tuple[int, int], Answer]
    is_used_known: bool

    def selected(self, calls: Sequence[Call]) -> tuple[int, int]:
        """Bytes of the body of one answer with what is needed of these, at least and at most."""
        received = sum(call.sizes.received_body for call in calls)
        found = [self.answers[call.key] for call in calls]
        delivered = sum(one.delivered_bytes for one in found)
        if not delivered or not all(one.is_read for one in found):
            return (0 if received else received), received
        once: dict[int, tuple[int, int]] = {}
        for one in found:
            once.update(one.objects.once())
        if self.is_used_known:
            exact = round(received * sum(needed for _, needed in once.values()) / delivered)
            return exact, exact
        return round(received * sum(size for size, _ in once.values()) / delivered), received
