"""What was measured of speed, as a part of the README."""

from typing import Any

from benchmarks.speed.tables import rate_tables, ratio_tables
from client_examples.comparison import numbers
from client_examples.comparison.report_markdown import table, wrapped

MOST_DOUBTS = 3


def speed_block(speed: dict[str, Any]) -> str:
    """The ratios of the speed benchmark, the rates that they come from, and the doubts."""
    shown = [*ratio_tables(speed), *rate_tables(speed)]
    parts = [table(each.header, each.rows, left=1) for each in shown]
    return "\n\n".join([*parts, *map(wrapped, _how(speed))])


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
        others = f"; and {numbers.counted(more, 'doubt')} more in the file" if more > 0 else ""
        said.append(f"Doubts: {'; '.join(first)}{others}.")
    return said
