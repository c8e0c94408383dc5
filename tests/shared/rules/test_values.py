"""The rules of single values: what they take, what they make of it, and what they say."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared import limits
from shared.rules import times, values
from shared.rules.values import shown, to_cents

LONE = "half \ud83d"

ACCEPTED: list[tuple[str, Any, Any]] = [
    ("Id", 1, 1),
    ("Id", 2_147_483_647, 2_147_483_647),
    ("Id", 5.0, 5),
    ("IdText", "12", 12),
    ("IdText", "+7", 7),
    ("IdText", "007", 7),
    ("Name", "x", "x"),
    ("Name", "é" * 200, "é" * 200),
    ("Name", "😀" * 200, "😀" * 200),
    ("LongText", " \t", " \t"),
    ("LongText", "x" * 5_000, "x" * 5_000),
    ("Search", "abc", "abc"),
    ("Price", 0, 0.0),
    ("Price", 29.99, 29.99),
    ("Price", 1_000_000, 1_000_000.0),
    ("Price", 999_999.99, 999_999.99),
    ("Price", 0.07, 0.07),
    ("PriceText", "10", 10.0),
    ("PriceText", "10.50", 10.5),
    ("Stock", 0, 0),
    ("Quantity", 1_000, 1_000),
    ("Limit", "100", 100),
    ("Offset", 10_000, 10_000),
    ("Isbn", "9781234567897", "9781234567897"),
    ("Isbn", "978-1-234-56789-7", "9781234567897"),
    ("Isbn", "080442957X", "080442957X"),
    ("Isbn", "0-8044-2957-x", "080442957X"),
    ("Isbn", "0 306 40615 2", "0306406152"),
    ("Instant", "2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z"),
    ("Instant", "2024-05-01t12:00:00.000+00:00", "2024-05-01T12:00:00Z"),
    ("Instant", "2024-05-01T01:00:00+02:00", "2024-04-30T23:00:00Z"),
    ("Instant", "2024-05-01T12:00:00.5Z", "2024-05-01T12:00:00.5Z"),
    ("PublicationDate", "2024-02-29", "2024-02-29"),
    ("PublicationDate", "2023-01-15T00:00:00Z", "2023-01-15"),
    ("PublicationDate", "2023-01-15T00:00:00.000+00:00", "2023-01-15"),
    ("PublicationDate", "2023-01-15t00:00:00z", "2023-01-15"),
    ("Email", "Grace.Holm@EXAMPLE.com", "Grace.Holm@example.com"),
    ("Email", "ünï@example.com", "ünï@example.com"),
]

WHOLE = "must be a whole number between 1 and 2147483647, got "
ISBN = "must be an ISBN of 10 or 13 digits with a right check digit, such as 9781234567897, got "
DATE = (
    "must be a date of the calendar such as 2023-01-15, or its midnight in UTC such as "
    "2023-01-15T00:00:00Z, got "
)
FURTHER = "cursors lead further: after= in REST, booksConnection(after:) and such in GraphQL"
REFUSED: list[tuple[str, Any, str]] = [
    ("Id", 0, "must be between 1 and 2147483647, got 0"),
    ("Id", -1, "must be between 1 and 2147483647, got -1"),
    ("Id", 2_147_483_648, "must be between 1 and 2147483647, got 2147483648"),
    ("Id", 2**70, "must be between 1 and 2147483647, got 1180591620717411303424"),
    ("Id", 1.5, f"{WHOLE}1.5"),
    ("Id", float("inf"), f"{WHOLE}inf"),
    ("Id", float("nan"), f"{WHOLE}nan"),
    ("Id", "1", f"{WHOLE}'1'"),
    ("Id", True, f"{WHOLE}true"),
    ("Id", None, f"{WHOLE}null"),
    ("Id", [], f"{WHOLE}a list"),
    ("Id", {}, f"{WHOLE}an object"),
    ("IdText", "1.0", f"{WHOLE}'1.0'"),
    ("IdText", "", f"{WHOLE}''"),
    ("IdText", "1e3", f"{WHOLE}'1e3'"),
    ("IdText", "٣", f"{WHOLE}'٣'"),
    ("IdText", " 1", f"{WHOLE}' 1'"),
    ("IdText", "1\n", f"{WHOLE}'1\\n'"),
    ("IdText", "9" * 5_000, f"{WHOLE}'{'9' * 59}…"),
    ("IdText", "9" * 400, f"must be between 1 and 2147483647, got {'9' * 60}…"),
    ("Limit", 0, "must be between 1 and 100, got 0"),
    ("Limit", 101, "must be between 1 and 100, got 101"),
    ("Limit", "x", "must be a whole number between 1 and 100, got 'x'"),
    ("Offset", 10_001, f"must be between 0 and 10000, got 10001; {FURTHER}"),
    ("Offset", "10001", f"must be between 0 and 10000, got 10001; {FURTHER}"),
    ("Offset", -1, "must be between 0 and 10000, got -1"),
    ("Quantity", 0, "must be between 1 and 1000, got 0"),
    ("Stock", -1, "must be between 0 and 1000000, got -1"),
    ("Name", "", "must have 1 to 200 characters, got 0"),
    ("Name", "x" * 201, "must have 1 to 200 characters, got 201"),
    ("Name", 5, "must be a string, got 5"),
    ("Name", "a\0b", "must not have NUL characters"),
    ("Name", LONE, "must not have lone surrogates: send characters, not halves of them"),
    ("LongText", "x" * 5_001, "must have 1 to 5000 characters, got 5001"),
    ("Search", "ab", "must have 3 to 100 characters, got 2"),
    ("Price", -0.01, "must be between 0 and 1000000, got -0.01"),
    ("Price", 1.999, "must have at most two decimals, got 1.999"),
    ("Price", 1_000_000.01, "must be between 0 and 1000000, got 1000000.01"),
    ("Price", 10**400, f"must be between 0 and 1000000, got 1{'0' * 59}…"),
    ("Price", float("nan"), "must be between 0 and 1000000, got nan"),
    ("Price", "1", "must be a number between 0 and 1000000, got '1'"),
    ("Price", False, "must be a number between 0 and 1000000, got false"),
    ("PriceText", "1e1", "must be a number between 0 and 1000000, got '1e1'"),
    ("PriceText", "nan", "must be a number between 0 and 1000000, got 'nan'"),
    ("PriceText", "1.", "must be a number between 0 and 1000000, got '1.'"),
    ("PriceText", "0.001", "must have at most two decimals, got 0.001"),
    *(
        ("Isbn", value, f"{ISBN}{shown(value)}")
        for value in ("9781234567898", "123", "", "97812345678\uff197", "X804429570", 9781234567897,
                      "9771234567898", None, "080442957\u00d7", LONE)
    ),
    *(
        ("PublicationDate", value, f"{DATE}{shown(value)}")
        for value in ("2023-02-30", "2023-13-01", "15.01.2023", "", "2023-01-15T12:00:00Z",
                      "0000-01-01", 20230115, None, "2023-01-15T00:00:00+02:00", "\uff12023-01-15",
                      "20230115", "2023-W03-1", "2023-01-15 00:00", "2023-01-15T00:00:00-00:00")
    ),
    *(
        ("Email", value, f"must be an e-mail address such as name@example.com, got {shown(value)}")
        for value in ("nobody", "@example.com", "a@b@example.com", "Grace <g@example.com>", "", 5,
                      "a@example.com\0", LONE, "x" * 300 + "@example.com", "a b@example.com", None,
                      ["a@example.com"], {"a": 1})
    ),
]  # fmt: skip


def adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(values, name, None) or getattr(times, name))


@pytest.mark.parametrize(("rule", "value", "kept"), ACCEPTED)
def test_takes(rule: str, value: Any, kept: Any) -> None:
    found = adapter(rule).validate_python(value)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(("rule", "value", "message"), REFUSED)
def test_refuses_and_says_what_would_be_right(rule: str, value: Any, message: str) -> None:
    with pytest.raises(ValidationError) as raised:
        adapter(rule).validate_python(value)
    assert [error["msg"] for error in raised.value.errors()] == [message]


def test_minus_zero_is_zero() -> None:
    assert str(adapter("Price").validate_python(-0.0)) == "0.0"


def test_every_price_in_cents_is_taken_and_comes_back() -> None:
    check = adapter("Price").validate_python
    for cents in (*range(20_000), *range(99_990_000, 100_000_001)):
        assert to_cents(check(cents / 100)) == cents


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ([1], "a list"),
        ({}, "an object"),
        ("x" * 59, repr("x" * 59)[:60] + "…"),
        ("\ud800\0", "'\\ud800\\x00'"),
    ],
)
def test_a_bad_value_is_repeated_short_and_printable(value: Any, text: str) -> None:
    assert shown(value) == text
    assert text.isprintable()


@pytest.mark.parametrize("rule", sorted({rule for rule, _, _ in ACCEPTED}))
def test_describes_itself_to_json_schema(rule: str) -> None:
    assert json.dumps(adapter(rule).json_schema())


def test_the_limits_are_those_of_the_contract() -> None:
    assert (limits.DEFAULT_LIMIT, limits.MAX_LIMIT, limits.MAX_OFFSET) == (20, 100, 10_000)
    assert (limits.MAX_IDS, limits.MAX_ORDER_ITEMS, limits.MIN_SEARCH) == (100, 20, 3)
    assert (limits.MAX_BODY_BYTES, limits.GZIP_MINIMUM_BYTES) == (1_000_000, 1_000)
    assert (limits.MAX_NAME, limits.MAX_TEXT, limits.MAX_ID) == (200, 5_000, 2_147_483_647)
