"""How the numbers of a budget and of an earlier run are written."""

from client_examples.comparison.analysis.regressions.measures import TIME
from client_examples.comparison.report import numbers

HEADINGS = {
    "requests": "requests",
    "steps": "steps",
    "wire_bytes": "wire bytes",
    "statements": "SQL statements",
    TIME: "median ms",
}


def written(measure: str, value: float | None) -> str:
    """A number in its unit; a count that is a part of another may have a fraction."""
    if value is None:
        return numbers.NONE
    if measure == TIME:
        return numbers.milliseconds(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
