"""The terminal's tables of static costs and of what lies beyond one machine.

That is links, failures, and client code.
"""

from collections.abc import Iterator

from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.resilience import WORDS, grouped, resilience_tables
from client_examples.comparison.report.sections.screens import link_cells, links_of, other_cells
from client_examples.comparison.report.sections.static_cost import (
    HEADINGS,
    TITLE,
    about_costs,
    cost_doubts,
    cost_rows,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.terminal import table_of


def beyond_table(document: Document) -> Table:
    """A row per arm: predicted and measured times over links, failures, lines of code."""
    rate = numbers.share(document.settings.failure_rate)
    table = table_of(Text("Beyond one machine", "bold"))
    for heading in ("screen", "arm"):
        table.add_column(heading, no_wrap=True)
    headings = [
        "RTT\nms", "predicted\nms", "measured\nms", "error", f"loads at\n{rate} fail",
        "with\nretries", "code\nlines",
    ]  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for screen in document.screens:
        name = screen.name
        for arm in screen.arms:
            for index, link in enumerate(links_of(arm)):
                about = [name, arm.name, *link_cells(link), *other_cells(arm)]
                table.add_row(*(about if index == 0 else ["", "", *link_cells(link)]))
                name = ""
        table.add_section()
    return table


def resilience_parts(document: Document) -> Iterator[Table | Text]:
    """A table per situation, and what its words mean; nothing where it was not asked for."""
    made = resilience_tables(document)
    for each in made:
        table = table_of(Text(each.title, "bold"))
        for number, heading in enumerate(each.headings):
            justify: JustifyMethod = "left" if number < 3 else "right"
            table.add_column(heading.replace(" ", "\n"), justify=justify, no_wrap=True)
        for row in grouped(each.rows):
            table.add_row(*row)
        yield table
    if made:
        yield Text(f"{WORDS}.", "dim")


def cost_parts(document: Document) -> Iterator[Table | Text]:
    """A table of the objects that arms deliver, and of the most, with what that means."""
    rows = cost_rows(document)
    if not rows:
        return
    table = table_of(Text(TITLE, "bold"))
    for number, heading in enumerate(HEADINGS):
        justify: JustifyMethod = "left" if number < 2 else "right"
        table.add_column(heading, justify=justify, no_wrap=heading != "arms")
    before = None
    for row in rows:
        is_first = row.screen != before
        if is_first and before is not None:
            table.add_section()
        table.add_row(row.screen if is_first else "", ", ".join(row.arms), *row.cells)
        before = row.screen
    yield table
    for text in (about_costs(document), *cost_doubts(document)):
        yield Text(text, "dim")
    yield Text("")
