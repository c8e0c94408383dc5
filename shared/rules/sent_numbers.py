"""Numbers that a double cannot hold, kept with the text that was sent: errors repeat that."""

from math import isinf
from typing import Self


class SentNumber(float):
    """A number whose double does not hold what was sent, such as `1e400` (infinity)."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text

    def is_integer(self) -> bool:
        """Whether it is a whole number; one too close to 0 for a double is not."""
        return super().is_integer() and not is_lost(self)


def sent_number(text: str) -> float:
    """The number of this text, which is a number's."""
    number = float(text)
    return number if repr(number) == text else SentNumber(text)


def sent_integer(text: str) -> int | float:
    """The whole number of this text; a `SentNumber` where Python would not read so many digits."""
    try:
        return int(text)
    except ValueError:
        return SentNumber(text)


def is_lost(number: float) -> bool:
    """Whether its double is infinity or 0, though something else was sent."""
    if not isinstance(number, SentNumber):
        return False
    digits = number.text.lower().partition("e")[0]
    return isinf(number) or (float(number) == 0.0 and any(digit in "123456789" for digit in digits))
