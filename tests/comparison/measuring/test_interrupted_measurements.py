"""However a comparison ends, what was measured until then is in its document."""

import _thread
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed, ServerUnreachable, ViewsDiffer
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.measuring.resilience import outage
from client_examples.comparison.measuring.shared_cache.run import SharedCacheTest
from client_examples.comparison.results.caching import SharedCacheSettings
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.counting_server import Answer, CountingServer, answer
from tests.comparison.made_documents import SETTINGS
from tests.comparison.report.rendered import printed

MEASURING = "client_examples.comparison.measuring"
MAX_AGE_S = 7
WHOLE = answer(b'{"n":1}', b"Cache-Control: s-maxage=%d" % MAX_AGE_S)
CUT = Answer(WHOLE.head, [b'{"n'], close=True)


def one_screen(name="only"):
    screen = Screen(name, "")

    @screen.rest("once")
    def once(api):
        return api.get("/a")["n"]

    @screen.rest("twice")
    def twice(api):
        api.get("/a")
        return api.get("/a")["n"]

    return screen


class Spoiling:
    """Answers well but for the request with the given number, for which `spoil` is called."""

    def __init__(self):
        self.number = self.at = 0
        self.spoil = lambda: WHOLE

    def __call__(self, request):
        if b" /a " not in request.splitlines()[0]:
            return WHOLE
        self.number += 1
        return self.spoil() if self.number == self.at else WHOLE


@pytest.fixture
def spoiling():
    return Spoiling()


@pytest.fixture
def server(spoiling):
    with CountingServer(spoiling) as running:
        yield running


@pytest.fixture
def comparison(server, relay):
    loader = Loader(server.url, None, relay=relay)
    settings = replace(
        SETTINGS,
        rest_url=server.url,
        samples=4,
        warm_up=1,
        link_rtts_ms=[1.0],
        link_samples=3,
        floor_rest=server.url + "/ping",
        floor_graphql=None,
    )
    yield lambda *screens, shared=None, load=None, **changed: Comparison(
        screens, loader, replace(settings, **changed), load_test=load, shared_cache_test=shared
    )
    loader.close()


def other_screen():
    screen = Screen("other", "")
    screen.rest("b")(lambda api: api.get("/b")["n"])
    return screen


@pytest.fixture
def few_loads(monkeypatch):
    """Each part that follows takes few of them."""
    for module in ("comparison", "plan"):
        monkeypatch.setattr(f"{MEASURING}.{module}.SAMPLES", 3)
    monkeypatch.setattr(f"{MEASURING}.resilience.random_failures.LOADS", 2)
    fine = outage.Situation("fine", loads=3, share=0, trouble_s=0, ends_s=1)
    monkeypatch.setattr(f"{MEASURING}.resilience.outage.SITUATIONS", [fine])


def interrupt():
    _thread.interrupt_main()
    return WHOLE


# Requests for /a: 3 to count, 3 to warm up, 4 * 3 timed, 3 * 3 over the link.
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("die", ServerUnreachable),
        ("interrupt", KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize(("at", "timed", "linked"), [(15, (2, 3), (0, 0)), (24, (4, 4), (1, 2))])
def test_nothing_measured_is_lost(server, spoiling, comparison, how, error, at, timed, linked):
    spoiling.at = at
    spoiling.spoil = {
        "die": server.die,
        "interrupt": interrupt,
    }[how]
    running = comparison(one_screen())
    with pytest.raises(error):
        running.run()
    document = running.document()
    assert document.complete is False
    (screen,) = document.screens
    arms = {arm.name: arm for arm in screen.arms}
    assert arms["rest/once"].counts.requests == 1
    for arm in arms.values():
        assert timed[0] <= len(arm.samples) <= timed[1]
        assert linked[0] <= sum(len(link.samples) for link in arm.links) <= linked[1]
        assert arm.summary.count == len(arm.samples)
    assert len(screen.pairs) == 1
    assert to_json(from_json(to_json(document))) == to_json(document)


@pytest.mark.parametrize(
    ("spoiled", "error"),
    [
        (answer(b"{}", status=b"500 Oops"), LoadFailed),
        (CUT, LoadFailed),
        (answer(b'{"n":2}'), ViewsDiffer),
    ],
)
@pytest.mark.parametrize("at", [1, 9, 15, 24])  # counted, warm-up, timed, over the link
def test_a_screen_that_fails_does_not_throw_away_the_others(
    server, spoiling, comparison, spoiled, error, at
):
    spoiling.at, spoiling.spoil = at, lambda: spoiled
    running = comparison(one_screen(), other_screen(), resilience=False)
    running.run()
    document = running.document()
    assert [type(failure) for failure in running.failures] == [error]
    assert [failure.screen for failure in document.failures] == ["only"]
    assert [screen.name for screen in document.screens] == ["other"]
    (arm,) = document.screens[0].arms
    assert len(arm.samples) == 4
    assert sum(len(link.samples) for link in arm.links) == 3
    assert document.complete
    assert to_json(from_json(to_json(document))) == to_json(document)


# Requests for /a: 3 to count, 3 timed; at random 2 policies * 2 loads * 3.
@pytest.mark.usefixtures("few_loads")
@pytest.mark.parametrize(
    ("part", "at"),
    [
        ({"self_check": True}, 7),
        ({"resilience": True, "failure_rate": 0.0}, 7),
        ({"resilience": True, "failure_rate": 0.0}, 19),  # an outage
        ({"shared_cache": SharedCacheSettings(1.0, 1.0, 1)}, 7),
    ],
    ids=["self-check", "random failures", "outage", "shared cache"],
)
def test_a_screen_that_fails_when_it_is_timed_already_keeps_its_results(
    spoiling, comparison, monkeypatch, part, at
):
    @contextmanager
    def no_edge(*_):
        yield SimpleNamespace(warm_up=lambda: None)

    monkeypatch.setattr(f"{MEASURING}.shared_cache.run._between_links", no_edge)
    measured = SimpleNamespace(run=lambda: [[]])
    monkeypatch.setattr(f"{MEASURING}.shared_cache.run._Measuring", lambda *_: measured)
    spoiling.at, spoiling.spoil = at, lambda: answer(b"{}", status=b"500 Oops")
    screens = one_screen(), other_screen()
    few = {"samples": 1, "warm_up": 0, "link_rtts_ms": []}
    running = comparison(*screens, shared=SharedCacheTest(screens), **few, **part)
    running.run()
    assert spoiling.number >= at
    document = running.document()
    assert document.complete
    assert [failure.screen for failure in document.failures] == ["only"]
    told = "1 screen failed in a later part; what was measured before is kept: only."
    assert told in printed(document)
    assert [screen.name for screen in document.screens] == ["only", "other"]
    assert [len(arm.samples) for screen in document.screens for arm in screen.arms] == [1] * 3
    if document.settings.shared_cache:
        found = document.shared_cache
        assert (found.max_age_s, [one.name for one in found.screens]) == (MAX_AGE_S, ["other"])


@pytest.mark.parametrize("named", [{"screen": "only"}, {}], ids=["named", "unnamed"])
def test_a_screen_that_fails_under_load_keeps_its_results(comparison, named):
    def fail(screen, *_):
        raise LoadFailed("503", **named)

    screen = one_screen()
    load_test = SimpleNamespace(screens=[screen], run=fail, results=lambda: None)
    running = comparison(screen, load=load_test, samples=1, warm_up=0, link_rtts_ms=[])
    running.run()
    document = running.document()
    assert [failure.screen for failure in document.failures] == ["only"]
    assert [len(arm.samples) for arm in document.screens[0].arms] == [1, 1]


def test_links_are_proved_by_a_screen_that_can_be_loaded(spoiling, comparison):
    spoiling.at, spoiling.spoil = 4, lambda: answer(b"{}", status=b"500 Oops")  # once counted
    running = comparison(one_screen(), other_screen(), floor_rest=None)
    running.run()
    document = running.document()
    assert [failure.screen for failure in document.failures] == ["only"]
    assert [screen.name for screen in document.screens] == ["other"]
    assert [one.link.rtt_ms for one in document.links] == [1.0]


def test_a_run_that_ends_well_is_complete(server, comparison):
    running = comparison(one_screen("a"), one_screen("b"), self_check=False)
    progress = []
    running._loads._on_load = lambda done, total: progress.append((done, total))
    running.run()
    document = running.document()
    assert document.complete
    assert document.environment["servers"] == {server.url: {"n": 1}}
    assert [screen.name for screen in document.screens] == ["a", "b"]
    assert [len(arm.samples) for screen in document.screens for arm in screen.arms] == [4] * 4
    assert [len(one.samples) for screen in document.screens for one in screen.floors] == [4, 4]
    # 2 screens of (2 arms of 1 counted, 5 and 3 over a link, and a floor of 5)
    assert progress == [(done, 46) for done in range(1, 47)]


@pytest.mark.usefixtures("few_loads")
def test_self_check_and_resilience_are_measured_when_asked_for(comparison):
    running = comparison(one_screen(), self_check=True, resilience=True, failure_rate=0.0)
    last = []
    running._loads._on_load = lambda done, total: last.append((done, total))
    running.run()
    document = running.document()
    assert last[-1][0] == last[-1][1]
    check = document.self_check
    assert (check.screen, check.arm, check.samples, len(check.loads)) == ("only", "rest/once", 3, 6)
    first, second = (arm.resilience for arm in document.screens[0].arms)
    policies = [policy.name for policy in outage.POLICIES]
    assert [one.policy for one in first] == [*policies[:2], *policies]
    assert [one.policy for one in second] == policies[:2]
    assert [one.loaded for one in [*first, *second]] == [2, 2, 3, 3, 3, 3, 2, 2]


@pytest.mark.usefixtures("interruptible")
@pytest.mark.slow
def test_what_is_interrupted_later_keeps_what_it_has(server, spoiling, comparison, monkeypatch):
    monkeypatch.setattr(f"{MEASURING}.resilience.random_failures.LOADS", 20)
    running = comparison(
        one_screen(), warm_up=0, samples=1, link_rtts_ms=[], resilience=True, failure_rate=0.0
    )
    spoiling.at, spoiling.spoil = 3 + 3 + 10, interrupt
    with pytest.raises(KeyboardInterrupt):
        running.run()
    (result,) = running.document().screens[0].arms[0].resilience
    assert 8 <= result.loads == result.loaded <= 10

    running = comparison(one_screen(), warm_up=0, samples=1, link_rtts_ms=[], self_check=True)
    spoiling.number = 0
    with pytest.raises(KeyboardInterrupt):
        running.run()
    check = running.document().self_check
    assert 8 <= len(check.loads) <= 10


def writing_screen(log):
    screen = Screen("writing", "")

    @contextmanager
    def prepared(api):
        log.append("prepared")
        try:
            yield api
        finally:
            log.append("cleared")

    screen.prepare(prepared)

    @screen.rest("write")
    def write(api, plain):
        def undo():
            log.append("undone")
            plain.delete("/a")

        api.afterwards(undo)
        return api.post("/a", {})["n"]

    return screen


def test_what_a_load_writes_is_undone_each_time_and_neither_counted_nor_timed(server, comparison):
    log = []
    running = comparison(writing_screen(log))
    running.run()
    document = running.document()
    assert log == ["prepared", *["undone"] * 9]  # 1 counted, 5, and 3 over a link
    running._loader.close()
    assert log[-1] == "cleared"
    (arm,) = document.screens[0].arms
    assert [one.method for one in arm.exchanges] == ["POST"]
    assert arm.counts.requests == 1
    methods = [seen.request.split(b" ")[0] for seen in server.seen]
    assert methods.count(b"DELETE") == methods.count(b"POST") == 9


def test_a_load_that_fails_is_undone_too(spoiling, comparison):
    log = []
    spoiling.at, spoiling.spoil = 1, lambda: answer(b"{}", status=b"500 Oops")
    running = comparison(writing_screen(log))
    running.run()
    assert [type(failure) for failure in running.failures] == [LoadFailed]
    assert log == ["prepared", "undone"]


@pytest.mark.slow
def test_an_undoing_waits_for_no_link(comparison):
    log = []
    running = comparison(writing_screen(log), link_rtts_ms=[300.0], link_samples=1)
    running.run()
    (arm,) = running.document().screens[0].arms
    assert arm.links[0].median_ns < 550e6  # one exchange, not two
