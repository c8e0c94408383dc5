"""The rules of single values, as annotations of pydantic fields.

Each checks before pydantic does, so that one wording ("must be between 1 and 100, got 500")
serves both APIs, and describes itself to JSON Schema by the schema that it wraps.
"""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from email_validator import EmailNotValidError, validate_email
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared import limits
from shared.rules.normalization import MOST_COMPOSED, SEEN, UNSEEN, folded, nfc
from shared.rules.sent_numbers import SentNumber, is_lost

_SHOWN = 60  # characters of a bad value that an error repeats
_FURTHER = (  # than offsets
    "; cursors lead further: after= in REST, booksConnection(after:) and such in GraphQL"
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,400}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?", re.ASCII)


def shown(value: object) -> str:
    """A bad value as error messages repeat it: short, and safe to print."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def printable(name: str) -> str:
    """A member's name as error messages repeat it: short, and safe to encode."""
    text = name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def fail(rule: str) -> NoReturn:
    """Refuse the value; `rule` says what would be right.

    Raises:
        PydanticCustomError: always. Braces are doubled away: pydantic formats the text.
    """
    raise PydanticCustomError("bookstore_rule", "{rule}", {"rule": rule})


class Rule:
    """A check that runs before the wrapped type's own."""

    def check(self, value: Any) -> Any:
        raise NotImplementedError

    def schema(self) -> CoreSchema:
        raise NotImplementedError

    def details(self) -> JsonSchemaValue:
        """What JSON Schema is told besides the type."""
        return {}

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, self.schema())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), **self.details()}


@dataclass(frozen=True)
class WholeNumber(Rule):
    """An integer from low to high; `5.0` is one. Only a query or a path gives it as text.

    Attributes:
        beyond: what an error says besides, where it is too high.
    """

    low: int
    high: int
    text: bool = False
    beyond: str = ""

    def check(self, value: Any) -> int:
        number = value
        as_text = self.text and isinstance(value, str) and _WHOLE.fullmatch(value)
        if as_text or (isinstance(value, float) and value.is_integer()):
            number = int(value)
        if isinstance(number, bool) or not isinstance(number, int):
            fail(f"must be a whole number between {self.low} and {self.high}, got {shown(value)}")
        if not self.low <= number <= self.high:
            more = self.beyond if number > self.high else ""
            sent = value if isinstance(value, SentNumber) else number
            fail(f"must be between {self.low} and {self.high}, got {shown(sent)}{more}")
        return number

    def schema(self) -> CoreSchema:
        return core_schema.int_schema(ge=self.low, le=self.high)


@dataclass(frozen=True)
class Money(Rule):
    """An amount from 0, with at most two decimals."""

    high: float = limits.MAX_PRICE
    text: bool = False

    def check(self, value: Any) -> float:
        number = value
        if self.text and isinstance(value, str) and _DECIMAL.fullmatch(value):
            number = float(value)
        if isinstance(number, bool) or not isinstance(number, int | float):
            fail(f"must be a number between 0 and {self.high:.0f}, got {shown(value)}")
        if not 0 <= number <= self.high or math.isnan(number):
            fail(f"must be between 0 and {self.high:.0f}, got {shown(number)}")
        if round(number, 2) != number or is_lost(number):
            fail(f"must have at most two decimals, got {shown(number)}")
        return abs(float(number))  # abs: -0.0 would be shown as "-0.0"

    def schema(self) -> CoreSchema:
        return core_schema.float_schema(ge=0, le=self.high)

    def details(self) -> JsonSchemaValue:
        # Not multipleOf: to a validator that divides doubles, 19.99 is no multiple of 0.01.
        return {"format": "money"}


@dataclass(frozen=True)
class Seconds(Rule):
    """A time span; only a query or a setting has one, so it comes as text too."""

    low: float = 0.01
    high: float = 3_600

    def check(self, value: Any) -> float:
        number = value
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            number = float(value)
        if isinstance(number, bool) or not isinstance(number, int | float):
            fail(f"must be seconds between {self.low:g} and {self.high:g}, got {shown(value)}")
        if not self.low <= number <= self.high:
            fail(f"must be between {self.low:g} and {self.high:g} seconds, got {shown(number)}")
        return float(number)

    def schema(self) -> CoreSchema:
        return core_schema.float_schema(ge=self.low, le=self.high)


@dataclass(frozen=True)
class Text(Rule):
    """Characters that can be stored and sent: no NUL, no lone surrogates; in Unicode's NFC.

    Attributes:
        low: the least number of characters, counted in NFC.
        high: the most.
        visible: whether one of them must be seen, as in whatever has a name.
    """

    low: int
    high: int
    visible: bool = False

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            fail(f"must be a string, got {shown(value)}")
        # What is far too long is not composed first.
        text = value if len(value) > MOST_COMPOSED * self.high else nfc(value)
        if not self.low <= len(text) <= self.high:
            fail(f"must have {self.low} to {self.high} characters, got {len(text)}")
        if "\0" in text:
            fail("must not have NUL characters")
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            fail("must not have lone surrogates: send characters, not halves of them")
        if self.visible and not SEEN.search(text):
            fail("must have a character that is seen, got white space alone")
        return text

    def schema(self) -> CoreSchema:
        return core_schema.str_schema(min_length=self.low, max_length=self.high)

    def details(self) -> JsonSchemaValue:
        seen = f"[^{UNSEEN}]" if self.visible else ""
        return {"pattern": rf"^[^\u0000]*{seen}[^\u0000]*$" if seen else r"^[^\u0000]*$"}


class Searched(Text):
    """Text that is looked for; searches compare it case folded, where it may have fewer characters.

    `J` with a caron are two, but lower case has one character for both.
    """

    def check(self, value: Any) -> str:
        text = super().check(value)
        if len(folded(text)) < self.low:
            fail(
                f"must have {self.low} to {self.high} characters, got {len(folded(text))} "
                "as searches compare it, in lower case"
            )
        return text


class IsbnRule(Rule):
    """ISBN-10 or ISBN-13 with a right check digit; hyphens and spaces are taken away."""

    def check(self, value: Any) -> str:
        digits = re.sub("[- ]", "", value).upper() if isinstance(value, str) else ""
        if not (_is_isbn13(digits) or _is_isbn10(digits)):
            fail(
                "must be an ISBN of 10 or 13 digits with a right check digit, "
                f"such as 9781234567897, got {shown(value)}"
            )
        return digits

    def schema(self) -> CoreSchema:
        return core_schema.str_schema(min_length=10, max_length=17)

    def details(self) -> JsonSchemaValue:
        return {"format": "isbn"}


def _is_isbn13(digits: str) -> bool:
    # ISO 2108: weights 1 and 3 in turn, sum divisible by 10
    if not re.fullmatch("97[89][0-9]{10}", digits):
        return False
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0


def _is_isbn10(digits: str) -> bool:
    # ISO 2108: weights 10 to 1, sum divisible by 11, X is ten
    if not re.fullmatch("[0-9]{9}[0-9X]", digits):
        return False
    return sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11 == 0


class EmailRule(Rule):
    """An e-mail address by RFC 5322's grammar, its domain in lower case; not looked up."""

    def check(self, value: Any) -> str:
        try:
            return validate_email(value, check_deliverability=False).normalized
        except (EmailNotValidError, TypeError, UnicodeError, AttributeError):
            fail(f"must be an e-mail address such as name@example.com, got {shown(value)}")

    def schema(self) -> CoreSchema:
        return core_schema.str_schema()

    def details(self) -> JsonSchemaValue:
        return {"format": "email"}


Id = Annotated[int, WholeNumber(1, limits.MAX_ID)]
IdText = Annotated[int, WholeNumber(1, limits.MAX_ID, text=True)]
Name = Annotated[str, Text(1, limits.MAX_NAME, visible=True)]
LongText = Annotated[str, Text(1, limits.MAX_TEXT)]
Genre = Annotated[str, Text(1, limits.MAX_GENRE, visible=True)]
Address = Annotated[str, Text(1, limits.MAX_ADDRESS)]
Phone = Annotated[str, Text(1, limits.MAX_PHONE)]
Search = Annotated[str, Searched(limits.MIN_SEARCH, limits.MAX_SEARCH)]
Email = Annotated[str, EmailRule()]
Isbn = Annotated[str, IsbnRule()]
Price = Annotated[float, Money()]
PriceText = Annotated[float, Money(text=True)]
TotalPrice = Annotated[float, Money(limits.MAX_ORDER_PRICE)]
Version = Annotated[int, WholeNumber(1, limits.MAX_ID)]
Stock = Annotated[int, WholeNumber(0, limits.MAX_STOCK)]
Quantity = Annotated[int, WholeNumber(1, limits.MAX_QUANTITY)]
Limit = Annotated[int, WholeNumber(1, limits.MAX_LIMIT, text=True)]
Offset = Annotated[int, WholeNumber(0, limits.MAX_OFFSET, text=True, beyond=_FURTHER)]


def to_cents(price: float) -> int:
    """Cents of an amount that `Money` has accepted."""
    return round(price * 100)
