"""What was measured of fairness, as a part of docs/fairness.md."""

from typing import Any

from benchmarks.fairness.tables import tables
from client_examples.comparison.report.markdown import table, wrapped
from client_examples.comparison.report.readme import measured_with


def fairness_block(found: dict[str, Any]) -> str:
    """The tables, how they were measured, and the doubts."""
    settings, missed = found["settings"], sum(one["missed"] for one in found["beside"])
    where = "on one core" if settings["one_core"] else "with all cores free"
    said = (
        f"Measured with {measured_with(found['environment'])}. The servers ran {where}, the "
        f"clients on another; each attack took {settings['seconds']:g} s. All times are in ms. "
        f"{missed or 'None'} of {len(found['beside'])} longest waits missed what was to be "
        "reached."
    )
    parts = [wrapped(said)]
    for one in tables(found):
        parts += [f"### {one.title}", table(one.header, one.rows, left=1)]
    doubts = "\n".join(wrapped(f"- {doubt}") for doubt in found["doubts"])
    return "\n\n".join([*parts, *([doubts] if doubts else [])])
