"""Values that keep the bookstore's rules, for tools that know the types alone."""

from functools import cache

from hypothesis import strategies as st

from shared import limits
from shared.reading.catalogue import Entity
from shared.reading.cursors import Position, encode_cursor
from shared.rules.normalization import SEEN

Texts = st.SearchStrategy[str]

_MOST_PATHS = 5
_DEEPEST = 3  # relations in a path: more would ask for more objects than a request may
_ADDED = (101, 102, 103, 201, 202, 203, 1001, 1002, 1003)  # the ids after the sample data's last
_VISIBLE_ASCII = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


def texts(low: int, high: int) -> Texts:
    """Any characters but NUL and halves of characters; longer ones add nothing but time."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(characters, min_size=low, max_size=min(high, low + 40))


def names(high: int) -> Texts:
    """The same where something of it must be seen: all but white space and what has no width."""
    return texts(1, high).filter(lambda text: SEEN.search(text) is not None)


def isbn_of(number: int) -> str:
    """The ISBN-13 with this number, which no book of the sample data has."""
    digits = f"979{number:09}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return f"{digits}{-total % 10}"


def email_of(number: int) -> str:
    """The e-mail address with this number, which nobody of the sample data has."""
    return f"number.{number}@fuzz.example.org"


@st.composite
def isbns(draw: st.DrawFn) -> str:
    """ISBN-10 or ISBN-13 with its check digit (ISO 2108), perhaps with hyphens."""
    if draw(st.booleans()):
        digits = draw(st.from_regex(r"97[89][0-9]{9}", fullmatch=True))
        total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
        digits += str(-total % 10)
    else:
        digits = draw(st.from_regex(r"[0-9]{9}", fullmatch=True))
        total = sum(int(d) * (10 - i) for i, d in enumerate(digits))
        digits += "0123456789X"[-total % 11]
    if draw(st.booleans()):
        digits = f"{digits[:-10]}-{digits[-10:-9]}-{digits[-9:-1]}-{digits[-1]}".lstrip("-")
    return digits


def emails() -> Texts:
    """Addresses of RFC 5322's plain form, in domains that may exist (RFC 6761 reserves some)."""
    local = st.from_regex(r"[a-z0-9+_-]{1,12}(\.[a-z0-9]{1,8})?", fullmatch=True)
    domain = st.from_regex(r"[a-z][a-z0-9]{0,12}\.(com|org|net|example\.com)", fullmatch=True)
    return st.builds("{}@{}".format, local, domain)


def amounts() -> st.SearchStrategy[float]:
    """Amounts with at most two decimals."""
    return st.integers(0, round(limits.MAX_PRICE * 100)).map(lambda cents: cents / 100)


def ids() -> st.SearchStrategy[int]:
    """Ids: of rows that others refer to, of rows that may have been added since, and any."""
    return st.integers(1, 10) | st.sampled_from(_ADDED) | st.integers(1, limits.MAX_ID)


def keys() -> Texts:
    """Idempotency keys."""
    return st.text(_VISIBLE_ASCII, min_size=1, max_size=40).filter(lambda key: '"' not in key)


def field_paths(entity: Entity) -> Texts:
    """What `fields` takes: paths that exist from this entity on, with commas between them."""
    paths = st.lists(st.sampled_from(_paths(entity, _DEEPEST)), min_size=1, max_size=_MOST_PATHS)
    return paths.map(",".join)


@cache
def _paths(entity: Entity, depth: int) -> tuple[str, ...]:
    found = [*(f for f in entity.fields if f != "version"), *entity.relations]
    if depth > 1:
        for name, relation in entity.relations.items():
            found += [f"{name}.{path}" for path in _paths(relation.entity, depth - 1)]
    return tuple(found)


def cursors(sort: str, kind: type) -> Texts:
    """Where a list with this sort key can be continued; the empty one is its beginning."""
    key = st.integers(0, 10**6) if kind is int else texts(0, 10)
    position = st.builds(Position, key, ids())
    return st.just("") | position.map(lambda behind: encode_cursor(sort, behind))


def tags() -> Texts:
    """What preconditions take: any state, or states that no resource has had."""
    return st.sampled_from(["*", "*", "*", '"a"', 'W/"b"', '"a", W/"b"'])
