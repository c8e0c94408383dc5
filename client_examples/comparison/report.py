"""A document as text for a terminal; every number in it is one of the document's."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from client_examples.comparison.document import ArmResult, Document, ScreenResult

WIDTH = 100  # columns, where the output is no terminal

_COLUMNS = ("requests", "rounds", "body bytes", "over-fetch", "statements", "median ms", "p95 ms")


def print_report(document: Document, console: Console) -> None:
    """Print a table and a sentence per screen, then what to bear in mind."""
    settings = document.settings
    _print(console, f"REST at {settings.rest_url}, GraphQL at {settings.graphql_url}.")
    _print(
        console,
        f"{settings.samples} loads per arm after {settings.warm_up} that are not counted, in "
        f"random order (seed {settings.seed}).",
    )
    for screen in document.screens:
        console.print()
        console.print(screen_table(screen))
        _print(console, finding(screen))
    console.print()
    _print(
        console,
        "Body bytes are those of the answers, decompressed. Over-fetch is the share of their "
        "values that the arm did not need. Rounds are steps that wait for each other, with at "
        f"most {settings.at_once} requests at once.",
        style="dim",
    )
    for caveat in document.caveats:
        _print(console, f"- {caveat}", style="dim")
    if not document.complete:
        _print(console, "This run did not end: the numbers are those it had.", style="bold red")


def screen_table(screen: ScreenResult) -> Table:
    """A row per arm."""
    title = Text.assemble((screen.name, "bold"), f": {screen.shows}")
    table = Table(
        title=title,
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )
    table.add_column("arm", no_wrap=True)
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for arm in screen.arms:
        table.add_row(arm.name, *_cells(arm))
    return table


def finding(screen: ScreenResult) -> str:
    """One sentence that says what the numbers of this run say, and no more."""
    timed = [(arm.summary.median_ms, arm) for arm in screen.arms if arm.summary is not None]
    apis = {"REST": "rest/", "GraphQL": "graphql/"}
    sides = {
        api: [pair for pair in timed if pair[1].name.startswith(prefix)]
        for api, prefix in apis.items()
    }
    lowest = [
        f"{api} {_described(min(pairs, key=lambda pair: pair[0]))}"
        for api, pairs in sides.items()
        if pairs
    ]
    if not lowest:
        return "Not timed."
    highest = _described(max(timed, key=lambda pair: pair[0]))
    return f"Lowest median: {', '.join(lowest)}; highest of all: {highest}."


def milliseconds(value: float) -> str:
    """A time with three significant digits, or to the millisecond from 100 on."""
    return f"{value:.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text), style=style)


def _cells(arm: ArmResult) -> list[str]:
    counts, summary = arm.counts, arm.summary
    return [
        f"{counts.requests}",
        f"{counts.rounds}",
        f"{counts.body_bytes:,}",
        f"{counts.over_fetch:.0%}",
        "-" if counts.statements is None else f"{counts.statements}",
        "-" if summary is None else milliseconds(summary.median_ms),
        "-" if summary is None or summary.p95_ms is None else milliseconds(summary.p95_ms),
    ]


def _described(timed: tuple[float, ArmResult]) -> str:
    median_ms, arm = timed
    requests = f"{arm.counts.requests} request{'' if arm.counts.requests == 1 else 's'}"
    return f"{milliseconds(median_ms)} ms ({arm.name}, {requests})"
