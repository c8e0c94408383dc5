"""The blocks of the README and of docs/ that show results, as Markdown."""

import io
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from client_examples.comparison.analysis.conditions import conditions
from client_examples.comparison.analysis.decisions import Decided, decided, spans
from client_examples.comparison.analysis.ranking import break_evens, timed
from client_examples.comparison.analysis.standings import columns
from client_examples.comparison.report import numbers
from client_examples.comparison.report.contents import contents
from client_examples.comparison.report.footnotes import of_the_run
from client_examples.comparison.report.markdown import block_parts, table, wrapped
from client_examples.comparison.report.sections import answer, caching, screens, summary
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.report.sections.section import (
    Block,
    Items,
    Matrix,
    Paragraph,
)
from client_examples.comparison.report.sections.servers import load_test
from client_examples.comparison.report.terminal import print_legend, print_section
from client_examples.comparison.results.document import Document, ScreenResult

COLUMNS = 80  # of the terminal that the README shows


def answer_block(document: Document, picture: str) -> str:
    """The answer as Markdown: its sentences, the picture, opportunities, limits.

    Raises:
        ValueError: nothing was timed, so there is no answer.
    """
    section = answer.section(document)
    if section is None:
        raise ValueError("no screen was timed: there is no answer")
    parts = []
    for block in section.blocks:
        if isinstance(block, Matrix):
            parts += [_pictured(block, picture), *_parts([Paragraph(block.legend)])]
        else:
            parts += _parts([_at_first_look(block)])
    return "\n\n".join(parts)


def _pictured(matrix: Matrix, picture: str) -> str:
    """The picture of the matrix, and the same as a table for those who cannot see it."""
    (shown, *_) = block_parts(matrix)
    alternative = "Which API is ahead on which screen, by round-trip time; the table below says it"
    return "\n\n".join(
        [f"![{alternative}]({picture})", "<details><summary>As a table</summary>", shown,
         "</details>"]
    )  # fmt: skip


def terminal_block(document: Document, name: str) -> str:
    """What a terminal of 80 columns shows of a screen.

    Raises:
        ValueError: the document has no such screen.
    """
    section = next((one for one in contents(document) if one.id == f"screen-{name}"), None)
    if section is None:
        raise ValueError(f"the results have no screen {name!r}")
    drawn = io.StringIO()
    console = Console(file=drawn, width=COLUMNS, color_system=None)
    print_section(console, section)
    print_legend(console, [section])
    lines = drawn.getvalue().strip().splitlines()
    return "\n".join(["```text", *map(str.rstrip, lines), "```"])


def comparison_block(screen: ScreenResult, picture: str | None) -> str:
    """One screen's table with its finding, and the picture where there is one."""
    parts = _parts(screens.section(screen).blocks)
    if picture is not None:
        alternative = f"{screen.name}: time of the screen by round-trip time, a line per arm"
        parts.append(f"![{alternative}]({picture})")
    return "\n\n".join(parts)


def findings_block(document: Document) -> str:
    """Which API is ahead where, which arm to take, and each screen's finding."""
    found = decided(document)
    leads = summary.leads(found) if found.by_screen else []
    parts = [
        wrapped(_where(document)),
        *_parts(leads),
        *_ties_of_the_styles(document),
        "Screen by screen:",
        "\n".join(_bullet(screen) for screen in document.screens if timed(screen)),
        wrapped(summary.DECISIONS),
        _decision_table(found),
        *_visits(document),
        wrapped(summary.model(document)),
        "\n".join(wrapped(f"- {caveat.text}") for caveat in of_the_run(document)),
    ]
    return "\n\n".join(parts)


def _ties_of_the_styles(document: Document) -> list[str]:
    """Where the answer says "tie" and the tables do not; nothing where they agree."""
    each = [
        f"{numbers.listed([one.screen for one in standings])} at {column.condition.name}"
        for column in columns(document, conditions(document))
        if (standings := [one for one in column.standings if one.is_by_servers])
    ]
    if not each:
        return []
    said = (
        "These tables go by the times alone. The answer counts some of the leads as ties of the "
        f"styles: {'; '.join(each)}. There the arms differ by no more than the constant answers "
        "(/ping) of the two servers do."
    )
    return [wrapped(said)]


def ways_block(document: Document) -> str:
    """Typical APIs beside each other, and the arms behind the answer with their times."""
    return "\n\n".join(_parts(summary.ways(document)))


def load_block(document: Document) -> str:
    """The highest rates, what was found, and what a reader must bear in mind."""
    section = load_test.section(document)
    assert section is not None
    assert document.settings.load is not None
    shown, *_ = _parts(section.blocks)
    parts = [
        wrapped(f"Measured on {document.began[:10]} with {measured_with(document.environment)}."),
        shown,
        "\n".join(wrapped(f"- **{one.name}**: {load_test.finding(one)}") for one in document.load),
        wrapped(load_test.about(document.settings.load)),
        "\n".join(wrapped(f"- {caveat}") for caveat in load_test.caveats(document)),
    ]
    return "\n\n".join(parts)


def measured_with(environment: dict[str, Any]) -> str:
    """The environment of a run in a line: Python, the system, the revision."""
    processors = numbers.counted(environment["processors"] or 1, "processor")
    packages = environment.get("packages", {})
    locust = f", Locust {packages['locust']}" if "locust" in packages else ""
    revision = f", revision {environment['revision']}" if environment["revision"] else ""
    return f"{environment['python']}{locust} on {environment['system']}, {processors}{revision}"


def _at_first_look(block: Block) -> Block:
    """A list without those of its items that are for a second look."""
    return block._replace(items=block.items[: block.shown]) if isinstance(block, Items) else block


def _parts(blocks: Iterable[Block]) -> list[str]:
    """The blocks as Markdown, in lines of the documents' width."""
    parts = [part for block in blocks for part in block_parts(block)]
    return [part if part.startswith("|") else _in_lines(part) for part in parts]


def _in_lines(part: str) -> str:
    """A paragraph, or a list of items that stand on a line each."""
    return "\n".join(map(wrapped, part.splitlines())) if part.startswith("- ") else wrapped(part)


def _decision_table(found: Decided) -> str:
    """A row for each span of RTTs with the same arms."""
    rows = []
    for name, each in found.by_screen.items():
        first, *others = spans(each)
        for span in (first, *others):
            arms = ", ".join(
                f"`{arm}` {' · '.join(map(numbers.milliseconds, times))}"
                for arm, times in span.times.items()
            )
            rows.append(["" if span is not first else name, span.named(found.rtts), arms])
    return table(["screen", "RTT", "arm, ms at each RTT"], rows)


def _visits(document: Document) -> list[str]:
    """Later visits of a client with a cache; empty where they were not measured."""
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
