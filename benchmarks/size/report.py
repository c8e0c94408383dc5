"""Prints what was measured at each size."""

from rich.console import Console

from benchmarks.size.figures import Document, groups, typical
from client_examples.comparison.report.terminal_table import table_of


def print_report(measured: Document, console: Console) -> None:
    """A row for each group of requests; below it, what was missed."""
    sizes = measured["settings"]["sizes"]
    table = table_of("Median of a request in ms by the number of books, typical of its group")
    table.add_column("requests", no_wrap=True)
    for name in ("kinds", *(f"{books:,}" for books in sizes), "ratio", "most", "missed"):
        table.add_column(name, justify="right", no_wrap=True)
    for (group, api), kinds in groups(measured).items():
        greatest = max(kind["ratio"][str(sizes[-1])] for kind in kinds)
        table.add_row(
            f"{api}: {group}",
            str(len(kinds)),
            *(f"{typical(kinds, 'median_us', books) / 1_000:.2f}" for books in sizes),
            f"{typical(kinds, 'ratio', sizes[-1]):.2f}",
            f"{greatest:.2f}",
            str(sum(kind["missed"] for kind in kinds)),
        )
    console.print(table)
    for books, making in measured["making"].items():
        own = making["memory_bytes"]
        memory = "" if own is None else f", {own / 2**20:,.0f} MiB of memory"
        size = making["database_bytes"]
        console.print(
            f"{int(books):,} books: made in {making['seconds']:.1f} s{memory}, "
            f"{size / 1e6:,.0f} MB, {size / int(books):,.0f} bytes a book"
        )
    for kind in sorted(measured["kinds"], key=lambda kind: -kind["ratio"][str(sizes[-1])]):
        if kind["missed"]:
            ratio = kind["ratio"][str(sizes[-1])]
            what = f"{kind['api']}: {kind['group']}: {kind['name']}"
            console.print(f"{ratio:.2f} (at most {kind['target']:g}) {what}", soft_wrap=True)
