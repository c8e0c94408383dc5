"""The terminal's tables of second visits."""

from rich.table import Table
from rich.text import Text

from client_examples.comparison.report.sections.caching import TITLE, caching_cells
from client_examples.comparison.results.document import ScreenResult
from client_examples.comparison.terminal import table_of

_HEADINGS = {
    "requests": "re-\nquests",
    "statuses": "sta-\ntuses",
    "bytes": "wire\nbytes",
    "median": "median ms\n(interval)",
    "ratio": "times uncached\n(interval)",
}


def visits_table(screen: ScreenResult) -> Table:
    """A row per phase and arm."""
    table = table_of(Text.assemble((f"{TITLE}: {screen.name}", "bold")))
    for heading in ("phase", "arm"):
        table.add_column(heading, no_wrap=True)
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    before = None
    for one in screen.caching:
        if before not in {None, one.phase}:
            table.add_section()
        cells = caching_cells(one)
        phase = "" if one.phase == before else one.phase
        table.add_row(phase, one.arm, *(cells[number] for number in _HEADINGS))
        before = one.phase
    return table
