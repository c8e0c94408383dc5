"""However a comparison ends, what was measured until then is in its document."""

import _thread
from contextlib import contextmanager
from dataclasses import replace

import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed, ServerUnreachable, ViewsDiffer
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.measuring.resilience import outage
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.counting_server import Answer, CountingServer, answer
from tests.comparison.made_documents import SETTINGS

WHOLE = answer(b'{"n":1}')
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
    yield lambda *screens, **changed: Comparison(screens, loader, replace(settings, **changed))
    loader.close()


def interrupt():
    _thread.interrupt_main()
    return WHOLE


# Requests for /a: 3 to count, 3 to warm up, 4 * 3 timed, 3 * 3 over the link.
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("die", ServerUnreachable),
        ("cut", ServerUnreachable),
        ("interrupt", KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize(("at", "timed", "linked"), [(15, (2, 3), (0, 0)), (24, (4, 4), (1, 2))])
def test_nothing_measured_is_lost(server, spoiling, comparison, how, error, at, timed, linked):
    spoiling.at = at
    spoiling.spoil = {
        "die": server.die,
        "cut": lambda: CUT,
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
    [(answer(b"{}", status=b"500 Oops"), LoadFailed), (answer(b'{"n":2}'), ViewsDiffer)],
)
@pytest.mark.parametrize("at", [1, 9, 15, 24])  # counted, warm-up, timed, over the link
def test_a_screen_that_fails_does_not_throw_away_the_others(
    server, spoiling, comparison, spoiled, error, at
):
    other = Screen("other", "")
    other.rest("b")(lambda api: api.get("/b")["n"])
    spoiling.at, spoiling.spoil = at, lambda: spoiled
    running = comparison(one_screen(), other, resilience=False)
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


def test_self_check_and_resilience_are_measured_when_asked_for(comparison, monkeypatch):
    for module in ("comparison", "plan"):
        monkeypatch.setattr(f"client_examples.comparison.measuring.{module}.SAMPLES", 3)
    monkeypatch.setattr("client_examples.comparison.measuring.resilience.random_failures.LOADS", 2)
    fine = outage.Situation("fine", loads=3, share=0, trouble_s=0, ends_s=1)
    monkeypatch.setattr("client_examples.comparison.measuring.resilience.outage.SITUATIONS", [fine])
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
    monkeypatch.setattr("client_examples.comparison.measuring.resilience.random_failures.LOADS", 20)
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
