"""Loads while exchanges failed: the computed chance that they succeed, and measurements."""

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

    `exchanges` were sent in all, `in_vain` of them to a server that could not answer; the circuit
    breaker kept `refused` more from being sent. With a `pace_s`, a load began every `pace_s`
    seconds, whether or not those before had ended; else each began when the one before had ended.
    `longest_s` is the longest load, whether it succeeded or not. `recovery_s` is how long after the
    server's return a load first succeeded; None where it was never down, or no load succeeded.
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
