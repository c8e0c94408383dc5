"""What pages have in common: sections drawn one below the other, and words explained by a tap."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from client_examples.comparison.report import numbers, palette
from client_examples.comparison.report.page.words import Word, explained, heading
from client_examples.comparison.report.sections.section import Section

_PACKAGE = "client_examples.comparison.report.page"
ANSWER = "answer"  # the section that is not folded


def drawn(
    template: str,
    sections: Sequence[Section],
    known: tuple[Word, ...],
    *,
    packages: Iterable[str] = (),
    functions: Mapping[str, object] | None = None,
    **context: object,
) -> str:
    """A page's text.

    Args:
        template: its name; it extends `page.html`, and may fill in its blocks.
        sections: what to show; urgent ones and "answer" first and open, the others folded but for
            the first one that is of a screen.
        known: the words to explain.
        packages: where templates lie besides those of this package.
        functions: what the templates may call.
        context: what they show.
    """
    loaders = [PackageLoader(package) for package in (*packages, _PACKAGE)]
    templates = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["inline"] = _inline
    templates.filters["heading"] = lambda text: heading(text, known)
    templates.filters["explained"] = _explained(known)
    templates.globals.update(numbers=numbers, styles=palette.styles, **(functions or {}))
    text = templates.get_template(template).render(
        light=palette.css(dark=False),
        dark=palette.css(dark=True),
        urgent=[one for one in sections if one.urgent],
        answer=[one for one in sections if one.id == ANSWER],
        folded=[one for one in sections if one.id != ANSWER and not one.urgent],
        first=next((one.id for one in sections if one.shows), ""),
        words=known,
        **context,
    )
    return f"{text}\n"


def _explained(known: tuple[Word, ...]) -> Callable[[Context, str], str]:
    """A filter that explains each word once on the page, where it first stands."""
    seen: set[str] = set()

    @pass_context  # else Jinja applies it to the template's own texts before all others
    def explain(_: Context, markup: str) -> str:
        return explained(markup, known, seen)

    return explain


def _inline(text: str) -> str:
    """Markup of a text in which `code` and **bold** are marked as in Markdown."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked)
