"""What the tables of the terminal have in common."""

from rich import box
from rich.table import Table
from rich.text import Text


def table_of(title: Text | str) -> Table:
    """A table without columns, as all of the report are."""
    return Table(
        title=title,
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )
