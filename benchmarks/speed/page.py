"""What was measured of speed, as parts of the README and of docs/speed.md."""

from collections.abc import Iterable
from typing import Any

from benchmarks.speed.tables import (
    Table,
    free_tables,
    rate_tables,
    ratio_tables,
    tail_tables,
)
from client_examples.comparison.report import numbers
from client_examples.comparison.report.markdown import table, wrapped

MOST_DOUBTS = 3


def speed_block(speed: dict[str, Any]) -> str:
    """The ratios, how they were measured, and the doubts: for the README."""
    return "\n\n".join([*_shown(ratio_tables(speed)), *map(wrapped, _how(speed))])


def rates_block(speed: dict[str, Any]) -> str:
    """The requests per second that the ratios come from, their tails, and every doubt."""
    shown = [*rate_tables(speed), *tail_tables(speed), *free_tables(speed)]
    doubts = "\n".join(wrapped(f"- {doubt}") for doubt in speed["doubts"])
    return "\n\n".join([*_shown(shown), *([doubts] if doubts else [])])


def _shown(tables: Iterable[Table]) -> list[str]:
    return [table(each.header, each.rows, left=1) for each in tables]


def _how(speed: dict[str, Any]) -> list[str]:
    settings, environment = speed["settings"], speed["environment"]
    node = f", Node {environment['node']}" if environment["node"] else ""
    how = (
        f"Medians of {settings['rounds']} turns of {settings['seconds']:g} s each over "
        f"{settings['connections']} connections, ratios within a round; Python "
        f"{environment['python']}{node} on {environment['system']}, "
        f"{numbers.counted(environment['cores'], 'core')}, revision {environment['revision']}."
    )
    said = [how]
    if speed["left_out"]:
        said.append(f"Left out, since Node was missing: {', '.join(speed['left_out'])}.")
    if speed["doubts"]:
        first, more = speed["doubts"][:MOST_DOUBTS], len(speed["doubts"]) - MOST_DOUBTS
        others = f"; and {numbers.counted(more, 'doubt')} more in docs/speed.md" if more > 0 else ""
        said.append(f"Doubts: {'; '.join(first)}{others}.")
    return said
