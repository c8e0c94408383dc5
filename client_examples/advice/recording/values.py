"""What a value in a request looks like, and how much it proves that an answer had it before."""

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["id", "number", "date", "word", "text"]

_UUID = re.compile(r"^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$", re.IGNORECASE)
_DATE = re.compile(
    r"^\d{4}-\d{2}(-\d{2}([T ].*)?)?$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$|^\d{4}-?W\d{2}$"
)
_DIGITS = re.compile(r"^-?\d+$")
_LONG = 5  # digits, from which on a number hardly stands somewhere by chance
_MIXED = 8  # letters and digits
_TELLING = 16  # characters of any text
_WORD = re.compile(r"^[^\W\d_]+$")

# Parameters that go through pages: what they hold is no id, whatever else holds the same number.
PAGING = frozenset(
    "page p pg offset skip start from limit size per_page perpage page_size pagesize pagenumber "
    "page_number count first last take top after before cursor next token pagetoken page_token "
    "continuation startafter starting_after ending_before marker index".split()
)
_RANGE = frozenset(
    "to since until date day week month quarter year hour minute from_date to_date start_date "
    "end_date begin end startdate enddate period interval granularity depth level width height w h "
    "zoom x y z v version lat lon lng days weeks months years range".split()
)
_IDS = re.compile(
    r"(^|_|-)(id|uuid|guid|pk|key|slug|code|ref|number|sku|isbn|handle|login|username|href|url|"
    r"link|path|self|name)s?$|(Id|ID|Uuid|Guid|Key|Slug|Code|Ref|Number|Sku|Url|Uri|Login|Name)s?$",
)
# Names of members that tell what an object is, not which one.
_TYPES = frozenset("type kind object entity _type __typename rel resource collection".split())


def kind_of(value: str) -> Kind:
    """What a value looks like; an "id" is so long or mixed that chance does not repeat it."""
    if _UUID.match(value):
        return "id"
    if _DATE.match(value):
        return "date"
    if _DIGITS.match(value):
        return "id" if len(value.lstrip("-")) >= _LONG else "number"
    if _is_mixed(value) or len(value) >= _TELLING or ("@" in value and "." in value):
        return "id"
    return "word" if _WORD.match(value) else "text"


def _is_mixed(value: str) -> bool:
    """A hash, a key or a slug of several words."""
    if len(value) < _MIXED or " " in value or value.startswith("-"):
        return False
    has_digit = any(one.isdigit() for one in value)
    has_letter = any(one.isalpha() for one in value)
    return (has_digit and has_letter) or value.count("-") >= 2


def parameter(place: str) -> str:
    """The name of the parameter at a place, such as `month` of `query:month`; "" of a path."""
    kind, _, name = place.partition(":")
    if kind == "path":
        return ""
    return (name or place).rpartition(".")[2].replace("[]", "")


def is_paging(place: str) -> bool:
    """Whether a parameter goes through pages."""
    return parameter(place).lower() in PAGING


def may_be_id(place: str, member: str) -> bool:
    """Whether a small number or a word at this place may be one that stands under this member."""
    name, held = parameter(place).lower(), last_name(member)
    if held in _TYPES:
        return False
    if name and held.lower() == name:
        return True
    if name in PAGING or name in _RANGE:
        return False
    return member.endswith("[]") or _IDS.search(held) is not None


def last_name(member: str) -> str:
    """The name of a member, of its path `items[].book_id`."""
    return member.rstrip("[]").rpartition(".")[2]


def is_type(member: str) -> bool:
    """Whether a member tells what an object is, not which one."""
    return last_name(member) in _TYPES
