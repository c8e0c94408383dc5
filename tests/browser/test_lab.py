"""The lab in a real browser: what its arms send and take, its lessons, its measurements."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from client_examples.browser_arms.modules import SHOWN
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.report.palette import COLOURS
from client_examples.comparison.screens import SCREENS
from client_examples.comparison.statistics import MATERIAL, compare, median_resamples, verdict
from tests.browser.conftest import Watched
from tests.fixtures import Pair

LAB = Path(__file__).parents[2] / "graphql_api" / "lab"
COUNTERS = ("requests", "steps", "bytes", "statements")
WIDE, NARROW = (1280, 900), (360, 740)
SIZES = {WIDE: "wide", NARROW: "narrow"}
# What is loaded in the page, and not by its buttons: all that an arm sends and takes.
LOAD = """async ([screen, arm, base]) => {
    const [{SCREENS}, {counted, load}, {Link}] = await Promise.all(
        ["screens/index.js", "loading.js", "link.js"].map(name => import(`${base}/lab/${name}`)));
    const {rest, graphql} = document.documentElement.dataset;
    const {arms} = SCREENS.find(one => one.name === screen);
    const servers = {rest, graphql: location.origin + graphql};
    const link = new Link(0, 6);
    const signal = new AbortController().signal;
    const chosen = arms.find(one => one.name === arm);
    const {view, counts} = await counted(await load(chosen, servers, link, signal));
    return {view: JSON.parse(JSON.stringify(view)), counts};
}"""
NAMES_OF_ARMS = """async () => (await import("/lab/screens/index.js")).SCREENS.map(
    ({name, arms}) => [name, arms.map(arm => arm.name)])"""


class Sent(NamedTuple):
    """A request as it is sent."""

    method: str
    path: str
    body: Any


class ByPython(NamedTuple):
    """What the comparison knows of an arm's load."""

    view: Any
    sent: list[Sent]
    counts: dict[str, int | None]
    over_fetch_bytes: float


@pytest.fixture(scope="module")
def loader(reading_pair: Pair) -> Iterator[Loader]:
    """The comparison's own, over the same servers."""
    loader = Loader(reading_pair.rest.base_url, reading_pair.graphql.base_url)
    yield loader
    loader.close()


def by_python(loader: Loader, screen_name: str, arm_name: str) -> ByPython:
    screen = next(one for one in SCREENS if one.name == screen_name)
    arm = next(one for one in screen.arms if one.name == arm_name)
    bodies = {}

    def note(response: Any) -> None:
        request = response.request
        bodies[request.method, request.path_url] = request.body and json.loads(request.body)

    load, counts = loader.load_counted(screen, arm, note)
    sent = [Sent(one.method, one.path, bodies[one.method, one.path]) for one in load.exchanges]
    told = {
        "requests": counts.requests,
        "steps": counts.rounds,
        "bytes": counts.encoded_body_bytes,
        "statements": counts.statements,
    }
    return ByPython(load.view, sent, told, counts.over_fetch_bytes)


def sent_by(request: Request) -> Sent:
    address = urlsplit(request.url)
    path = address.path + (f"?{address.query}" if address.query else "")
    return Sent(request.method, path, json.loads(request.post_data) if request.post_data else None)


def opened(watched: Watched, urls: dict[str, str], search: str = "") -> Page:
    watched.page.goto(f"{urls['graphql']}/lab{search}")
    expect(watched.page.locator("#screens input")).to_have_count(len(SHOWN))
    return watched.page


def done(page: Page) -> None:
    """Wait until what is under way is over, and has gone well."""
    expect(page.locator("#status")).to_contain_text(re.compile("^Loaded"))
    expect(page.locator("#message")).to_be_hidden()


def counters(page: Page, side: str) -> dict[str, int | None]:
    """Those of one side, as they are shown."""
    shown = {
        name: page.inner_text(f"[data-counter={name}] [data-side={side}]") for name in COUNTERS
    }
    return {name: int(text.replace(",", "")) for name, text in shown.items()}


def chosen(page: Page, text: str) -> None:
    page.get_by_text(text, exact=True).click()


def arms_of(page: Page) -> dict[str, str]:
    return {side: page.input_value(f"[name={side}]:checked") for side in ("rest", "graphql")}


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
@pytest.mark.parametrize("screen", SHOWN)
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
        found = page.evaluate(LOAD, [screen, arm, ""])
        assert [one for one in asked if not one.path.startswith("/lab")] == known.sent
        assert found["view"] == known.view
        counts = found["counts"]
        assert {name: counts[name] for name in COUNTERS} == known.counts, arm
        leaves = counts["leafBytes"]
        assert 1 - leaves["used"] / leaves["delivered"] == pytest.approx(known.over_fetch_bytes)
    assert (watched.left, watched.errors) == ([], [])


def tabbed_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


LESSONS = {"many-requests": 3, "n-plus-1": 3, "over-fetching": 2}  # and their steps
SHORTER = ("many-requests", "over-fetching")  # which are always tried by keyboard


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
@pytest.mark.parametrize(
    "lesson", ["n-plus-1", *(pytest.param(one, marks=pytest.mark.slow) for one in SHORTER)]
)
def test_a_lesson_by_mouse(
    watched: Watched, urls: dict[str, str], loader: Loader, lesson: str
) -> None:
    page = opened(watched, urls)
    page.locator(f"#lessons a[href*={lesson}]").click()
    steps = page.locator("#lesson .steps a")
    expect(steps).to_have_count(LESSONS[lesson])
    for step in range(LESSONS[lesson]):
        steps.nth(step).click()
        expect(steps.nth(step)).to_have_attribute("aria-current", "step")
        page.locator("#load").click()
        done(page)
        screen = page.input_value("[name=screen]:checked")
        for side, arm in arms_of(page).items():
            known = by_python(loader, screen, arm)
            assert counters(page, side) == known.counts, (step, arm)
            rows = page.locator(f".side.{side} .waterfall button:enabled")
            assert rows.count() == known.counts["requests"]
            for value in [text for text in leaf_texts(known.view) if text]:
                expect(page.locator(f".side.{side} .screen")).to_contain_text(value)
        watched.shot(f"lab-{lesson}-{step + 1}-wide")
    assert watched.barriers == []
    assert (watched.left, watched.errors) == ([], [])


def leaf_texts(view: Any) -> list[str]:
    """The texts of a view; a time is shown as its day."""
    if isinstance(view, dict):
        return [text for one in view.values() for text in leaf_texts(one)]
    if isinstance(view, list):
        return [text for one in view for text in leaf_texts(one)]
    return [view[:10] if view.endswith("Z") else view] if isinstance(view, str) else []


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("watched", [NARROW], ids=SIZES.get, indirect=True)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_by_keyboard_on_a_phone(
    watched: Watched, urls: dict[str, str], loader: Loader, lesson: str
) -> None:
    watched.page.emulate_media(color_scheme="dark")
    page = opened(watched, urls)
    tabbed_to(page, f"#lessons a[href*={lesson}]")
    page.keyboard.press("Enter")
    expect(page.locator("#lesson")).to_be_visible()
    tabbed_to(page, "#distance")
    page.keyboard.press("Home")
    expect(page.locator("#distance-told")).to_have_text("0 ms: this machine")
    expect(page.locator("#lesson")).to_be_visible()
    tabbed_to(page, "#load")
    page.keyboard.press("Enter")
    done(page)
    screen = page.input_value("[name=screen]:checked")
    for side, arm in arms_of(page).items():
        assert counters(page, side) == by_python(loader, screen, arm).counts
    tabbed_to(page, ".side.rest .waterfall li:last-child button")
    page.keyboard.press("Enter")
    label = page.inner_text(".side.rest .waterfall li:last-child .label")
    expect(page.locator(".side.rest .answers h4")).to_have_text(label)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    watched.shot(f"lab-{lesson}-narrow-dark")
    assert watched.barriers == []
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_the_address_holds_what_is_chosen(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls)
    chosen(page, "search-results")
    chosen(page, "batched")
    chosen(page, "dataloader")
    page.locator("#distance").fill("3")
    chosen(page, "HTTP/2, all at once")
    address = page.url
    assert address.partition("?")[2] == (
        "screen=search-results&rest=rest/batched&graphql=graphql/dataloader"
        "&distance=300&protocol=http2"
    )
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("search-results")).to_be_checked()
    assert arms_of(page) == {"rest": "rest/batched", "graphql": "graphql/dataloader"}
    expect(page.locator("#distance-told")).to_contain_text("300 ms")
    chosen(page, "book-list")  # which has no arm of that name
    assert arms_of(page)["rest"] == "rest/textbook"
    wrong = "?screen=x&rest=y&graphql=%00&distance=7&protocol=__proto__&lesson=z/9&more=1"
    opened(watched, urls, wrong)
    page.locator("#load").click()
    done(page)
    assert watched.errors == []


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_a_request_that_is_clicked_shows_its_answer(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=order-history&distance=0")
    page.locator("#load").click()
    done(page)
    rest = page.locator(".side.rest")
    rest.locator(".waterfall button", has_text="GET /books/2").first.click()
    expect(rest.locator(".answers h4")).to_have_text("GET /books/2")
    title = rest.locator(".leaf", has_text="title:")
    expect(title).to_have_class("leaf used")
    expect(title).to_have_css("font-weight", "700")
    isbn = rest.locator(".leaf", has_text="isbn:")
    expect(isbn).to_have_class("leaf")
    quiet, ink = (
        page.evaluate(f"getComputedStyle(document.querySelector('{one}')).color")
        for one in (".tree", "body")
    )
    assert quiet != ink
    expect(isbn).to_have_css("color", quiet)
    expect(title).to_have_css("color", ink)


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_distance_and_connections_are_simulated(watched: Watched, urls: dict[str, str]) -> None:
    """The least that a load can take, and its schedule: a busy machine only adds to the times."""
    page = opened(watched, urls)
    found = page.evaluate("""async () => {
        const {Link} = await import("/lab/link.js");
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


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_steps_are_those_of_the_connections(watched: Watched, urls: dict[str, str]) -> None:
    search = "?screen=order-history&rest=rest/parallel&distance=0&protocol="
    for protocol, steps in (("http1", "5"), ("http2", "3")):
        page = opened(watched, urls, search + protocol)
        page.locator("#load").click()
        done(page)
        assert page.inner_text("[data-counter=steps] [data-side=rest]") == steps


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_twenty_loads_have_medians_and_a_verdict(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=author-page&rest=rest/textbook&distance=20")
    page.locator("#measure").click()
    expect(page.locator("#measured")).to_be_visible()
    done(page)
    for side in ("rest", "graphql"):
        assert page.locator(f".strips .{side} .dots i").count() == 20
        median, low, high = map(
            float, re.findall(r"[\d.]+", page.inner_text(f".strips .{side} .told"))
        )
        assert low <= median <= high
        assert median >= 20
    verdict = page.locator(".verdict")
    text = verdict.inner_text()
    ahead = {"left": "REST is ahead", "right": "GraphQL is ahead", "none": "A tie"}
    assert text.startswith(ahead[verdict.get_attribute("data-verdict")])
    assert "/ping" in text or "95% interval" in text
    watched.shot("lab-measured-wide")
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_loads_can_be_stopped(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=order-history&rest=rest/textbook&distance=300")
    page.locator("#measure").click()
    expect(page.locator(".side.rest .waterfall button")).not_to_have_count(0)
    page.locator("#stop").click()
    expect(page.locator("#status")).to_have_text("Stopped.")
    expect(page.locator("#load")).to_be_enabled()
    expect(page.locator("#message")).to_be_hidden()
    page.locator("#distance").fill("0")
    page.locator("#load").click()
    done(page)
    assert watched.errors == []


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_a_tie_is_told_by_the_rule_of_the_reports(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls)
    bounds = [1 / MATERIAL**2, 1 / MATERIAL, 0.99, 1.0, MATERIAL, MATERIAL + 1e-9, 2.0]
    pairs = [(low, high) for low in bounds for high in bounds if low <= high]
    found = page.evaluate(
        """async (pairs) => {
            const {verdict} = await import("/lab/statistics.js");
            return pairs.map(([low, high]) => verdict(low, high));
        }""",
        pairs,
    )
    assert found == [verdict(low, high) for low, high in pairs]
    left = [10 + (7 * i) % 20 / 10 for i in range(20)]
    right = [one * 1.3 for one in left]
    sides = [{"times": times, "floors": [1.0], "steps": 1} for times in (left, right)]
    measured = page.evaluate(
        'async ([left, right]) => (await import("/lab/statistics.js")).compared(left, right)', sides
    )
    resampled = [median_resamples(times, name) for name, times in (("a", left), ("b", right))]
    known = compare(1.0, 1.3, *resampled)
    assert measured["verdict"] == known.verdict == "left"
    assert (measured["low"], measured["high"]) == pytest.approx((known.low, known.high), rel=0.02)
    assert measured["left"]["median"] == pytest.approx(sorted(left)[9] / 2 + sorted(left)[10] / 2)
    # The slower one's server takes 4 ms longer for a constant answer: that is all of the lead.
    sides[1]["floors"] = [5.0]
    tied = page.evaluate(
        'async ([left, right]) => (await import("/lab/statistics.js")).compared(left, right)', sides
    )
    assert (tied["verdict"], tied["isByServers"]) == ("none", True)


@pytest.mark.parametrize("watched", [WIDE], ids=SIZES.get, indirect=True)
def test_a_difference_is_shown_and_ends_the_load(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=book-list&distance=0")

    def changed(route: Any) -> None:
        answer = route.fetch()
        books = answer.json()
        books[3]["price"] += 1
        route.fulfill(response=answer, json=books)

    page.route("**/books?*", changed)
    page.locator("#measure").click()
    message = page.locator("#message")
    expect(message).to_contain_text("The screens differ at $[3].price")
    expect(page.locator("#measured")).to_be_hidden()
    expect(page.locator("#load")).to_be_enabled()
    assert watched.errors == []


def test_its_colours_are_those_of_the_report() -> None:
    found = re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", (LAB / "palette.css").read_text()
    )
    assert {name: (light, dark) for name, light, dark in found}.items() <= COLOURS.items()
    used = re.findall(r"var\(--([\w-]+)\)", (LAB / "lab.css").read_text())
    own = {"side", "tint", "at", "low", "high", "start", "span", "server", "longest", "share"}
    assert set(used) - own <= {name for name, _, _ in found}


def test_its_policy_lets_nothing_leave_but_to_both_servers(
    browser: Browser, urls: dict[str, str], reading_pair: Pair
) -> None:
    policy = reading_pair.graphql.get("/lab").headers["content-security-policy"]
    assert f"connect-src 'self' {urls['rest']};" in policy
    page = browser.new_page()
    page.goto(f"{urls['graphql']}/lab")
    refused = """url => fetch(url).then(() => "sent", () => "refused")"""
    assert page.evaluate(refused, f"{urls['rest']}/ping") == "sent"
    assert page.evaluate(refused, "http://127.0.0.1:9/") == "refused"
    blocked = page.evaluate("""() => new Promise(resolve => {
        document.addEventListener("securitypolicyviolation", found => resolve(found.blockedURI));
        fetch("http://127.0.0.1:9/").catch(() => {});
    })""")
    assert blocked.startswith("http://127.0.0.1:9")
    page.close()
