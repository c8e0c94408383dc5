"""The blocks of the README that show results, as Markdown."""

import statistics
import textwrap
from pathlib import Path
from typing import Any

from client_examples.comparison import caching_cells, numbers, words
from client_examples.comparison.contenders import break_evens, timed
from client_examples.comparison.decisions import decisions_by_screen, rtt_names, spans
from client_examples.comparison.document import Document, ScreenResult
from client_examples.comparison.findings import finding
from client_examples.comparison.footnotes import of_the_run
from client_examples.comparison.report_markdown import (
    leads_table,
    leads_without_fields,
    screen_part,
    table,
)


def comparison_block(screen: ScreenResult, picture: Path | None) -> str:
    """One screen's table with its finding, and the picture where there is one."""
    first, said, *others = screen_part(screen)
    parts = [first, _wrapped(said), *others]
    if picture is not None:
        alternative = f"{screen.name}: time of the screen by round-trip time, a line per arm"
        parts.append(f"![{alternative}]({picture.as_posix()})")
    return "\n\n".join(parts)


def findings_block(document: Document) -> str:
    """Which API is ahead where, which arm to take, and each screen's finding."""
    parts = [
        _wrapped(_where(document)),
        _wrapped(words.LEADS),
        leads_table(document),
        *leads_without_fields(document),
        "Screen by screen:",
        "\n".join(_bullet(screen) for screen in document.screens if timed(screen)),
        _wrapped(words.DECISIONS),
        _decision_table(document),
        *_visits(document),
        _wrapped(words.model(document)),
        "\n".join(_wrapped(f"- {doubt.text}") for doubt in of_the_run(document)),
    ]
    return "\n\n".join(parts)


def speed_block(speed: dict[str, Any]) -> str:
    """The ratios of the speed benchmark, and the rates that they come from."""
    settings, environment = speed["settings"], speed["environment"]
    ratios = [
        [
            row["name"],
            f"{row['median']:.2f}",
            f"{row['least']:.2f} to {row['greatest']:.2f}",
            numbers.NONE if row["target"] is None else f"{row['target']:g}",
        ]
        for row in speed["ratios"]
    ]
    rates = [[name, f"{statistics.median(values):,.0f}"] for name, values in speed["rates"].items()]
    how = (
        f"Medians of {settings['rounds']} turns of {settings['seconds']:g} s each over "
        f"{settings['connections']} connections; Python {environment['python']} on "
        f"{environment['system']}, {numbers.counted(environment['cores'], 'core')}, revision "
        f"{environment['revision']}."
    )
    parts = [
        table(["ratio", "median", "least to greatest", "target"], ratios, left=1),
        table(["workload", "requests per second"], rates, left=1),
        _wrapped(how),
    ]
    return "\n\n".join(parts)


def _decision_table(document: Document) -> str:
    """A row for each span of RTTs with the same arms."""
    rtts, rows = rtt_names(document), []
    for name, each in decisions_by_screen(document).items():
        first, *others = spans(each)
        for span in (first, *others):
            arms = ", ".join(
                f"`{arm}` {' · '.join(map(numbers.milliseconds, times))}"
                for arm, times in span.times.items()
            )
            rows.append(["" if span is not first else name, span.named(rtts), arms])
    return table(["screen", "RTT", "arm, ms at each RTT"], rows)


def _visits(document: Document) -> list[str]:
    """What a client with a cache takes when it comes again; nothing where it was not measured."""
    visited = caching_cells.visited(document)
    if not visited:
        return []
    each = (f"- **{one.name}**. {caching_cells.caching_finding(one)}" for one in visited)
    said = f"{caching_cells.TITLE}. {caching_cells.ABOUT}"
    return [_wrapped(said), "\n".join(map(_wrapped, each))]


def _where(document: Document) -> str:
    environment, settings = document.environment, document.settings
    return (
        f"Measured on {document.began[:10]} with {environment['python']} on "
        f"{environment['system']}, {numbers.counted(environment['processors'] or 1, 'processor')}: "
        f"{words.loads(document)} per arm, seed {settings.seed}, revision "
        f"{environment['revision']}."
    )


def _bullet(screen: ScreenResult) -> str:
    evens = "; ".join(map(words.break_even, break_evens(screen)))
    said = f" Break-even RTT: {evens}." if evens else ""
    return _wrapped(f"- **{screen.name}** ({screen.shows}). {finding(screen)}{said}")


def _wrapped(text: str) -> str:
    """A paragraph, or the item of a list, in lines as the README has them."""
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
