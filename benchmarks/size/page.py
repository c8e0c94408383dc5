"""What was measured at each size, as a part of docs/size.md."""

import textwrap
from collections.abc import Mapping
from typing import Any

from benchmarks.size.figures import Document, doubts, groups, typical
from client_examples.comparison.report import numbers
from client_examples.comparison.report.markdown import table

MOST_MISSED = 40  # rows; the results file has them all


def size_block(measured: Document, picture: str) -> str:
    """The tables and the picture, as Markdown; `picture` is where it lies beside the page."""
    parts = [
        _wrapped(_where(measured)),
        _groups(measured),
        f"![Time of a request by the number of books, a line for each group]({picture})",
        *_missed(measured),
        _making(measured),
        *(f"- {doubt}" for doubt in doubts(measured)),
    ]
    return "\n\n".join(parts)


def _where(measured: Document) -> str:
    environment, settings = measured["environment"], measured["settings"]
    processors = numbers.counted(environment["processors"] or 1, "processor")
    return (
        f"Measured on {measured['began'][:10]} with {environment['python']} on "
        f"{environment['system']}, {processors}: {settings['rounds']} requests of each kind at "
        f"each size, seed {settings['seed']}, revision {environment['revision']}. Times are "
        "typical of a group: the geometric mean of its kinds' medians, in ms."
    )


def _groups(measured: Document) -> str:
    sizes = measured["settings"]["sizes"]
    rows = []
    for (group, api), kinds in groups(measured).items():
        times = [typical(kinds, "median_us", books) / 1_000 for books in sizes]
        greatest = max(kind["ratio"][str(sizes[-1])] for kind in kinds)
        missed = sum(kind["missed"] for kind in kinds)
        rows.append([
            f"{group}, {_NAMES[api]}",
            str(len(kinds)),
            *map(numbers.milliseconds, times),
            f"{typical(kinds, 'ratio', sizes[-1]):.2f}",
            f"{greatest:.2f}",
            f"{kinds[0]['target']:g}",
            str(missed),
        ])  # fmt: skip
    header = ["requests", "kinds", *(f"{books:,}" for books in sizes)]
    return table([*header, "ratio", "greatest", "target", "missed"], rows, left=1)


_NAMES = {"rest": "REST", "graphql": "GraphQL"}


def _missed(measured: Document) -> list[str]:
    first, last = measured["settings"]["sizes"][0], measured["settings"]["sizes"][-1]
    found = [kind for kind in measured["kinds"] if kind["missed"]]
    if not found:
        return [f"No kind of request missed its target at {last:,} books."]
    found.sort(key=lambda kind: -kind["ratio"][str(last)])
    said = f"Of {len(measured['kinds'])} kinds, {len(found)} missed their target at {last:,} books"
    more = len(found) - MOST_MISSED
    said += f"; the {MOST_MISSED} greatest:" if more > 0 else ":"
    rows = [_row(kind, first, last) for kind in found[:MOST_MISSED]]
    header = ["request", "API", f"{first:,}", f"{last:,}", "ratio", "target"]
    return [said, table(header, rows, left=2)]


def _row(kind: Mapping[str, Any], first: int, last: int) -> list[str]:
    medians = [kind["median_us"][str(books)] / 1_000 for books in (first, last)]
    ratio = kind["ratio"][str(last)]
    return [
        f"{kind['group']}: {kind['name']}",
        _NAMES[kind["api"]],
        *map(numbers.milliseconds, medians),
        f"{ratio:,.2f}",
        f"{kind['target']:g}",
    ]


def _making(measured: Document) -> str:
    rows = []
    for books, made in measured["making"].items():
        own, size = made["memory_bytes"], made["database_bytes"]
        rows.append([
            f"{int(books):,}",
            f"{made['seconds']:.1f}",
            numbers.NONE if own is None else f"{own / 2**20:,.0f}",
            f"{size / 1e6:,.1f}",
            f"{size / int(books):,.0f}",
        ])  # fmt: skip
    header = ["books", "seconds to start", "memory, MiB", "database, MB", "bytes a book"]
    return table(header, rows, left=0)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)
