"""Who may write and see what, which hosts are answered for, and how much may be asked for."""

from typing import Any

import pytest

from shared.config import Settings
from shared.database import Connection
from shared.errors import MalformedRequest, Misdirected, StartError, TooComplex, Unauthorized
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, Entity
from shared.reading.cost import Load, require_affordable
from shared.reading.fetching import fetch_one
from shared.reading.selection import FULL_BOOK, FULL_CUSTOMER, FULL_ORDER, parse_fields
from shared.serving.startup import require_safe
from shared.web.authorization import Authorization
from shared.web.hosts import Hosts

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_the_token_allows(header: str) -> None:
    Authorization(TOKEN).require(header)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}", "Bearer \udcff"]
)
def test_all_else_does_not(header: str | None) -> None:
    with pytest.raises(Unauthorized, match="writing needs `Authorization: Bearer`"):
        Authorization(TOKEN).require(header)


def test_without_a_token_everybody_may_write() -> None:
    Authorization(None).require(None)
    Authorization(None).require("Bearer x")


NAMES: list[tuple[dict[str, Any], str, bool]] = [
    ({}, "127.0.0.1:8000", True),
    ({}, "LOCALHOST", True),
    ({}, "[::1]:8000", True),
    ({}, "10.0.0.7", False),
    ({}, "evil.example:8000", False),
    ({}, "localhost.evil.example", False),
    ({"host": "10.0.0.7"}, "10.0.0.7:8000", True),
    ({"host": "10.0.0.7"}, "10.0.0.8:8000", False),
    ({"host": "0.0.0.0"}, "10.0.0.8:8000", True),
    ({"host": "::"}, "[2001:db8::1]:8000", True),
    ({"host": "0.0.0.0"}, "evil.example", False),
    ({"allowed_hosts": "shop.example"}, "Shop.example:443", True),
    ({"allowed_hosts": "shop.example"}, "localhost", True),
    ({"allowed_hosts": "shop.example", "host": "0.0.0.0"}, "10.0.0.8", False),
    ({"allowed_hosts": "*"}, "anything", True),
    ({"allowed_hosts": "[2001:db8::1],shop.example"}, "[2001:DB8::1]:80", True),
    ({"allowed_hosts": "2001:db8::1"}, "[2001:db8::1]", True),
    ({"allowed_hosts": "shop.example"}, "shop.example.", True),
    ({}, "", True),
]
NO_HOSTS = [
    *("localhost:evil", "[::1]evil", "[localhost]", "localhost:80:80", "::1", "[::1"),
    *("local host", "user@localhost", "localhost/", "http://localhost", "local%host", "\xfc"),
]


@pytest.mark.parametrize(("settings", "host", "allowed"), NAMES)
def test_hosts(settings: dict[str, Any], host: str, allowed: bool) -> None:
    hosts = Hosts(Settings(**settings))
    if allowed:
        hosts.require(host)
    else:
        with pytest.raises(Misdirected, match="does not answer for the host"):
            hosts.require(host)


@pytest.mark.parametrize("host", NO_HOSTS)
def test_what_is_no_host_breaks_the_rules_also_where_all_are_allowed(host: str) -> None:
    """RFC 9112, 3.2."""
    for allowed in (None, "*"):
        with pytest.raises(MalformedRequest, match="Host must be a name or an address"):
            Hosts(Settings(allowed_hosts=allowed)).require(host)


def test_a_request_that_names_no_host_is_no_browsers() -> None:
    Hosts(Settings()).require(None)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.7", "::", "shop.example"])
def test_listening_to_others_needs_a_token(host: str) -> None:
    with pytest.raises(StartError, match=r"set BOOKSTORE_TOKEN .* or say --insecure"):
        require_safe(Settings(host=host))
    require_safe(Settings(host=host, token=TOKEN))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_none(host: str) -> None:
    require_safe(Settings(host=host))


def test_the_public_selection_is_the_same_where_nothing_is_private() -> None:
    assert FULL_BOOK.public is FULL_BOOK
    assert FULL_ORDER.public is FULL_ORDER
    assert FULL_CUSTOMER.public.public is FULL_CUSTOMER.public


def test_private_members_are_null_without_the_token(connection: Connection) -> None:
    shown = parse_fields(ORDER, "id,customer.phone,customer.name,customer.email,customer.address")
    everything = fetch_one(connection, shown, 1)
    public = fetch_one(connection, shown.public, 1)
    assert everything is not None
    assert all(everything["customer"].values())
    hidden = {"phone": None, "email": None, "address": None}
    assert public == {**everything, "customer": {**everything["customer"], **hidden}}
    assert list(public["customer"]) == ["phone", "name", "email", "address"]


COSTS: list[tuple[Entity, str, int]] = [
    (BOOK, "title", 1),
    (BOOK, "author.name", 2),
    (AUTHOR, "books.title", 21),
    (AUTHOR, "books.author.name", 41),
    (ORDER, "items.book.title", 41),
    (CUSTOMER, "orders.items.book.author.books", 1 + 20 * (1 + 20 * (1 + 1 + 1 + 20))),
]


@pytest.mark.parametrize(("entity", "fields", "cost"), COSTS)
def test_the_cost_is_the_most_objects(entity: Entity, fields: str, cost: int) -> None:
    assert parse_fields(entity, fields).cost == cost


def test_what_costs_more_than_the_limit_is_refused() -> None:
    require_affordable(Load(10_000), 10_000)
    with pytest.raises(TooComplex, match="at most 10,000 objects, got up to 10,001") as refused:
        require_affordable(Load(10_001), 10_000, "fields")
    assert (refused.value.cost, refused.value.limit) == (10_001, 10_000)
    assert refused.value.field == "fields"


@pytest.mark.parametrize(("fields", "own"), [("title", True), ("author.name", False)])
def test_a_book_is_told_by_its_version_where_nothing_else_is_shown(fields: str, own: bool) -> None:
    assert parse_fields(BOOK, fields).is_own is own


@pytest.mark.parametrize(("fields", "own"), [("status,items", True), ("items.book.title", False)])
def test_the_items_of_an_order_are_its_own(fields: str, own: bool) -> None:
    assert parse_fields(ORDER, fields).is_own is own


def test_what_clients_send_as_a_host_is_kept_within_a_length() -> None:
    hosts = Hosts(Settings(allowed_hosts=("*",)))
    for number in range(300):
        with pytest.raises(Misdirected):
            hosts.require(f"{number}" + "x" * 60_000)
    assert hosts.allows.cache_info().currsize == 0
    hosts.require("x" * 255 + ":65535")
