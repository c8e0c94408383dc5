"""What was measured of memory, as a part of docs/load.md."""

from typing import Any

from client_examples.comparison.report import numbers
from client_examples.comparison.report.markdown import table, wrapped
from client_examples.comparison.report.readme import measured_with

_MIB = 2**20
_ROWS = 11  # of the readings, the first and the last among them


def memory_block(found: dict[str, Any]) -> str:
    """Some of the readings, and the verdicts."""
    servers: dict[str, Any] = found["servers"]
    header = ["requests", *(f"{name}, MiB" for name in servers)]
    every = zip(*(server["readings"] for server in servers.values()), strict=True)
    rows = [
        [numbers.whole(one[0]["requests"]), *(f"{each['bytes'] / _MIB:.1f}" for each in one)]
        for one in every
    ]
    step = max(1, (len(rows) - 1) // (_ROWS - 1))
    verdicts = [
        f"- **{name}**: the second half adds {_mib(server['verdict'], 'added')} MiB (95%: "
        f"{_mib(server['verdict'], 'added_low')} to {_mib(server['verdict'], 'added_high')}) to "
        f"{_mib(server['verdict'], 'middle')} MiB, by the line through its readings; the bound is "
        f"{_mib(server['verdict'], 'bound')} MiB. "
        f"{'It grows.' if server['verdict']['grows'] else 'It is flat.'}"
        for name, server in servers.items()
    ]
    where = wrapped(f"Measured with {measured_with(found['environment'])}.")
    return "\n\n".join(
        [where, table(header, rows[::step], left=0), "\n".join(map(wrapped, verdicts))]
    )


def _mib(verdict: dict[str, Any], name: str) -> str:
    return f"{verdict[name] / _MIB:.2f}"
