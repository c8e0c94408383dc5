"""Lists in headers, by the examples of RFC 9110 and what clients send."""

import time
import tracemalloc

import pytest

from shared.web.header_lists import (
    best_media_type,
    elements,
    entity_tags,
    qualities,
    tokens,
)

JSON, EVENTS, HTML = "application/json", "text/event-stream", "text/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        # RFC 9110, 5.6.1.2
        ("foo,bar", ("foo", "bar")),
        ("foo ,bar,", ("foo", "bar")),
        ("foo , ,bar,charlie", ("foo", "bar", "charlie")),
        ("", ()),
        (",", ()),
        (",   ,", ()),
        ('"a,b", c', ('"a,b"', "c")),
        (r'a;x="1\",2", b', (r'a;x="1\",2"', "b")),
        ('a, "b, c', ("a", '"b, c')),
        ("\ta\t,\tb", ("a", "b")),
    ],
)
def test_elements_are_parted_by_commas_and_none_is_empty(
    header: str, found: tuple[str, ...]
) -> None:
    assert elements(header) == found


def test_tokens_are_in_lower_case_and_what_is_none_is_left_out() -> None:
    header = 'X-One, two words, "three", , content-TYPE,a/b'
    assert tokens(header) == ("x-one", "content-type")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("audio/*; q=0.2, audio/basic", {"audio/*": 0.2, "audio/basic": 1}),
        ("compress, gzip", {"compress": 1, "gzip": 1}),
        ("*", {"*": 1}),
        (
            "compress;q=0.5, gzip;q=1.0, gzip;q=0.3",
            {"compress": 0.5, "gzip": 1},
        ),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", {"gzip": 1, "identity": 0.5, "*": 0}),
        ("TEXT/Html ; Level=1 ; Q=0.4", {"text/html": 0.4}),
        (r'a/b;x="1;q=0.1,c/d\"";q=0.3', {"a/b": 0.3}),
        ("a;q=much, b;q=1.5, c;q=-1, d;q=, e;q=0.1234, f;q=nan, g;q=1", {"g": 1}),
        (";q=1, =, a b, c/d/e, , ;", {}),
    ],
)
def test_each_element_has_a_quality(header: str, found: dict[str, float]) -> None:
    assert dict(qualities(header)) == found


# RFC 9110, 12.5.1, of which the qualities of parameters are left out
def test_the_range_that_fits_best_decides() -> None:
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=fixed;q=0.4, */*;q=0.5"
    falling = ("text/plain", "image/jpeg", "text/html")  # 0.7, 0.5, 0.3
    for place, best in enumerate(falling):
        assert best_media_type(accept, (*falling[place + 1 :], best)) == best
    assert best_media_type("text/html", ("image/jpeg",)) is None


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", JSON),
        (" , ", JSON),
        ("*/*", JSON),
        ("text/*", EVENTS),
        (EVENTS, EVENTS),
        (f"{EVENTS};charset=utf-8", EVENTS),
        (f'{EVENTS}; charset="utf-8" ; q=0.1', EVENTS),
        (EVENTS.upper(), EVENTS),
        (f", ,{EVENTS},", EVENTS),
        (f"{EVENTS}, */*", EVENTS),
        (f"{EVENTS}, {JSON}", JSON),
        (f"{EVENTS}, {JSON};q=0.9", EVENTS),
        (f"{EVENTS};q=0, */*", JSON),
        (f"{EVENTS};q=0.000", None),
        ("image/png", None),
        (BROWSER, HTML),
        (f'a/b;x="{HTML}"', None),
    ],
)
def test_the_media_type_that_is_wanted_most(accept: str, best: str | None) -> None:
    assert best_media_type(accept, (JSON, EVENTS, HTML)) == best


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        # RFC 9110, 13.1.1 and 13.1.2
        ('"xyzzy"', ('"xyzzy"',)),
        ('"xyzzy", "r2d2xxxx", "c3piozzzz"', ('"xyzzy"', '"r2d2xxxx"', '"c3piozzzz"')),
        ('W/"xyzzy", W/"r2d2xxxx"', ('W/"xyzzy"', 'W/"r2d2xxxx"')),
        ("*", ()),
        (', "tag"', ('"tag"',)),
        ('"a",, ,"b" ,', ('"a"', '"b"')),
        ('W/"a", "b","" , W/"c,d"', ('W/"a"', '"b"', '""', 'W/"c,d"')),
        (r'"a\", "b"', (r'"a\"', '"b"')),
        ('w/"a"', ()),
        ("a", ()),
        ('"a" "b"', ()),
        ('"a", b', ()),
        ('"a', ()),
        ("", ()),
        (",", ()),
    ],
)
def test_a_list_of_tags_is_read_and_what_is_none_has_none(
    header: str, tags: tuple[str, ...]
) -> None:
    assert entity_tags(header) == tags


def test_long_lists_are_not_kept() -> None:
    """512 of Accept had taken 1.3 GB."""
    names = ",".join(f"x{number}" for number in range(5_000))
    for read in (elements, tokens, qualities):
        assert callable(read)
        tracemalloc.start()
        for number in range(20):
            assert len(read(f"a{number},{names}")) == 5_001
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept < 5_000_000, read


@pytest.mark.parametrize(
    "unit", ['"\\', '"', ";", ",", '"a" ', 'a;q="', "a/", '"a",  ', "\\", " ", 'W/"']
)
@pytest.mark.parametrize("read", [elements, tokens, qualities, entity_tags])
def test_a_list_of_any_length_is_read_in_one_go(read: object, unit: str) -> None:
    """Twice the length takes about twice the time: not four times, whatever the machine does."""
    assert callable(read)

    def seconds(length: int) -> float:
        text = f"x{unit * length}\x7f"
        times = []
        for turn in range(3):
            begun = time.thread_time()  # of a processor, which others may have meanwhile
            read(f"{text}{turn}")  # another text each time: none is remembered
            times.append(time.thread_time() - begun)
        return min(times)

    assert seconds(16_000) < 40 * max(seconds(1_000), 0.000_5)
