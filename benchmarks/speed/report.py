"""A run's figures in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable

from benchmarks.speed.tables import (
    Table,
    free_tables,
    missed,
    rate_tables,
    ratio_tables,
    tail_tables,
)

MOST_DOUBTS = 8


def report(document: Mapping[str, Any], console: Console) -> None:
    """Print the rates, the ratios with their targets, and what speaks against them."""
    settings = document["settings"]
    console.print(
        f"One core for the servers, one for wrk, {settings['connections']} connections; medians of "
        f"{settings['rounds']} turns of {settings['seconds']:g} s."
    )
    for table in (*rate_tables(document), *tail_tables(document), *free_tables(document)):
        console.print(_shown(table))
    console.print("Ratios within a round, their medians, and what they should reach.")
    for table in ratio_tables(document):
        console.print(_shown(table))
    if document["left_out"]:
        console.print(f"Left out, since Node is missing: {', '.join(document['left_out'])}.")
    for line in missed(document):
        console.print(f"missed: {line}")
    doubts = document["doubts"]
    for line in doubts[:MOST_DOUBTS]:
        console.print(f"doubt: {line}")
    if len(doubts) > MOST_DOUBTS:
        console.print(f"and {len(doubts) - MOST_DOUBTS} doubts more, of less weight")


def _shown(table: Table) -> RichTable:
    shown = RichTable(box=SIMPLE_HEAD)
    for number, name in enumerate(table.header):
        shown.add_column(name, justify="right" if number else "left", no_wrap=not number)
    for row in table.rows:
        shown.add_row(*row)
    return shown
