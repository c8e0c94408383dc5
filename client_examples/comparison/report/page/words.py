"""Words of the report that a reader may not know, explained by a tap where they stand."""

import re
from functools import cache
from html import escape
from typing import NamedTuple

from client_examples.comparison.report.sections.summary import WORDS


class Word(NamedTuple):
    """A word, the pattern of how it stands in a text, and what it means."""

    id: str
    name: str
    pattern: str
    meaning: str


# The patterns of words whose forms are more than their name and a plural.
_PATTERNS = {
    "interval": r"95% intervals?|intervals?|median ms",
    "step": r"sequential steps?|steps?",
}
_BESIDES = (
    (
        "round trip",
        r"round[ -]trip times?(?: \(RTT\))?|round trips?|RTTs?",
        "from a client to a server and back; its time grows with the distance between them",
    ),
    ("loopback", "loopback", "client and servers on one machine: no distance, as it was measured"),
    (
        "tie",
        "ties?|tied",
        (
            "no material difference: two arms tie unless the whole 95% interval of their ratio "
            "is more than 5% away from 1"
        ),
    ),
    (
        "SQL statements",
        "SQL statements?",
        "how many statements the server sent to its database for one load of the screen",
    ),
    ("p95", r"p95(?: ms)?", "95 of 100 loads took at most this long"),
    ("p99", r"p99(?: ms)?", "99 of 100 loads took at most this long"),
)


@cache
def words(at_once: int) -> tuple[Word, ...]:
    """All words; the longer ones first, since some are a part of others."""
    told = [
        (name, _PATTERNS.get(name, f"{re.escape(name)}s?"), meaning.format(at_once=at_once))
        for name, meaning in WORDS
    ]
    found = [
        Word(f"word-{name.replace(' ', '-').lower()}", name, pattern, meaning)
        for name, pattern, meaning in (*told, *_BESIDES)
    ]
    return tuple(sorted(found, key=lambda word: len(word.name), reverse=True))


def heading(text: str, known: tuple[Word, ...]) -> str:
    """Markup of a column's heading; a heading with such a word is a button that explains it."""
    for word in known:
        if re.search(rf"\b(?:{word.pattern})(?!\w)", text):
            return _button(word, escape(text, quote=False))
    return escape(text, quote=False)


def explained(markup: str, known: tuple[Word, ...], seen: set[str]) -> str:
    """The markup with the first use of each word as a button; `seen` are the words used before."""
    each = "|".join(f"(?P<{word.id.replace('-', '_')}>{word.pattern})" for word in known)
    pattern = rf"<code>.*?</code>|<[^>]+>|(?<![\w/-])(?:{each})(?![\w/-])"
    by_group = {word.id.replace("-", "_"): word for word in known}

    def mark(found: re.Match[str]) -> str:
        word = by_group.get(found.lastgroup or "")
        if word is None or word.id in seen:
            return found[0]
        seen.add(word.id)
        return _button(word, found[0])

    return re.sub(pattern, mark, markup, flags=re.IGNORECASE)


def _button(word: Word, text: str) -> str:
    return f'<button type="button" class="word" popovertarget="{word.id}">{text}</button>'
