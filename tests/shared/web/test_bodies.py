"""Bodies of requests, and whether an answer is to be compressed."""

import gzip
import json

import orjson
import pytest

from shared import limits
from shared.errors import MalformedBody, ValidationFailed
from shared.models import AuthorCreate
from shared.rules.validation import validated
from shared.web import bodies


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "must be JSON"),
        (b"{", "must be JSON"),
        (b'{"a": NaN}', "must be JSON"),
        (b"{'a': 1}", "must be JSON"),
        (b'{"a": 1} x', "must be JSON"),
        (b"\xef\xbb\xbf{}", "must be JSON"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "must be JSON"),
        (b'{"a": "\xe4"}', "must be UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "must be UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "must be UTF-8"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'"text"', "must be a JSON object"),
        (b"5", "must be a JSON object"),
    ],
)
def test_what_is_no_object_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(MalformedBody, match=f"^the body {says}") as raised:
        bodies.parse_object(body)
    assert raised.value.message.isprintable()


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [' + b"[]," * 300_000 + b"[]]}",
        b'{"a": [' + (b"[" * 1000 + b"]" * 1000 + b",") * 400 + b"0]}",
        b'{"a": [' + b'{"b": 1},' * 100_000 + b"0]}",
        b"{" + b",".join(b'"%06x":1' % n for n in range(80_000)) + b"}",
    ],
    ids=["lists", "levels", "objects", "members"],
)
def test_what_has_too_much_in_it_to_be_parsed_soon_is_not_parsed(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "orjson", None)
    with pytest.raises(MalformedBody, match="at most 10,000 lists and objects, and 50,000 "):
        bodies.parse_object(body)


def nested(levels: int) -> bytes:
    return (
        b'{"a":' * (levels // 2)
        + b"[" * (levels - levels // 2)
        + b"]" * (levels - levels // 2)
        + b"}" * (levels // 2)
    )


def test_what_is_too_deep_for_recursion_is_refused() -> None:
    assert bodies.parse_object(nested(100))
    for levels in (101, 450, 1_000, 1_024):
        with pytest.raises(MalformedBody, match="at most 100 levels of lists and objects"):
            bodies.parse_object(nested(levels))


def test_as_much_as_a_request_may_have_is_parsed() -> None:
    body = b'{"a": [' + b'{"b": [1, 2]},' * 4_999 + b"0]}"
    assert len(bodies.parse_object(body)["a"]) == 5_000


@pytest.mark.parametrize(
    "text", ["[{:" * 100_000, '\\"[{:' * 100_000, "\\" * 60_000 + "[{:" * 60_000]
)
def test_what_stands_in_strings_is_no_list(text: str) -> None:
    assert bodies.parse_object(orjson.dumps({"a": [text], "b": text})) == {"a": [text], "b": text}


def test_the_standard_library_parses_no_long_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "json", None)
    with pytest.raises(MalformedBody, match="must be JSON"):
        bodies.parse_object(b'{"a": ["\\ud800",' + b"1," * 60_000 + b"1]}")


def test_an_object_is_taken() -> None:
    body = '{"name": "Ü \\u00fc 😀", "price": 1e2, "list": [true, null]}'.encode()
    assert bodies.parse_object(body) == {"name": "Ü ü 😀", "price": 100.0, "list": [True, None]}


@pytest.mark.parametrize("body", [rb'{"name": "\ud83d"}', rb'{"\ud83d": 1}'])
def test_half_a_surrogate_pair_is_left_to_the_rules_of_the_values(body: bytes) -> None:
    with pytest.raises(ValidationFailed) as raised:
        validated(AuthorCreate, bodies.parse_object(body))
    # Whatever it says can be sent.
    assert bodies.to_json([raised.value.message, raised.value.field])


def test_json_is_compact_and_without_needless_escapes() -> None:
    assert bodies.to_json({"a": ["ü😀/", 29.99, None]}) == '{"a":["ü😀/",29.99,null]}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        {}, [], None, 5, "ü\n", [[]], {"a": []}, [{}, {"b": [1, {"c": None}]}, 2], [[1, 2], []],
        {"books": [{"title": "T", "author": {"name": "\ud800"}}, {"title": None, "author": None}]},
    ],
)  # fmt: skip
def test_what_is_long_is_written_alike_piece_by_piece(value: object) -> None:
    assert json.loads(bodies.to_long_json(value)) == value
    if "\ud800" not in repr(value).encode("unicode_escape").decode():
        assert bodies.to_long_json(value) == bodies.to_json(value)


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("deflate, gzip;q=0.5", True),
        ("br;q=1.0, gzip ; q = 0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=0, *", False),
        ("*", True),
        ("*;q=0", False),
        ("*;q=0, gzip", True),
        ("identity", False),
        ("br", False),
        ("gzipped", False),
        ("gzip;q=x", False),
    ],
)
def test_whether_a_client_takes_gzip(header: str, accepts: bool) -> None:
    assert bodies.accepts_gzip(header) is accepts


def test_compression_is_repeatable_and_for_long_bodies_only() -> None:
    body = b"x" * limits.GZIP_MINIMUM_BYTES
    assert not bodies.worth_gzip(body)
    assert bodies.worth_gzip(body + b"x")
    assert bodies.to_gzip(body) == bodies.to_gzip(body)
    assert gzip.decompress(bodies.to_gzip(body)) == body
