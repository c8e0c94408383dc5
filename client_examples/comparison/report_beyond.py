"""The terminal's tables of what lies beyond one machine: links, failures, and client code."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from client_examples.comparison import numbers
from client_examples.comparison.cells import link_cells, links_of, other_cells
from client_examples.comparison.document import Document, ResilienceResult
from client_examples.comparison.failing import policies, resilience_rows
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


def resilience_tables(document: Document) -> Iterator[Table]:
    """A table per situation: a row per arm, and what each policy made of it."""
    rows = resilience_rows(document)
    for situation in dict.fromkeys(row.situation for row in rows):
        table = table_of(Text(f"While exchanges failed: {situation}", "bold"))
        for heading in ("screen", "arm"):
            table.add_column(heading, no_wrap=True)
        for policy in policies(document):
            table.add_column(f"{policy}:\nloaded", justify="right")
            table.add_column("exchanges", justify="right", no_wrap=True)
        for row in rows:
            if row.situation == situation:
                fared = [_fared(row.results.get(policy)) for policy in policies(document)]
                table.add_row(row.screen, row.arm, *(cell for cells in fared for cell in cells))
        yield table


def _fared(one: ResilienceResult | None) -> list[str]:
    return ["", ""] if one is None else [f"{one.loaded} of {one.loads}", f"{one.exchanges:,}"]
