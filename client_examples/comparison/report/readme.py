"""The blocks of the README that show results, as Markdown."""

from pathlib import Path

from client_examples.comparison.analysis.decisions import decisions_by_screen, rtt_names, spans
from client_examples.comparison.analysis.ranking import break_evens, timed
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import of_the_run
from client_examples.comparison.report.markdown import (
    leads_table,
    leads_without_fields,
    screen_part,
    table,
    wrapped,
)
from client_examples.comparison.report.sections import caching, summary
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.results.document import Document, ScreenResult


def comparison_block(screen: ScreenResult, picture: Path | None) -> str:
    """One screen's table with its finding, and the picture where there is one."""
    first, said, *others = screen_part(screen)
    parts = [first, wrapped(said), *others]
    if picture is not None:
        alternative = f"{screen.name}: time of the screen by round-trip time, a line per arm"
        parts.append(f"![{alternative}]({picture.as_posix()})")
    return "\n\n".join(parts)


def findings_block(document: Document) -> str:
    """Which API is ahead where, which arm to take, and each screen's finding."""
    parts = [
        wrapped(_where(document)),
        wrapped(summary.LEADS),
        leads_table(document),
        *leads_without_fields(document),
        "Screen by screen:",
        "\n".join(_bullet(screen) for screen in document.screens if timed(screen)),
        wrapped(summary.DECISIONS),
        _decision_table(document),
        *_visits(document),
        wrapped(summary.model(document)),
        "\n".join(wrapped(f"- {doubt.text}") for doubt in of_the_run(document)),
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
    visited = caching.visited(document)
    if not visited:
        return []
    each = (f"- **{one.name}**. {caching.caching_finding(one)}" for one in visited)
    said = f"{caching.TITLE}. {caching.ABOUT}"
    return [wrapped(said), "\n".join(map(wrapped, each))]


def _where(document: Document) -> str:
    environment, settings = document.environment, document.settings
    return (
        f"Measured on {document.began[:10]} with {environment['python']} on "
        f"{environment['system']}, {numbers.counted(environment['processors'] or 1, 'processor')}: "
        f"{summary.loads(document)} per arm, seed {settings.seed}, revision "
        f"{environment['revision']}."
    )


def _bullet(screen: ScreenResult) -> str:
    evens = "; ".join(map(summary.break_even, break_evens(screen)))
    said = f" Break-even RTT: {evens}." if evens else ""
    return wrapped(f"- **{screen.name}** ({screen.shows}). {finding(screen)}{said}")
