"""What each arm of the classic screens takes for customer 1, and that nothing runs too early."""

import threading

import pytest

from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen, compact
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.screens import author_page, book_list, order_history
from tests.waiting import LIMIT_S

SCREENS = (author_page.screen, order_history.screen, book_list.screen)

# (screen, arm): requests, rounds, depth
EXPECTED = {
    ("author-page", "rest/textbook"): (2, 2, 2),
    ("author-page", "rest/parallel"): (2, 1, 1),
    ("author-page", "rest/fields"): (1, 1, 1),
    ("author-page", "graphql/unbatched"): (1, 1, 1),
    ("author-page", "graphql/dataloader"): (1, 1, 1),
    ("author-page", "graphql/planned"): (1, 1, 1),
    ("order-history", "rest/textbook"): (21, 21, 21),
    ("order-history", "rest/parallel"): (21, 5, 3),
    ("order-history", "rest/batched"): (2, 2, 2),
    ("order-history", "rest/fields"): (1, 1, 1),
    ("order-history", "graphql/unbatched"): (1, 1, 1),
    ("order-history", "graphql/dataloader"): (1, 1, 1),
    ("order-history", "graphql/planned"): (1, 1, 1),
    ("book-list", "rest/textbook"): (1, 1, 1),
    ("book-list", "rest/fields"): (1, 1, 1),
    ("book-list", "graphql/unbatched"): (1, 1, 1),
    ("book-list", "graphql/dataloader"): (1, 1, 1),
    ("book-list", "graphql/planned"): (1, 1, 1),
}


def arm_of(screen: Screen, name: str):
    return next(arm for arm in screen.arms if arm.name == name)


def test_requests_rounds_and_depth_of_every_arm(loader):
    found = {}
    for screen in SCREENS:
        for arm in screen.arms:
            _, counts = loader.load_counted(screen, arm)
            found[screen.name, arm.name] = (counts.requests, counts.rounds, counts.depth)
    assert found == EXPECTED


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_no_arm_fetches_twice_what_it_holds(screen, server, loader):
    for arm in screen.arms:
        server.requests.clear()
        loader.load(screen, arm)
        assert set(server.requests.values()) == {1}, arm.name


def test_a_book_in_two_orders_is_fetched_once(server, loader, monkeypatch):
    history = order_history.screen
    from tests.comparison.fake_bookstore import ORDERS

    monkeypatch.setitem(ORDERS[2]["items"][0], "book_id", 1)
    for name, requests in (("rest/textbook", 20), ("rest/parallel", 20), ("rest/batched", 2)):
        server.requests.clear()
        load, counts = loader.load_counted(history, arm_of(history, name))
        assert counts.requests == requests
        assert set(server.requests.values()) == {1}
        assert load.view[1]["items"][0]["title"] == load.view[0]["items"][0]["title"]


def test_leaves_of_the_book_list(loader):
    _, textbook = loader.load_counted(book_list.screen, arm_of(book_list.screen, "rest/textbook"))
    _, fields = loader.load_counted(book_list.screen, arm_of(book_list.screen, "rest/fields"))
    # 20 books of 9 members, of which title and price are shown
    assert (textbook.delivered_leaves, textbook.used_leaves) == (180, 40)
    assert textbook.over_fetch == pytest.approx(1 - 40 / 180)
    assert (fields.delivered_leaves, fields.used_leaves, fields.over_fetch) == (40, 40, 0)
    assert textbook.used_leaf_bytes == fields.used_leaf_bytes == fields.delivered_leaf_bytes
    assert 0 < fields.over_fetch_bytes + 1e-9 < textbook.over_fetch_bytes < 1


def test_statements_are_those_that_the_server_names(loader):
    screen = order_history.screen
    counted = {arm.name: loader.load_counted(screen, arm)[1].statements for arm in screen.arms}
    assert counted == {
        "rest/textbook": 1 + 5 * 2 + 15 * 2,
        "rest/parallel": 1 + 5 * 2 + 15 * 2,
        "rest/batched": 3,
        "rest/fields": 4,
        "graphql/unbatched": 22,
        "graphql/dataloader": 4,
        "graphql/planned": 4,
    }


def test_at_most_six_requests_are_under_way_and_they_are(server, loader):
    """Six wait for each other in the server, so that fewer at once would never end."""
    together = threading.Barrier(6)

    def wait_for_six(path, answer):
        if path.startswith("/books/") and int(path.rpartition("/")[2]) <= 12:
            together.wait(LIMIT_S)
        return answer

    server.spoil = wait_for_six
    loader.load(order_history.screen, arm_of(order_history.screen, "rest/parallel"))
    assert server.most_under_way == 6


def side_by_side_threads():
    return {thread.ident for thread in threading.enumerate() if "side-by-side" in thread.name}


def test_connections_and_threads_exist_before_the_first_load(server, loader):
    threads = side_by_side_threads()
    assert len(threads) == 6
    server.wait_for_connections(12)  # six to each of the two, which are one here
    for _ in range(3):
        for screen in SCREENS:
            for arm in screen.arms:
                loader.load(screen, arm)
    assert server.connections == 12
    assert side_by_side_threads() == threads


@pytest.mark.parametrize("spoiled", [(500, {"code": "INTERNAL"}, 0), (204, None, 0)])
def test_an_answer_that_is_not_the_right_one_fails_the_load(server, loader, spoiled):
    server.spoil = lambda path, answer: spoiled if path == "/books/9" else answer
    for name in ("rest/textbook", "rest/parallel"):
        with pytest.raises(LoadFailed, match=f"order-history, {name}"):
            loader.load(order_history.screen, arm_of(order_history.screen, name))


def test_graphql_errors_fail_the_load(server, loader):
    partly = {"data": {"books": []}, "errors": [{"message": "no", "extensions": {"code": "X"}}]}
    server.spoil = lambda path, answer: (200, partly, 0)
    with pytest.raises(LoadFailed, match="X: no"):
        loader.load(book_list.screen, arm_of(book_list.screen, "graphql/dataloader"))


def test_an_answer_of_another_shape_fails_the_load(server, loader):
    server.spoil = lambda path, answer: (200, {"data": {"author": None}}, 0)
    with pytest.raises(LoadFailed, match="TypeError"):
        loader.load(author_page.screen, arm_of(author_page.screen, "graphql/dataloader"))


def test_a_connection_that_breaks_is_not_retried(server, loader):
    server.spoil = lambda path, answer: None
    with pytest.raises(LoadFailed):
        loader.load(book_list.screen, arm_of(book_list.screen, "rest/textbook"))
    assert sum(server.requests.values()) == 1


def test_one_function_may_be_two_arms():
    screen = Screen("s", "")

    @screen.graphql("dataloader")
    @screen.graphql("unbatched", path="/graphql/unbatched")
    def both(api):
        """Both. And more.

        Not this."""

    named = [(arm.name, arm.path, arm.description) for arm in screen.arms]
    assert named == [
        ("graphql/dataloader", "/graphql", "Both. And more"),
        ("graphql/unbatched", "/graphql/unbatched", "Both. And more"),
    ]


def test_compact_refuses_where_white_space_matters():
    assert compact("query A {\n  b\n}") == "query A { b }"
    for document in ('{ a(b: "c  d") }', "{ a } # b"):
        with pytest.raises(ValueError, match="compact"):
            compact(document)


def test_arms_are_in_the_order_in_which_a_file_says_them():
    screen = Screen("page", "")

    @screen.rest("textbook")
    @screen.rest("etag", caches=True)
    @screen.rest("again")
    def textbook(api):
        return 1

    @screen.graphql("get", method="GET")
    @screen.graphql("hashed", caches=True)
    @screen.graphql("post")
    def query(api):
        return 1

    names = ["rest/textbook", "rest/again", "graphql/get", "graphql/post"]
    assert [arm.name for arm in screen.arms] == names
    assert [arm.name for arm in screen.caching] == ["rest/etag", "graphql/hashed"]


def test_watching_arms_are_in_that_order_too():
    screen = WatchScreen("page", "")

    @screen.rest("often", asks_every_s=0.1)
    @screen.rest("seldom", asks_every_s=1)
    @screen.graphql("pushed")
    def watch(api, order):
        yield "paid"

    assert [arm.name for arm in screen.arms] == ["rest/often", "rest/seldom", "graphql/pushed"]
