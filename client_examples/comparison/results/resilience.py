"""Loads while exchanges failed: the chance, computed, and what was measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FailureChance:
    """The chance that the whole screen loads when each exchange fails at a rate; computed."""

    rate: float
    loads: float
    loads_with_retries: float


@dataclass(frozen=True)
class ResilienceResult:
    """Loads while exchanges failed: how many of them succeeded, and what they took.

    `exchanges` are all that were sent, of which `in_vain` went to a server that could not answer;
    a breaker has refused to send `refused` more. With a `pace_s`, a load began every so many
    seconds, whatever became of those before; else each began when the one before had ended.
    `longest_s` is the longest load, whether it succeeded or not. `recovery_s` is how long after the
    server's return a load first succeeded; None where it was never down, or none did.
    """

    situation: str
    policy: str
    loads: int
    loaded: int
    exchanges: int
    seconds: float
    in_vain: int = 0
    refused: int = 0
    pace_s: float | None = None
    longest_s: float | None = None
    recovery_s: float | None = None
