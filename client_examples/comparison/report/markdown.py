"""Draws the report as Markdown, for a page, an issue or a README."""

import textwrap
from collections.abc import Iterator, Sequence

from client_examples.comparison.analysis.decisions import Decision
from client_examples.comparison.report import numbers
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Decisions,
    Items,
    Matrix,
    Notes,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.results.document import Document


def report_of(document: Document) -> str:
    """The whole report."""
    parts = ["# REST or GraphQL, for these screens?"]
    parts += [] if document.complete else [f"**{INCOMPLETE}**"]
    parts.append(run(document))
    for section in contents(document):
        parts += [f"## {section.title}", *section_parts(section)]
    return "\n\n".join(parts) + "\n"


def section_parts(section: Section) -> Iterator[str]:
    """What stands below a section's heading: tables, paragraphs and lists."""
    if section.shows:
        yield f"{section.shows[:1].upper()}{section.shows[1:]}."
    for block in section.blocks:
        yield from block_parts(block)


def block_parts(block: Block) -> Iterator[str]:
    """A block as Markdown; charts are left out."""
    match block:
        case Table():
            yield from [block.intro] if block.intro else []
            for part in block.parts(apart=False):
                kinds = [column.kind for column in part.columns.values()]
                header = [column.heading for column in part.columns.values()]
                rows = [
                    [_cell(row[name], column) for name, column in part.columns.items()]
                    for row in part.rows
                ]
                yield table(header, rows, left=sum(kind != "number" for kind in kinds))
            for group in block.groups:
                if group.finding:
                    yield f"{group.screen}: {group.finding}" if group.screen else group.finding
        case Paragraph(text):
            yield text
        case Notes(notes):
            yield "\n".join(" ".join(filter(None, ("-", one.mark, one.text))) for one in notes)
        case Matrix(headings, _, rows, legend):
            yield table(
                ["screen", *headings], [[name, *(c.text for c in row)] for name, row in rows]
            )
            yield legend
        case Items(title, items):
            yield f"{title}:"
            yield "\n".join(f"- {item}" for item in items)
        case Decisions(decided):
            found = decided.by_screen.items()
            rows = [[name, *map(_choices, decisions)] for name, decisions in found]
            yield table(["screen", *decided.rtts], rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int | None = None) -> str:
    """A table; the columns from `left` on hold numbers, which are aligned right."""
    first = len(header) if left is None else left
    lines = [header, ["---"] * first + ["---:"] * (len(header) - first), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
                     for line in lines)  # fmt: skip


def _cell(text: str, column: Column) -> str:
    names = text.split(", ") if column.kind == "arms" else [text]
    return ", ".join(f"`{name}`" for name in names) if column.kind.startswith("arm") else text


def _choices(decision: Decision) -> str:
    return "<br>".join(
        f"`{choice.arm}` {numbers.milliseconds(choice.ms)}" for choice in decision.choices
    )


def wrapped(text: str) -> str:
    """A paragraph, or the item of a list, in lines as the documents have them."""
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
