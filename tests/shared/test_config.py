"""Settings: from the environment, typed, failing by name."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from shared.config import PREFIX, Settings, read_settings, unknown_settings
from shared.errors import StartError


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = read_settings()
    assert settings.model_dump() == {
        "host": "127.0.0.1",
        "rest_port": 8000,
        "graphql_port": 8001,
        "rest_public_url": None,
        "graphql_public_url": None,
        "database_url": None,
        "instance": "default",
        "books": 1_000,
        "seed": 1,
        "workers": 1,
        "pool_size": 10,
        "db_latency_ms": 0.0,
        "cors_origins": None,
        "allowed_hosts": None,
        "token": None,
        "shared_max_age_s": 0,
        "require_if_match": False,
        "max_cost": 10_000,
        "request_timeout_s": 10.0,
        "max_streams": 250,
        "introspection": True,
        "graphiql": True,
        "trace": False,
        "log_level": "warning",
    }


def test_the_environment_is_read_by_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTORE_BOOKS", "500")
    monkeypatch.setenv("BOOKSTORE_DB_LATENCY_MS", "2.5")
    monkeypatch.setenv("BOOKSTORE_CORS_ORIGINS", "https://a.example, https://b.example")
    settings = read_settings()
    assert settings.books == 500
    assert settings.db_latency_ms == 2.5
    assert settings.origins == ("https://a.example", "https://b.example")


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTORE_REST_PORT", "9000")
    assert read_settings(rest_port="9001").rest_port == 9001
    assert read_settings(rest_port=None).rest_port == 9000


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("REST_PORT", "0", "must be between 1 and 65535, got 0"),
        ("REST_PORT", "x", "must be a whole number between 1 and 65535, got 'x'"),
        ("GRAPHQL_PORT", "65536", "must be between 1 and 65535, got 65536"),
        ("SHARED_MAX_AGE_S", "-1", "must be between 0 and 31536000, got -1"),
        ("SHARED_MAX_AGE_S", "1.5", "must be a whole number between 0 and 31536000, got '1.5'"),
        ("HOST", "", "is not right"),
        ("BOOKS", "29", "must be between 30 and 10000000, got 29"),
        ("BOOKS", "many", "must be a whole number between 30 and 10000000, got 'many'"),
        ("SEED", "-1", "must be between 0 and 2147483647, got -1"),
        ("WORKERS", "0", "must be between 1 and 64, got 0"),
        ("WORKERS", "65", "must be between 1 and 64, got 65"),
        ("WORKERS", "all", "must be a whole number between 1 and 64, got 'all'"),
        ("POOL_SIZE", "0", "must be between 1 and 1000, got 0"),
        ("DB_LATENCY_MS", "-1", "must be between 0 and 10000, got -1"),
        ("DB_LATENCY_MS", "fast", "must be a number between 0 and 10000, got 'fast'"),
        ("INSTANCE", "../up", "must be 1 to 40 letters, digits, - or _, got '../up'"),
        ("INSTANCE", "a/b", "must be 1 to 40 letters"),
        ("INSTANCE", "x" * 41, "must be 1 to 40 letters"),
        ("INSTANCE", "", "must be 1 to 40 letters"),
        ("DATABASE_URL", "mysql://host/db", "must be sqlite:///a/path/to.db or postgresql://"),
        ("REST_PUBLIC_URL", "shop.example", "must be an address such as https://shop.example/rest"),
        ("REST_PUBLIC_URL", "ftp://shop.example", "must be an address such as"),
        ("REST_PUBLIC_URL", "https://shop.example/a?b", "must be an address such as"),
        ("REST_PUBLIC_URL", "https://shop.example/a/../b", "must be an address such as"),
        ("REST_PUBLIC_URL", "https://shop.example/a%2fb", "must be an address such as"),
        ("REST_PUBLIC_URL", "https://me@shop.example", "must be an address such as"),
        ("GRAPHQL_PUBLIC_URL", "https://a.example:99999", "must have a port between 0 and 65535"),
        ("TOKEN", "short", "must be 16 or more letters, digits"),
        ("TOKEN", "with a space in the middle", "must be 16 or more letters, digits"),
        ("REQUIRE_IF_MATCH", "maybe", "must be true or false, or 1 or 0, got 'maybe'"),
        ("INTROSPECTION", "", "must be true or false, or 1 or 0, got ''"),
        ("MAX_COST", "0", "must be between 1 and 2147483647, got 0"),
        ("MAX_STREAMS", "-1", "must be between 1 and 10000, got -1"),
        ("REQUEST_TIMEOUT_S", "0", "must be between 0.01 and 3600 seconds, got 0"),
        ("REQUEST_TIMEOUT_S", "soon", "must be seconds between 0.01 and 3600, got 'soon'"),
        ("ALLOWED_HOSTS", "other:8080", "must be names or addresses without ports, with commas"),
        ("ALLOWED_HOSTS", "http://x", "must be names or addresses without ports, with commas"),
        ("LOG_LEVEL", "loud", "must be one of 'debug', 'info', 'warning' or 'error', got 'loud'"),
    ],
)
def test_a_malformed_setting_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(StartError) as raised:
        read_settings()
    line = str(raised.value)
    assert line.startswith(f"{PREFIX}{name} {rule}")
    assert "\n" not in line


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().books = 5


def test_every_setting_has_the_prefix_and_a_default() -> None:
    for name, field in Settings.model_fields.items():
        assert re.fullmatch("[a-z][a-z_]+", name)
        assert not field.is_required(), name


@pytest.mark.parametrize(
    ("given", "rest_url", "origin"),
    [
        ({}, "http://127.0.0.1:8000", "http://localhost:8001"),
        ({"host": "0.0.0.0"}, "http://127.0.0.1:8000", "http://127.0.0.1:8001"),
        ({"host": "::1"}, "http://[::1]:8000", "http://[::1]:8001"),
        ({"host": "books.example"}, "http://books.example:8000", "http://books.example:8001"),
    ],
)
def test_addresses_can_be_opened(given: dict[str, Any], rest_url: str, origin: str) -> None:
    settings = read_settings(**given)
    assert settings.rest_url == rest_url
    assert settings.graphql_url == rest_url.replace("8000", "8001")
    assert origin in settings.origins
    assert rest_url in settings.origins


def test_no_origin_is_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTORE_CORS_ORIGINS", "")
    assert read_settings().origins == ()
    assert "*" not in Settings().origins


def test_a_misspelt_setting_is_told_with_its_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_settings() == []
    monkeypatch.setenv("BOOKSTORE_BOOK", "5")
    monkeypatch.setenv("BOOKSTORE_BOOKS", "50")
    assert unknown_settings() == [
        "BOOKSTORE_BOOK is not a setting and is ignored; did you mean BOOKSTORE_BOOKS?"
    ]
