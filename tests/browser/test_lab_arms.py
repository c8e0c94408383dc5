"""The lab's arms in a real browser: what they send, what they take, what is simulated."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request

from client_examples.browser_arms.modules import SHOWN
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.screens import SCREENS
from tests.browser.conftest import Watched
from tests.browser.lab_page import (
    COUNTERS,
    ON_A_DESK,
    Sent,
    by_python,
    done,
    opened,
)

LOAD = """async ([screen, arm]) => {
    const {SCREENS} = await import("/lab/screens/index.js");
    const {counted, load} = await import("/lab/loading/load.js");
    const {Link} = await import("/lab/loading/link.js");
    const {rest, graphql} = document.documentElement.dataset;
    const {arms} = SCREENS.find(one => one.name === screen);
    const servers = {rest, graphql: location.origin + graphql};
    const link = new Link(0, 6);
    const signal = new AbortController().signal;
    const chosen = arms.find(one => one.name === arm);
    const {view, counts} = await counted(await load(chosen, servers, link, signal));
    return {view: JSON.parse(JSON.stringify(view)), counts};
}"""
# One with chains of requests; the others with --all.
ALWAYS = ("order-history",)
NAMES_OF_ARMS = """async () => (await import("/lab/screens/index.js")).SCREENS.map(
    ({name, arms}) => [name, arms.map(arm => arm.name)])"""


def sent_by(request: Request) -> Sent:
    address = urlsplit(request.url)
    path = address.path + (f"?{address.query}" if address.query else "")
    return Sent(request.method, path, json.loads(request.post_data) if request.post_data else None)


@ON_A_DESK
@pytest.mark.parametrize(
    "screen",
    [pytest.param(one, marks=[pytest.mark.slow] * (one not in ALWAYS)) for one in SHOWN],
)
def test_an_arm_sends_and_takes_what_it_does_in_python(
    watched: Watched, urls: dict[str, str], loader: Loader, screen: str
) -> None:
    page = opened(watched, urls)
    asked: list[Sent] = []
    page.on("request", lambda request: asked.append(sent_by(request)))
    arms = dict(page.evaluate(NAMES_OF_ARMS))[screen]
    assert arms == [arm.name for arm in next(s for s in SCREENS if s.name == screen).arms]
    for arm in arms:
        known = by_python(loader, screen, arm)
        asked.clear()
        found = page.evaluate(LOAD, [screen, arm])
        assert [one for one in asked if not one.path.startswith("/lab")] == known.sent
        assert found["view"] == known.view
        counts = found["counts"]
        assert {name: counts[name] for name in COUNTERS} == known.counts, arm
        leaves = counts["leafBytes"]
        assert 1 - leaves["used"] / leaves["delivered"] == pytest.approx(known.over_fetch_bytes)
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@ON_A_DESK
def test_distance_and_connections_are_simulated(watched: Watched, urls: dict[str, str]) -> None:
    """The least that a load can take, and its schedule: a busy machine only adds to the times."""
    page = opened(watched, urls)
    found = page.evaluate("""async () => {
        const {Link} = await import("/lab/loading/link.js");
        const run = async (rtt, atOnce, requests) => {
            const link = new Link(rtt, atOnce), began = performance.now();
            let under = 0, most = 0;
            await Promise.all(Array.from({length: requests}, () => link.over(async halfway => {
                most = Math.max(most, ++under);
                await halfway(); await halfway();
                under--;
            })));
            return {most, ms: performance.now() - began};
        };
        return [await run(20, 6, 15), await run(20, Infinity, 15)];
    }""")
    six, all_at_once = found
    assert (six["most"], all_at_once["most"]) == (6, 15)
    assert six["ms"] >= 3 * 20 - 3  # browsers' timers may end a little early
    assert all_at_once["ms"] >= 20 - 1


@pytest.mark.slow
@ON_A_DESK
def test_steps_are_those_of_the_connections(watched: Watched, urls: dict[str, str]) -> None:
    search = "?screen=order-history&rest=rest/parallel&distance=0&protocol="
    for protocol, steps in (("http1", "5"), ("http2", "3")):
        page = opened(watched, urls, search + protocol)
        page.locator("#load").click()
        done(page)
        assert page.inner_text("[data-counter=steps] [data-side=rest]") == steps
