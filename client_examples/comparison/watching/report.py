"""The terminal's table and the Markdown of what was watched."""

from typing import TypeAlias

from rich.table import Table
from rich.text import Text

from client_examples.comparison.report.sections.live_updates import HEADINGS, watch_cells
from client_examples.comparison.results.live_updates import WatchArmResult, WatchResult
from client_examples.comparison.terminal import table_of

Cell: TypeAlias = str | int | float | None

_HEADINGS = {
    "requests": "re-\nquests",
    "bytes": "wire\nbytes",
    "median": "late ms\n(interval)",
    "p95": "p95\nms",
    "max": "max\nms",
    "rest": "by\nREST",
    "graphql": "by\nGraphQL",
    "idle": "per idle\nhour",
}


def watch_table(result: WatchResult) -> Table:
    """A row per arm, for 100 columns."""
    table = table_of(Text.assemble((result.name, "bold"), f": {result.shows}"))
    table.add_column("arm", no_wrap=True)
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for arm in result.arms:
        cells = watch_cells(arm)
        table.add_row(arm.name, *(cells[number] for number in _HEADINGS))
    return table


def watch_rows(result: WatchResult) -> list[list[str]]:
    """The header and a row per arm, as Markdown."""
    rows = [["arm", *HEADINGS.values()]]
    for arm in result.arms:
        cells = watch_cells(arm)
        rows.append([f"`{arm.name}`", *(cells[number] for number in HEADINGS)])
    return rows


def watch_csv(result: WatchResult, arm: WatchArmResult) -> dict[str, Cell]:
    """A row of the CSV file."""
    late, summary, orders = [change.seen_ns for change in arm.changes], arm.summary, arm.orders
    times: dict[str, float | None] = {
        "median": summary.median_ns if summary else None,
        "median_low": summary.median_low_ns if summary else None,
        "median_high": summary.median_high_ns if summary else None,
        "p95": summary.p95_ns if summary else None,
        "max": max(late, default=None),
    }
    totals = {
        name: sum(getattr(order, name) for order in orders)
        for name in ("requests", "sent_bytes", "received_bytes", "wire_bytes",
                     "server_timing_bytes")
    }  # fmt: skip
    return {
        "screen": result.name,
        "arm": arm.name,
        "samples": len(arm.changes),
        "code_lines": arm.code_lines,
        "watched_orders": len(orders),
        **{f"watched_{name} (of all orders)": total for name, total in totals.items()},
        **{f"late_{name}_ms": None if ns is None else ns / 1e6 for name, ns in times.items()},
        "idle_requests_per_hour": arm.idle_requests_per_hour,
    }
