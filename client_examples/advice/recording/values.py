"""What a value in a request looks like, and how much it proves that an answer had it before."""

import contextlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["id", "number", "date", "word", "text"]

_UUID = re.compile(r"^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$", re.IGNORECASE)
_DATE = re.compile(
    r"^\d{4}-\d{2}(-\d{2}([T ].*)?)?$|^\d{1,2}[./]\d{1,2}[./]\d{2,4}$|^\d{4}-?W\d{2}$"
    r"|^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"
)
_DIGITS = re.compile(r"^-?\d+$")
_LONG = 5  # digits, from which on a number hardly stands somewhere by chance
_MIXED = 8  # letters and digits
_TELLING = 16  # characters of any text
_WORD = re.compile(r"^[^\W\d_]+$")
_ROUND = re.compile(r"^-?\d+000$")  # a limit, a price: whoever writes numbers writes these
# Words together, as members of enumerations, time zones and names are: programs know them, too.
_WORDS_TOGETHER = re.compile(r"^[^\W\d_]+([_/. ][^\W\d_]+)+$")
_CAMEL = re.compile(r"^[A-Za-z][a-z]+([A-Z][a-z]+)+$")
_LETTERS = 3.5  # of a word, below which what looks like several is none

# Parameters that go through pages: what they hold is no id, whatever else holds the same number.
PAGING = frozenset(
    "page p pg offset skip start from limit size per_page perpage page_size pagesize pagenumber "
    "page_number count first last take top after before cursor next token pagetoken page_token "
    "continuation startafter starting_after ending_before marker index".split()
)
_PAGES = frozenset("page paging pagination offset skip cursor continuation marker".split())
_BOUNDS = frozenset("start first next last after before since exclusive max min from".split())
_RANGE = frozenset(
    "to since until date day week month quarter year hour minute from_date to_date start_date "
    "end_date begin end startdate enddate period interval granularity depth level width height w h "
    "zoom x y z v version lat lon lng days weeks months years range".split()
)
# Parameters whose numbers limit what is shown.
_LIMITS = (_RANGE - {"since", "v", "version"}) | frozenset(
    "page p pg offset skip start from limit size per_page perpage page_size pagesize count first "
    "last take top index".split()
)
_OPERATOR = re.compile(r"^(?:not\.)?(?:n?eq|[gl]te?|i?like|in|is|cs|cd|ov)\.\(?(.+?)\)?$")
_COMPARED = re.compile(
    r"^([A-Za-z_$][\w.$]*)(?:==|=in=|=eq=|=|:| eq | in )\s*((?=[\w'\"(])[^=:].*)$"
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
        is_long = len(value.lstrip("-")) >= _LONG and not _ROUND.match(value)
        return "id" if is_long else "number"
    if _WORDS_TOGETHER.match(value) or _is_camel(value):
        return "text"
    if _is_mixed(value) or len(value) >= _TELLING or ("@" in value and "." in value):
        return "id"
    return "word" if _WORD.match(value) else "text"


def _is_camel(value: str) -> bool:
    words = 1 + sum(map(str.isupper, value[1:]))
    return _CAMEL.match(value) is not None and len(value) / words >= _LETTERS


def _is_mixed(value: str) -> bool:
    """A hash, a key or a slug of several words."""
    if len(value) < _MIXED or " " in value or value.startswith("-"):
        return False
    has_digit = any(one.isdigit() for one in value)
    has_letter = any(one.isalpha() for one in value)
    return (has_digit and has_letter) or value.count("-") >= 2


def proves(place: str, value: str) -> bool:
    """Whether a value at this place proves by itself that an answer had it before.

    Numbers of a parameter that limits, such as `from=1714521600`, are anybody's.
    """
    if kind_of(value) != "id":
        return False
    return not (_DIGITS.match(value) and parameter(place).lower() in _LIMITS)


def within(place: str, value: str) -> Iterator[tuple[str, str]]:
    """The values in a parameter's value, by their places.

    Lists, JSON, and comparisons as PostgREST (`eq.7`), OData (`Id eq 7`), RSQL (`id==7`) and
    searches (`id:7`) have them.
    """
    if value[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            yield from leaves(place, json.loads(value))
            return
    if (asked := _OPERATOR.match(value)) is not None:
        value = asked[1]
    elif (compared := _COMPARED.match(value)) is not None:
        yield place, value
        yield from within(f"{place}.{compared[1]}", compared[2].strip("()"))
        return
    separator = next((one for one in ",|" if one in value), None)
    parts = (
        value.split(separator)
        if separator and " " not in value and all(value.split(separator))
        else [value]
    )
    yield from ((place, part.strip("'\"")) for part in parts)


def keys_in(segment: str) -> list[str]:
    """The values in a segment of a path: those of `(7)` and `;id=7`, of a list, or the segment."""
    if segment[:1] in ("(", ";"):
        inner = segment.strip("(;)").removeprefix("guid")
        return [one.rpartition("=")[2].strip("'") for one in re.split(r"[,;]", inner)]
    parts = segment.split(",")
    return parts if all(parts) and " " not in segment else [segment]


def leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Integers and texts in a JSON value, by their place; members of lists share one."""
    left = [(place, value)]  # not by calling itself: a body may be nested deeper than Python calls
    while left:
        place, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{place}.{name}", value[name]) for name in reversed(value)]
        elif isinstance(value, list):
            left += [(f"{place}[]", member) for member in reversed(value)]
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            yield place, str(value)


def parameter(place: str) -> str:
    """The name of the parameter at a place, such as `month` of `query:month`; "" of a path."""
    kind, _, name = place.partition(":")
    if kind == "path":
        return ""
    return (name or place).rpartition(".")[2].replace("[]", "")


def is_name(name: str) -> bool:
    """Whether a parameter's name is one, as `page[size]`, and not a value: `?jane@doe.org`."""
    return _NAME.fullmatch(name) is not None


def is_paging(place: str) -> bool:
    """Whether a parameter goes through pages, as `page[number]`, `$skip` and `startIndex` do."""
    name = parameter(place)
    above = place.rpartition(".")[0].rpartition(".")[2]
    return goes_through_pages(f"{above}.{name}" if above in _PAGES else name)


@lru_cache(maxsize=10_000)
def goes_through_pages(name: str) -> bool:
    """Whether a parameter of that name goes through pages."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if name.lower() in PAGING or "_".join(words) in PAGING:
        return True
    if name == "_end" or not words:  # of json-server, with `_start`
        return name == "_end"
    if words[-1] in ("id", "ids", "key"):
        return not _BOUNDS.isdisjoint(words[:-1])
    if words[-1] in ("name", "slug", "url"):
        return False
    return not _PAGES.isdisjoint(words) or (
        words[0] in _BOUNDS and words[-1] in ("index", "row", "record", "item", "result", "token")
    )


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
