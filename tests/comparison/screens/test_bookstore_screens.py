"""Every screen over the project's own two servers: what each arm takes, and that all agree."""

from contextlib import closing

import pytest
import requests

from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.screens import SCREENS, place_order
from client_examples.comparison.screens.shop import open_shop
from client_examples.rest_client import RestClient
from tests.waiting import LIMIT_S

# (screen, arm): requests, rounds, statements; 14 authors wrote the 20 books that are found
EXPECTED = {
    ("author-page", "rest/textbook"): (2, 2, 2),
    ("author-page", "rest/parallel"): (2, 1, 2),
    ("author-page", "rest/fields"): (1, 1, 2),
    ("author-page", "graphql/unbatched"): (1, 1, 2),
    ("author-page", "graphql/dataloader"): (1, 1, 2),
    ("author-page", "graphql/planned"): (1, 1, 2),
    ("order-history", "rest/textbook"): (21, 21, 1 + 5 * 2 + 15),
    ("order-history", "rest/parallel"): (21, 5, 1 + 5 * 2 + 15),
    ("order-history", "rest/batched"): (2, 2, 3),
    ("order-history", "rest/fields"): (1, 1, 4),
    ("order-history", "graphql/unbatched"): (1, 1, 1 + 1 + 5 + 15),
    ("order-history", "graphql/dataloader"): (1, 1, 4),
    ("order-history", "graphql/planned"): (1, 1, 4),
    ("book-list", "rest/textbook"): (1, 1, 1),
    ("book-list", "rest/fields"): (1, 1, 1),
    ("book-list", "graphql/unbatched"): (1, 1, 1),
    ("book-list", "graphql/dataloader"): (1, 1, 1),
    ("book-list", "graphql/planned"): (1, 1, 1),
    ("search-results", "rest/textbook"): (14, 14, 14),
    ("search-results", "rest/parallel"): (14, 1 + 3, 14),
    ("search-results", "rest/batched"): (2, 2, 2),
    ("search-results", "rest/fields"): (1, 1, 2),
    ("search-results", "graphql/unbatched"): (1, 1, 1 + 20),
    ("search-results", "graphql/dataloader"): (1, 1, 2),
    ("search-results", "graphql/planned"): (1, 1, 2),
    ("book-detail", "rest/textbook"): (1, 1, 1),
    ("book-detail", "graphql/unbatched"): (1, 1, 1),
    ("book-detail", "graphql/dataloader"): (1, 1, 1),
    ("book-detail", "graphql/planned"): (1, 1, 1),
    ("storefront", "rest/textbook"): (4, 4, 4),
    ("storefront", "rest/parallel"): (4, 1, 4),
    ("storefront", "rest/fields"): (4, 1, 4),
    ("storefront", "graphql/unbatched"): (1, 1, 3 + 2),
    ("storefront", "graphql/dataloader"): (1, 1, 3 + 2),
    ("storefront", "graphql/planned"): (1, 1, 3 + 2),
    ("deep", "rest/textbook"): (3, 3, 3),
    ("deep", "rest/parallel"): (3, 2, 3),
    ("deep", "rest/fields"): (1, 1, 4),
    ("deep", "graphql/unbatched"): (1, 1, 1 + 1 + 1 + 10),
    ("deep", "graphql/dataloader"): (1, 1, 3),  # its loader remembers the author
    ("deep", "graphql/planned"): (1, 1, 4),
    # five statements place an order, and read it again; the rest are reads
    ("place-order", "rest/textbook"): (1 + 1 + 3, 5, None),
    ("place-order", "rest/parallel"): (1 + 1 + 3, 2, None),
    ("place-order", "rest/batched"): (1 + 2, 2, None),
    ("place-order", "rest/fields"): (1, 1, None),
    ("place-order", "graphql/unbatched"): (1, 1, None),
    ("place-order", "graphql/dataloader"): (1, 1, None),
    ("place-order", "graphql/planned"): (1, 1, None),
}
# Arms that ask for what the page shows, and for nothing else.
EXACT = ("rest/fields", "graphql/unbatched", "graphql/dataloader", "graphql/planned")


@pytest.fixture(scope="module")
def loaded(screens_pair):
    """View and counts of each arm of each screen."""
    found = {}
    with closing(Loader(screens_pair.rest.base_url, screens_pair.graphql.base_url)) as loader:
        for screen in SCREENS:
            for arm in screen.arms:
                load, counts = loader.load_counted(screen, arm)
                found[screen.name, arm.name] = (load, counts)
    return found


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_every_arm_says_what_it_does_in_words_of_its_own(screen):
    said = [arm.description for arm in [*screen.arms, *screen.caching]]
    assert len(set(said)) == len(said)


def test_every_arm_takes_what_is_expected(loaded):
    found = {
        name: (counts.requests, counts.rounds, EXPECTED[name][2] and counts.statements)
        for name, (_, counts) in loaded.items()
    }
    assert found == EXPECTED


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_all_arms_show_the_same_and_something(loaded, screen):
    views = [loaded[screen.name, arm.name][0].view for arm in screen.arms]
    assert views[0]
    assert [difference(views[0], view) for view in views] == [None] * len(views)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name[1] in EXACT], ids="/".join)
def test_arms_that_select_fetch_nothing_that_is_not_shown(loaded, name):
    _, counts = loaded[name]
    assert (counts.used_leaves, counts.over_fetch) == (counts.delivered_leaves, 0)


def test_no_arm_asks_twice_for_the_same(loaded):
    for name, (load, _) in loaded.items():
        asked = [(exchange.method, exchange.path) for exchange in load.exchanges]
        assert len(set(asked)) == len(asked), name


def test_all_fields_of_a_book_are_shown_by_both(loaded, screens_pair):
    book = requests.get(f"{screens_pair.rest.base_url}/books/1", timeout=LIMIT_S).json()
    assert loaded["book-detail", "graphql/dataloader"][0].view == book
    assert loaded["book-detail", "rest/textbook"][1].over_fetch == 0


def test_the_storefront_shows_sorted_books(loaded):
    view = loaded["storefront", "graphql/dataloader"][0].view
    for books in view["cheapest"].values():
        assert len(books) == 5
        assert [book["price"] for book in books] == sorted(book["price"] for book in books)
    assert view["latest_order"]["date"] > "2023-01-01T11"


def rows(url):
    """How many of each there are, and the newest order."""
    names = ("authors", "books", "customers", "orders")
    newest = {
        name: requests.get(f"{url}/{name}?sort=-id&limit=1", timeout=LIMIT_S) for name in names
    }
    return {name: answer.json()[0] for name, answer in newest.items()}


def test_placing_orders_leaves_nothing_behind(screens_pair):
    url = screens_pair.rest.base_url
    before = rows(url)
    with closing(Loader(url, screens_pair.graphql.base_url)) as loader:
        for arm in place_order.screen.arms:
            loader.load(place_order.screen, arm)
        assert rows(url)["customers"] != before["customers"]
        assert rows(url)["orders"] == before["orders"]  # each is gone after its load
    assert rows(url) == before


def test_the_undo_is_not_counted_and_returns_the_stock(screens_pair):
    url = screens_pair.rest.base_url
    stocks = []
    with closing(Loader(url, screens_pair.graphql.base_url)) as loader:
        for arm in place_order.screen.arms:
            load, _ = loader.load_counted(place_order.screen, arm)
            assert "DELETE" not in [exchange.method for exchange in load.exchanges]
            stocks.append(rows(url)["books"]["stock"])
    assert stocks == [1_000_000] * len(place_order.screen.arms)


def test_an_order_whose_load_fails_is_taken_back(screens_pair):
    url = screens_pair.rest.base_url
    before = rows(url)
    with RestClient(url) as client, open_shop(client) as shop:  # the client has what it needs
        client.post("/orders", place_order.new_order(shop))
        client.post("/orders", place_order.new_order(shop))
        shop.cancel_orders()
        assert rows(url)["orders"] == before["orders"]
        client.post("/orders", place_order.new_order(shop))
    assert rows(url) == before


def test_no_other_screen_shows_what_placing_orders_makes(loaded, screens_pair):
    url = screens_pair.rest.base_url
    with (
        closing(Loader(url, screens_pair.graphql.base_url)) as loader,
        RestClient(url) as client,
        open_shop(client),
    ):
        for screen in SCREENS[:-1]:
            view = loader.load(screen, screen.arms[0]).view
            assert difference(loaded[screen.name, screen.arms[0].name][0].view, view) is None


def test_every_screen_has_arms_on_both_sides_and_every_arm_says_what_it_does():
    for screen in SCREENS:
        assert {arm.name.partition("/")[0] for arm in screen.arms} == {"rest", "graphql"}
        assert all(arm.description for arm in screen.arms)
    assert len({screen.name for screen in SCREENS}) == 8
