"""Second visits over a small fake: what each phase takes, and that nothing stale is ever shown."""

import _thread
import signal
from contextlib import closing
from copy import deepcopy
from dataclasses import replace

import pytest
from fake_bookstore import BOOKS, FakeBookstore
from made_documents import SETTINGS

from client_examples import compare_apis
from client_examples.comparison.arms import GraphqlArm, Screen
from client_examples.comparison.failures import LoadFailed, ServerAway, ViewsDiffer
from client_examples.comparison.loading import Loader
from client_examples.comparison.measurement import Comparison
from client_examples.comparison.screens import book_list

ROUNDS = 1 + 3  # the first one is counted
ETAG, PERSISTED = "rest/etag", "graphql/persisted-get"
FIELDS, DATALOADER = "rest/fields", "graphql/dataloader"
FIRST, COLD, WARM, CHANGED = "first ever", "cold", "warm", "changed"

# (phase, arm): statuses
EXPECTED = {
    (FIRST, PERSISTED): [200, 200],
    (COLD, FIELDS): [200],
    (COLD, ETAG): [200],
    (COLD, DATALOADER): [200],
    (COLD, PERSISTED): [200],
    (WARM, FIELDS): [200],
    (WARM, ETAG): [304],
    (WARM, DATALOADER): [200],
    (WARM, PERSISTED): [304],
    (CHANGED, FIELDS): [200],
    (CHANGED, ETAG): [200],
    (CHANGED, DATALOADER): [200],
    (CHANGED, PERSISTED): [200],
}


@pytest.fixture
def server():
    books = deepcopy(BOOKS)
    with FakeBookstore() as fake:
        yield fake
    left = deepcopy(BOOKS)
    BOOKS.update(books)
    assert left == books  # whatever happened, each has its own price again


@pytest.fixture
def compare(server):
    """A comparison of a screen that is done once it is run, and of which only visits are timed."""
    with closing(Loader(server.url, server.url)) as loader:

        def compare(screen=book_list.screen, **settings):
            asked = replace(
                SETTINGS, rest_url=server.url, graphql_url=server.url, samples=1, warm_up=0,
                link_rtts_ms=[], floor_rest=None, floor_graphql=None, visit_samples=ROUNDS - 1,
            )  # fmt: skip
            return Comparison([screen], loader, replace(asked, **settings))

        yield compare


@pytest.fixture
def visit(compare):
    """Compare; what the visits took, by phase and arm."""

    def visit(*arguments, **settings):
        comparison = compare(*arguments, **settings)
        comparison.run()
        return {(one.phase, one.arm): one for one in comparison.document().screens[0].caching}

    return visit


def of_three_books(name):
    """A screen that nobody changes."""
    screen = Screen(name, "")

    @screen.rest("plain")
    @screen.rest("etag", caches=True)
    def books(api):
        return api.get("/books", limit=3)

    return screen


def test_every_phase_takes_what_is_expected(visit):
    found = visit()
    assert {name: one.statuses for name, one in found.items()} == EXPECTED
    assert list(found) == list(EXPECTED)  # in the order in which it is shown
    for name, one in found.items():
        assert one.counts.requests == len(EXPECTED[name])
        assert len(one.samples) == one.summary.count == ROUNDS - 1
        assert one.counts.used_leaves == 40


def test_what_is_confirmed_sends_no_body_and_fewer_bytes(visit):
    found = visit()
    for arm, uncached in ((ETAG, FIELDS), (PERSISTED, DATALOADER)):
        cold, warm, changed = (found[phase, arm].counts for phase in (COLD, WARM, CHANGED))
        assert warm.body_bytes == warm.encoded_body_bytes == warm.received_body_bytes == 0
        assert cold.body_bytes == changed.body_bytes > 700
        assert warm.wire_bytes < found[WARM, uncached].counts.wire_bytes / 1.5
        condition = 'If-None-Match: "0123456789abcdef"\r\n'
        assert changed.sent_head_bytes - cold.sent_head_bytes == len(condition)
    assert found[FIRST, PERSISTED].counts.sent_body_bytes > 0  # the text of the query, by POST
    assert found[COLD, PERSISTED].counts.sent_body_bytes == 0


def test_each_arm_with_a_cache_is_beside_the_one_that_loads_the_same_without(visit):
    found = visit()
    assert {name: one.uncached for name, one in found.items()} == {
        name: {ETAG: FIELDS, PERSISTED: DATALOADER}.get(name[1]) for name in EXPECTED
    }
    for one in found.values():
        assert (one.ratio is None) == (one.uncached is None)
    warm, beside = found[WARM, ETAG], found[WARM, FIELDS]
    assert warm.ratio.ratio == pytest.approx(warm.summary.median_ns / beside.summary.median_ns)
    first, beside = found[FIRST, PERSISTED], found[COLD, DATALOADER]
    assert first.ratio.ratio == pytest.approx(first.summary.median_ns / beside.summary.median_ns)


def test_they_take_no_part_in_what_the_other_arms_are_compared_by(compare):
    comparison = compare()
    comparison.run()
    (screen,) = comparison.document().screens
    assert not {ETAG, PERSISTED} & {arm.name for arm in screen.arms}
    assert not {ETAG, PERSISTED} & {name for one in screen.pairs for name in (one.left, one.right)}
    assert not {ETAG, PERSISTED} & set(screen.order)


def test_all_loads_are_planned_and_all_arms_meet_each_other_in_random_order(compare):
    comparison, progress = compare(), []
    comparison._loads._on_load = lambda done, total: progress.append((done, total))
    comparison.run()
    arms, visits = len(book_list.screen.arms), len(EXPECTED)
    asked_for_costs = sum(isinstance(arm, GraphqlArm) for arm in book_list.screen.arms)
    assert progress[-1] == (2 * arms + asked_for_costs + ROUNDS * visits,) * 2
    phases = comparison.document().screens[0].caching
    positions = [sample.position for one in phases for sample in one.samples]
    assert sorted(positions) == list(range((ROUNDS - 1) * visits))
    in_turn = sorted((one.samples[turn].position, turn, one.arm) for one in phases
                     if one.phase == WARM for turn in range(ROUNDS - 1))  # fmt: skip
    assert len({tuple(arm for _, n, arm in in_turn if n == turn) for turn in range(ROUNDS - 1)}) > 1


def test_each_first_ever_query_is_new_to_the_server(visit, server):
    visit()
    assert len(server.queries) == ROUNDS
    visit()
    assert len(server.queries) == 2 * ROUNDS


def test_a_run_that_asks_for_no_visits_makes_none(visit, server):
    assert visit(visit_samples=0) == {}
    assert server.requests["/books/1"] == 0


def test_a_run_whose_time_is_limited_makes_fewer_visits(visit, monkeypatch):
    monkeypatch.setattr("client_examples.comparison.caching.BUDGET_S", 0.0)
    found = visit(visit_samples=20, budget_s=60.0)
    assert {len(one.samples) for one in found.values()} == {8}


# -- never stale -----------------------------------------------------------------------------


def test_a_server_that_always_confirms_is_found_out(visit, server):
    server.confirm = lambda kept, now: True
    with pytest.raises(ViewsDiffer) as error:
        visit()
    said, _, arm = str(error.value).rpartition(" ")
    assert said == (
        "book-list, changed: the views differ at $[0].price: 11.25 by rest/textbook, 10.25 by"
    )
    assert arm in {ETAG, PERSISTED}


def test_the_command_ends_with_4_then(server, tmp_path, capsys):
    server.confirm = lambda kept, now: True
    urls = ["--rest-url", server.url, "--graphql-url", server.url]
    status = compare_apis.main([*urls, "--quick"], [book_list.screen])
    assert status == 4
    assert "book-list, changed: the views differ at $[0].price" in capsys.readouterr().err


def test_an_answer_that_may_be_shown_unasked_is_found_out(visit, server):
    server.cache_control = "max-age=60"
    with pytest.raises(LoadFailed, match="warm: shown from the cache without asking the server"):
        visit()


def test_a_server_without_etags_gains_nothing_and_is_never_stale(visit, server):
    server.confirm = lambda kept, now: False
    found = visit()
    assert found[WARM, ETAG].statuses == found[WARM, PERSISTED].statuses == [200]


def test_a_server_that_confirms_what_was_never_kept_fails_the_load(visit, server):
    server.confirm = lambda kept, now: True
    server.confirms_unasked = True
    with pytest.raises(LoadFailed, match="304"):
        visit()


def test_answers_that_change_on_the_way_end_the_run(visit, server):
    asked = []

    def confirm_at_first(kept, now):
        asked.append(kept)
        return kept == now and len(asked) < 6

    server.confirm = confirm_at_first
    with pytest.raises(LoadFailed, match=r"warm: the answers changed from \[304\] to \[200\]"):
        visit()


def test_a_change_that_is_not_shown_is_found_out(visit):
    screen = of_three_books("unmoved")
    screen.change(lambda api: None)
    with pytest.raises(LoadFailed, match="unmoved: rest/plain does not show what another client"):
        visit(screen)


def test_a_screen_that_nobody_changes_has_no_such_phase(visit):
    found = visit(of_three_books("constant"))
    assert list(found) == [(COLD, "rest/plain"), (COLD, ETAG), (WARM, "rest/plain"), (WARM, ETAG)]


def test_an_arm_that_no_other_loads_like_stands_alone(visit):
    screen = Screen("alone", "")
    screen.rest("plain")(lambda api: api.get("/books", limit=3))
    screen.rest("etag", caches=True)(lambda api: api.get("/books", limit=3))
    found = visit(screen)
    assert {one.uncached for one in found.values()} == {None}
    assert list(found) == [(COLD, ETAG), (WARM, ETAG)]


# -- the book has its own price again --------------------------------------------------------


@pytest.fixture
def interruptible():
    """SIGINT raises KeyboardInterrupt, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class At:
    """Does something when the given request comes for the given time."""

    def __init__(self, server, path, time, act):
        self._server, self._path, self._time, self._act = server, path, time, act
        server.spoil = self

    def __call__(self, path, answer):
        if path == self._path and self._server.requests[path] == self._time:
            return self._act(answer)
        return answer


def interrupt(answer):
    _thread.interrupt_main()
    return answer


LIST = "/books?limit=20&fields=title,price"


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("path", "time"),
    # 2 before the visits, and per round 2 in each of three phases
    [(LIST, 2 + 5), (LIST, 2 + 6), (LIST, 2 + 6 + 6), ("/books/1", 1), ("/books/1", 3)],
)
def test_an_interrupted_visit_puts_it_back(compare, server, path, time):
    At(server, path, time, interrupt)
    comparison = compare()
    with pytest.raises(KeyboardInterrupt):
        comparison.run()
    assert BOOKS[1]["price"] == 10.25
    assert comparison.document().complete is False
    assert comparison.document().screens[0].caching


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_it_is_put_back_does_not_stop_that(compare, server):
    def interrupt_and_lose(answer):
        BOOKS[1]["price"] = 11.25  # as if it had not come
        return interrupt(None)

    At(server, "/books/1", 2, interrupt_and_lose)
    with pytest.raises(KeyboardInterrupt):
        compare().run()
    assert BOOKS[1]["price"] == 10.25
    assert server.requests["/books/1"] == 3


def test_a_load_that_fails_puts_it_back(compare, server):
    At(server, LIST, 2 + 6, lambda answer: (500, {"code": "INTERNAL"}, 0))
    with pytest.raises(LoadFailed):
        compare().run()
    assert BOOKS[1]["price"] == 10.25


def test_a_server_that_goes_away_then_is_said(compare, server):
    At(server, "/books/1", 1, lambda answer: None)
    with pytest.raises(ServerAway, match="changing it"):
        compare().run()
