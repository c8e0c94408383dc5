"""Load 20 times: medians and a verdict by the rule of the reports; what ends a load."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from client_examples.comparison.statistics import MATERIAL, compare, median_resamples, verdict
from tests.browser.conftest import Watched
from tests.browser.lab_page import (
    ON_A_DESK,
    done,
    opened,
)

COMPARED = """async ([left, right]) =>
    (await import("/lab/measuring/statistics.js")).compared(left, right)"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "watched", [(1280, 900), (360, 740)], ids=["wide", "narrow"], indirect=True
)
def test_twenty_loads_have_medians_and_a_verdict(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=author-page&rest=rest/textbook&distance=20")
    page.locator("#measure").click()
    expect(page.locator("#measured")).to_be_visible()
    done(page)
    for side in ("rest", "graphql"):
        assert page.locator(f".strips .{side} .dots i").count() == 20
        told = page.inner_text(f".strips .{side} .told").replace(",", "")
        median, low, high = map(float, re.findall(r"[\d.]+", told))
        assert low <= median <= high
        assert median >= 20 - 1  # browsers' timers may end a little early
    verdict = page.locator(".verdict")
    text = verdict.inner_text()
    ahead = {"left": "REST is ahead", "right": "GraphQL is ahead", "none": "A tie"}
    assert text.startswith(ahead[verdict.get_attribute("data-verdict")])
    assert "/ping" in text or "95% interval" in text
    boxes = [
        page.locator(f".strips .{side} .{part}").bounding_box() or {}
        for part in ("name", "dots")
        for side in ("rest", "graphql")
    ]
    assert boxes[0]["height"] == boxes[1]["height"]  # no name is broken
    assert [boxes[2][one] for one in ("x", "width")] == [boxes[3][one] for one in ("x", "width")]
    watched.shot(f"lab-measured-{page.viewport_size['width']}")
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@ON_A_DESK
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


@ON_A_DESK
def test_a_tie_is_told_by_the_rule_of_the_reports(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls)
    bounds = [1 / MATERIAL**2, 1 / MATERIAL, 0.99, 1.0, MATERIAL, MATERIAL + 1e-9, 2.0]
    pairs = [(low, high) for low in bounds for high in bounds if low <= high]
    found = page.evaluate(
        """async (pairs) => {
            const {verdict} = await import("/lab/measuring/statistics.js");
            return pairs.map(([low, high]) => verdict(low, high));
        }""",
        pairs,
    )
    assert found == [verdict(low, high) for low, high in pairs]
    left = [10 + (7 * i) % 20 / 10 for i in range(20)]
    right = [one * 1.3 for one in left]
    sides = [{"times": times, "floors": [1.0], "steps": 1} for times in (left, right)]
    measured = page.evaluate(
        COMPARED,
        sides,
    )
    resampled = [median_resamples(times, name) for name, times in (("a", left), ("b", right))]
    known = compare(1.0, 1.3, *resampled, len(left))
    assert measured["verdict"] == known.verdict == "left"
    assert (measured["low"], measured["high"]) == pytest.approx((known.low, known.high), rel=0.02)
    assert measured["left"]["median"] == pytest.approx(sorted(left)[9] / 2 + sorted(left)[10] / 2)
    # The slower one's server takes 4 ms longer for a constant answer: that is all of the lead.
    sides[1]["floors"] = [5.0]
    tied = page.evaluate(
        COMPARED,
        sides,
    )
    assert (tied["verdict"], tied["isByServers"]) == ("none", True)


@ON_A_DESK
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
