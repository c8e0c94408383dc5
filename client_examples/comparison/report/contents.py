"""The report's table of contents: the sections of a document, made once for all formats."""

from collections.abc import Iterator
from dataclasses import replace

from client_examples.comparison.analysis.decisions import decided
from client_examples.comparison.report.sections import (
    answer,
    caching,
    compression,
    live_updates,
    screens,
    summary,
)
from client_examples.comparison.report.sections.beyond import (
    browser,
    network,
    protocols,
    resilience,
    shared_cache,
)
from client_examples.comparison.report.sections.regressions import budget, changes, failures
from client_examples.comparison.report.sections.section import Section, Table
from client_examples.comparison.report.sections.servers import cpu, load_test, static_cost
from client_examples.comparison.results.document import Document

INCOMPLETE = "This run did not end: the numbers are those it had."

_made: list[tuple[Document, list[Section]]] = []


def contents(document: Document) -> list[Section]:
    """All sections that have something to show.

    Those of the last document are kept, as several formats are made of one.
    """
    if not _made or _made[0][0] is not document:
        found = [one for one in _sections(document) if one is not None]
        # Of other APIs nobody expects the numbers that the bookstore's servers tell.
        if document.settings.is_own:
            found = [_known(one) for one in found]
        _made[:] = [(document, found)]
    return _made[0][1]


def _known(section: Section) -> Section:
    """The section without columns in which nothing is known."""
    blocks = [one.without_unknown() if isinstance(one, Table) else one for one in section.blocks]
    return replace(section, blocks=blocks)


def _sections(document: Document) -> Iterator[Section | None]:
    yield answer.section(document)
    yield failures.section(document)
    yield budget.section(document)
    yield changes.section(document)
    yield summary.section(document, decided(document))
    yield from screens.sections(document)
    yield from live_updates.sections(document)
    yield caching.section(document)
    yield shared_cache.section(document)
    yield compression.section(document)
    yield static_cost.section(document)
    yield load_test.section(document)
    yield protocols.section(document)
    yield browser.section(document)
    yield cpu.section(document)
    yield network.section(document)
    yield from resilience.sections(document)
    yield summary.caveats(document)
