"""The terminal's tables of what lies beyond one machine: links, failures, and client code."""

from rich.table import Table
from rich.text import Text

from client_examples.comparison import numbers
from client_examples.comparison.cells import link_cells, other_cells
from client_examples.comparison.document import Document
from client_examples.comparison.terminal import table_of


def beyond_table(document: Document) -> Table:
    """A row per arm: predicted and measured times over links, failures, lines of code."""
    rate = numbers.share(document.settings.failure_rate)
    table = table_of(Text("Beyond one machine", "bold"))
    for heading in ("screen", "arm"):
        table.add_column(heading, no_wrap=True)
    headings = [
        "RTT\nms", "predicted\nms", "measured\nms", "error", f"loads if {rate}\nfail",
        "with\nretries", "lines\nof code",
    ]  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for screen in document.screens:
        name = screen.name
        for arm in screen.arms:
            for index, link in enumerate(arm.links or [None]):
                about = [name, arm.name, *link_cells(link), *other_cells(arm)]
                table.add_row(*(about if index == 0 else ["", "", *link_cells(link)]))
                name = ""
        table.add_section()
    return table


def resilience_table(document: Document) -> Table:
    """A row per arm, situation and policy."""
    table = table_of(Text("While exchanges failed", "bold"))
    for heading in ("screen", "arm", "situation", "policy"):
        table.add_column(heading)
    for heading in ("loads", "loaded", "exchanges", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for screen in document.screens:
        for arm in screen.arms:
            for one in arm.resilience:
                found = [one.loads, one.loaded, one.exchanges]
                table.add_row(
                    screen.name,
                    arm.name,
                    one.situation,
                    one.policy,
                    *map(numbers.whole, found),
                    f"{one.seconds:.2f}",
                )
    return table
