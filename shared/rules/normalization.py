"""Normalizes text to Unicode's NFC (UAX #15), so that what looks the same is equal."""

import re
import unicodedata
from itertools import groupby
from typing import Final

# White space, control characters, and what Unicode says to show nothing for (`Default_Ignorable`),
# as classes of regular expressions. The first means the same in Python and in JSON Schema; of the
# second, JSON Schema's validators may see halves of characters.
UNSEEN: Final = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_UNSEEN_FURTHER: Final = r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
SEEN: Final = re.compile(f"[^{UNSEEN}{_UNSEEN_FURTHER}]")
# The most characters that NFC can combine into one, such as a letter with three marks.
MOST_COMPOSED: Final = 4
_SHORT: Final = 500  # characters, of which no order of marks takes a millisecond


def nfc(text: str) -> str:
    """The text with letters and their marks composed where there is such a character."""
    if text.isascii():
        return text
    if len(text) > _SHORT:
        text = _in_order(text)
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """The text as searches compare it: case folded, then NFC, as folding can split characters."""
    return nfc(text.casefold())


def _in_order(text: str) -> str:
    """The text with marks in the order that NFC has them in.

    `normalize` sorts them by insertion, which takes 840 ms for 20,000 marks of one letter in an
    unfavourable order.
    """
    if not any(map(unicodedata.combining, text)):
        return text
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if are_marks else run)
        for are_marks, run in groupby(decomposed, _is_mark)
    )


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0
