"""Second visits to the project's own two servers: exact counts by phase, and never a stale view."""

from contextlib import closing
from dataclasses import replace

import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.caching_loader import CachingLoader
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.screens import book_detail, book_list, place_order, watch_order
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient
from tests.comparison.made_documents import SETTINGS
from tests.fixtures import running_pair

SCREENS = (book_list.screen, book_detail.screen)
ETAG, PERSISTED = "rest/etag", "graphql/persisted-get"
UNCACHED = {"book-list": "rest/fields", "book-detail": "rest/textbook"}
BOOK = 1  # shown on both screens
ROUNDS = 3


def expected(screen):
    """The statuses of each phase and arm."""
    arms = [UNCACHED[screen], ETAG, "graphql/planned", PERSISTED]
    kept = {("warm", ETAG): [304], ("warm", PERSISTED): [304]}
    each = {(phase, arm): [200] for phase in ("cold", "warm", "changed") for arm in arms}
    return {("first ever", PERSISTED): [200, 200], **each, **kept}


def settings_of(urls):
    return replace(
        SETTINGS, rest_url=urls[0], graphql_url=urls[1], samples=1, warm_up=0, link_rtts_ms=[],
        floor_rest=None, floor_graphql=None, visit_samples=ROUNDS,
    )  # fmt: skip


@pytest.fixture
def urls(writing_pair):
    return writing_pair.rest.base_url, writing_pair.graphql.base_url


@pytest.fixture(scope="module")
def compared(writing_pair):
    """What the visits of both screens took, and the book before and after."""
    urls = writing_pair.rest.base_url, writing_pair.graphql.base_url
    with closing(Loader(*urls)) as loader, RestClient(urls[0]) as client:
        before = client.books.get(BOOK)
        comparison = Comparison(SCREENS, loader, settings_of(urls))
        comparison.run()
        after = client.books.get(BOOK)
    phases = {
        screen.name: {(one.phase, one.arm): one for one in screen.caching}
        for screen in comparison.document().screens
    }
    return phases, before, after


@pytest.mark.parametrize("screen", UNCACHED)
def test_every_phase_takes_the_requests_that_are_expected(compared, screen):
    found = compared[0][screen]
    assert {name: one.statuses for name, one in found.items()} == expected(screen)
    assert {len(one.samples) for one in found.values()} == {ROUNDS}


@pytest.mark.parametrize("screen", UNCACHED)
def test_a_second_visit_takes_fewer_bytes_and_no_body(compared, screen):
    found = compared[0][screen]
    for arm in (ETAG, PERSISTED):
        warm, uncached = found["warm", arm], found["warm", found["warm", arm].uncached]
        assert warm.counts.received_body_bytes == 0
        assert warm.counts.wire_bytes < uncached.counts.wire_bytes
        assert found["changed", arm].counts.body_bytes > 0


def test_one_row_is_confirmed_by_one_statement(compared):
    warm = compared[0]["book-detail"]["warm", ETAG].counts
    assert warm.statements == 1


def test_the_book_has_its_own_price_again(compared):
    _, before, after = compared
    assert {**before, "version": None} == {**after, "version": None}


def by_rest(urls, price):
    with RestClient(urls[0]) as client:
        client.books.update(BOOK, {"price": price})


def by_graphql(urls, price):
    with GraphqlClient(urls[1]) as client:
        client.books.update(BOOK, {"price": price})


@pytest.fixture
def price(urls):
    """The book's own, which it has again at the end."""
    with RestClient(urls[0]) as client:
        own = client.books.get(BOOK)["price"]
    yield own
    by_rest(urls, own)


def price_of(view):
    return view["price"] if isinstance(view, dict) else view[0]["price"]


LARGE = Screen("large", "books whose answers are worth compressing")


@LARGE.rest("etag", caches=True)
def large_by_rest(api):
    return api.get("/books", limit=50)


@LARGE.graphql("persisted-get", caches=True)
def large_by_graphql(api):
    return api.query("{ books(limit: 50) { id title isbn price description stock } }")["books"]


def codings_used(load):
    return {one.encoded_body_bytes < one.body_bytes for one in load.exchanges}


@pytest.mark.parametrize(("coding", "is_packed"), [("gzip", True), ("identity", False)])
@pytest.mark.parametrize("change", [by_rest, by_graphql])
@pytest.mark.parametrize("screen", [*SCREENS, LARGE], ids=lambda screen: screen.name)
def test_a_changed_book_is_never_shown_stale(urls, price, screen, change, coding, is_packed):
    with closing(
        CachingLoader(
            *urls, credentials=Credentials({"Accept-Encoding": coding}, {"Accept-Encoding": coding})
        )
    ) as loader:
        for arm in screen.caching:
            loader.load(screen, arm)  # a query's text may go by POST, which nobody keeps
        for turn in range(1, 4):
            for arm in screen.caching:
                loader.load(screen, arm)
                warm = loader.load(screen, arm)
                assert [one.status for one in warm.exchanges] == [304]
            change(urls, round(price + turn, 2))
            for arm in screen.caching:
                load = loader.load(screen, arm)
                assert [one.status for one in load.exchanges] == [200]
                assert price_of(load.view) == round(price + turn, 2)
                assert codings_used(load) == {is_packed and screen is LARGE}
        change(urls, price)  # what was seen before, and forgotten since
        assert {price_of(loader.load(screen, arm).view) for arm in screen.caching} == {price}


def test_what_is_kept_in_one_coding_is_not_shown_for_another(urls, price):
    with closing(CachingLoader(*urls)) as loader:
        assert len(LARGE.caching) == 2
        for arm in LARGE.caching:
            packed = loader.load(LARGE, arm)
            for client in loader._clients._all():
                client.session.headers["Accept-Encoding"] = "identity"
            plain = loader.load(LARGE, arm)
            assert [one.status for one in plain.exchanges] == [200]
            assert plain.view == packed.view
            for client in loader._clients._all():
                client.session.headers["Accept-Encoding"] = "gzip"


@pytest.mark.slow
def test_servers_that_ask_every_change_for_a_condition_can_be_compared(tmp_path):
    with running_pair(tmp_path, books="100", require_if_match="1") as pair:
        urls = pair.rest.base_url, pair.graphql.base_url
        with closing(Loader(*urls)) as loader:
            comparison = Comparison(
                [book_detail.screen, place_order.screen],
                loader,
                replace(settings_of(urls), watched_orders=1),
                watched=[watch_order.screen],
            )
            comparison.run()
        assert comparison.document().complete
