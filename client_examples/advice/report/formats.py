"""The advice in a terminal, as a page, as Markdown and as JSON."""

from collections.abc import Callable, Mapping

from rich.console import Console

from client_examples.advice.document import Advice, to_json
from client_examples.advice.report.sections import sections
from client_examples.comparison.network.connections import AT_ONCE

TITLE = "REST or GraphQL, for these recordings?"


def print_report(advice: Advice, console: Console, *, verbose: bool = False) -> None:
    """Print the views, and the answer at the end, where it stays in view."""
    from client_examples.comparison.report.terminal import print_section

    found = [one for one in sections(advice) if verbose or not one.detail]
    for section in sorted(found, key=lambda one: one.id == "answer"):
        print_section(console, section, verbose=verbose)


def page(advice: Advice) -> str:
    """A page that needs nothing but itself."""
    from client_examples.comparison.report.page.frame import drawn
    from client_examples.comparison.report.page.words import words

    return drawn(
        "advice.html",
        sections(advice),
        words(AT_ONCE),
        packages=["client_examples.advice.report"],
        title=TITLE,
        arms={},
        files=advice.files,
    )


def markdown(advice: Advice) -> str:
    """The same as Markdown."""
    from client_examples.comparison.report.markdown import section_parts

    parts = [f"# {TITLE}"]
    for section in sections(advice):
        parts += [f"## {section.title}", *section_parts(section)]
    return "\n\n".join(parts) + "\n"


FORMATS: Mapping[str, Callable[[Advice], str]] = {
    "json": to_json,
    "html": page,
    "markdown": markdown,
}
