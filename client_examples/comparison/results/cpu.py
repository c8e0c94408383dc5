"""What a screen costs the servers' processors, and the client.

Times are milliseconds, memory is in bytes.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CpuTurn:
    """A while in which a screen was loaded by an arm, at the rate of the screen.

    `cpu_ms` is what all processes of the arm's server took in these `seconds`, of which `user_ms`
    and `system_ms` are parts; what they take at rest is not taken away yet. Loads that `failed`
    count among the `loads`, as the server had to do with them too.
    """

    seconds: float
    loads: int
    failed: int
    cpu_ms: float
    user_ms: float
    system_ms: float
    memory: int
    late_p99_ms: float


@dataclass(frozen=True)
class CpuArm:
    """What one load of a screen by an arm costs.

    `cpu_ms` is the median of the turns, less what the server takes at rest (`rest_ms` of a
    processor in a second), `low_ms` to `high_ms` its 95% interval; None where there was no turn.
    `samples_ms` are the same of each turn. `system_share` is the operating system's part.
    `memory` is what the server held after the arm's last turn. `decode_ms` and `build_ms` are the
    client's: to decode the answers and to make the view of them; None where the screen writes.
    """

    name: str
    description: str
    turns: list[CpuTurn]
    samples_ms: list[float]
    rest_ms: float
    cpu_ms: float | None
    low_ms: float | None
    high_ms: float | None
    system_share: float | None
    memory: int | None
    decode_ms: float | None
    build_ms: float | None


@dataclass(frozen=True)
class CpuScreen:
    """The arms of a screen at one rate (loads per second), half of what `slowest` keeps up with."""

    name: str
    rate: float
    slowest: str
    kept_rate: float
    arms: list[CpuArm]


@dataclass(frozen=True)
class CpuSettings:
    """How the cost is measured: by so many `turns` of `turn_s` seconds for each arm."""

    turns: int
    turn_s: float
    users: int


@dataclass(frozen=True)
class CpuResults:
    """What screens cost; `unseen` says in a line why that was not measured, "" where it was."""

    unseen: str = ""
    screens: list[CpuScreen] = field(default_factory=list)
