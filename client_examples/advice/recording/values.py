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
# What members that hold numbers count or measure, in the singular.
_MEASURES = (
    _RANGE
    | PAGING
    | frozenset(
        "quantity amount price cost total sum number count rank position order sort priority "
        "weight stock rating score point level age size length duration time timestamp percent "
        "rate ratio discount tax balance progress attempt retry status state code index cent "
        "minute second hour unit max min average avg mean median likes view vote".split()
    )
)
# Names of members that tell what an object is, not which one.
_TYPES = frozenset("type kind object entity _type __typename rel resource collection".split())

_NAME = re.compile(r"^(?!(.*\d){2})[A-Za-z_$@][\w$.:\[\]-]{0,47}$")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PLURALS = (
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(?<=ss|sh|ch)es$|(?<=x)es$"), ""),
    (re.compile(r"(?<!s)s$"), ""),
)


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


def is_name(name: str) -> bool:
    """Whether a parameter's name is one, as `page[size]`, and not a value: `?jane@doe.org`."""
    return _NAME.match(name) is not None


def is_paging(place: str) -> bool:
    """Whether a parameter goes through pages."""
    return parameter(place).lower() in PAGING


def may_be_id(place: str, member: str, below: str = "") -> bool:
    """Whether a small number or a word at this place may be one that stands under this member.

    Args:
        place: of the value.
        member: its path in an answer.
        below: of a path's segment, the one before it: `author: 3` may lead to `/authors/3`.
    """
    name, held = parameter(place), last_name(member)
    if held in _TYPES:
        return False
    noun = _noun(below or (name if _IDS.search(name) else ""))
    is_of_noun = noun and noun == _noun(held) and noun not in _RANGE | PAGING
    if is_of_noun or (name and held.lower() == name.lower()):
        return True
    name = name.lower()
    if name in PAGING or name in _RANGE:
        return False
    return member.endswith("[]") or _IDS.search(held) is not None


def may_be_role(member: str) -> bool:
    """Whether numbers under this member may be ids, though its name tells only whose: `assignee`.

    Not those of a member that counts or measures.
    """
    words = [word.lower() for word in _WORDS.findall(last_name(member))]
    if is_type(member) or not words:
        return False
    return _MEASURES.isdisjoint({*words, *map(_noun, words)})


def _noun(name: str) -> str:
    """What a name is of, in the singular: `author` of `authors`, `mainAuthor` and `author_id`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if len(words) > 1 and words[-1] in ("id", "ids"):
        words.pop()
    noun = words[-1] if words else ""
    for ending, singular in _PLURALS:
        if ending.search(noun):
            return ending.sub(singular, noun)
    return noun


def last_name(member: str) -> str:
    """The name of a member, of its path `items[].book_id`."""
    return member.rstrip("[]").rpartition(".")[2]


def is_type(member: str) -> bool:
    """Whether a member tells what an object is, not which one."""
    return last_name(member) in _TYPES
