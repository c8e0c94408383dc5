"""The lab as people use it: its lessons by mouse and by keyboard, its address, its answers."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from client_examples.comparison.loading.loader import Loader
from tests.browser.conftest import Watched
from tests.browser.lab_page import (
    ON_A_DESK,
    ON_A_PHONE,
    arms_of,
    by_python,
    chosen,
    counters,
    done,
    opened,
)
from tests.selection import slow

LESSONS = {"many-requests": 3, "n-plus-1": 3, "over-fetching": 2}  # and their steps


def tabbed_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


@pytest.mark.slow
@pytest.mark.usefixtures("axe")
@ON_A_DESK
@pytest.mark.parametrize("lesson", ["many-requests", "n-plus-1", "over-fetching"])
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


@pytest.mark.slow
@pytest.mark.usefixtures("axe")
@ON_A_PHONE
@pytest.mark.parametrize(
    "lesson",
    [
        *slow("many-requests"),
        *slow("n-plus-1"),
        "over-fetching",
    ],
)
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
    expect(page.locator("#load")).to_be_focused()
    screen = page.input_value("[name=screen]:checked")
    for side, arm in arms_of(page).items():
        assert counters(page, side) == by_python(loader, screen, arm).counts
    tabbed_to(page, ".side.rest .waterfall li:last-child button")
    page.keyboard.press("Enter")
    label = page.inner_text(".side.rest .waterfall li:last-child .label")
    expect(page.locator(".side.rest .answers h4")).to_have_text(label)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    watched.shot(f"lab-{lesson}-narrow-dark")
    assert watched.barriers == []
    assert (watched.left, watched.errors) == ([], [])


@pytest.mark.slow
@ON_A_DESK
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
    expect(page.locator("#address")).to_be_hidden()
    assert watched.errors == []


@pytest.mark.slow
@ON_A_PHONE
def test_what_an_address_has_wrong_is_told(watched: Watched, urls: dict[str, str]) -> None:
    wrong = {
        "screen=x": "none of author-page, order-history, book-list, search-results, storefront;"
        " order-history is taken.",
        "rest=graphql/planned": "none of rest/textbook, rest/parallel, rest/batched, rest/fields;",
        "graphql=\x00": "none of graphql/unbatched, graphql/dataloader, graphql/planned;",
        "distance=": "none of 0, 20, 100, 300; 100 is taken.",
        "protocol=__proto__": "none of http1, http2; http1 is taken.",
        "lesson=n-plus-1/9": "n-plus-1/1, n-plus-1/2, n-plus-1/3, over-fetching/1,",
        f"more={'1' * 500}": "there are only screen, rest, graphql, distance, protocol, lesson.",
    }
    page = opened(watched, urls, "?" + "&".join(wrong).replace("\x00", "%00"))
    told = page.locator("#address p")
    expect(told).to_have_count(len(wrong))
    for place, (given, right) in enumerate(wrong.items()):
        expect(told.nth(place)).to_contain_text(given[:40])
        expect(told.nth(place)).to_contain_text(right)
    assert not watched.is_wider_than_its_window
    watched.shot("lab-wrong-address-narrow")
    page.locator("#load").click()
    done(page)
    chosen(page, "book-list")  # which the address then says
    expect(page.locator("#address")).to_be_hidden()
    assert watched.errors == []


@ON_A_DESK
def test_a_lessons_text_is_about_what_is_chosen(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?lesson=n-plus-1/1")  # what is left out is the step's
    assert arms_of(page) == {"rest": "rest/textbook", "graphql": "graphql/unbatched"}
    text, current = page.locator("#step-told"), page.locator("#steps [aria-current]")
    expect(text).to_contain_text("21 requests")
    chosen(page, "fields")
    expect(text).to_contain_text("the difference is behind it")
    expect(current).to_have_text("2. In the server")
    chosen(page, "batched")
    expect(text).to_contain_text("Other arms are chosen")
    expect(current).to_have_count(0)
    assert page.url.endswith("&lesson=n-plus-1")
    page.reload()
    expect(text).to_contain_text("Other arms are chosen")
    expect(page.locator("#address")).to_be_hidden()
    chosen(page, "book-list")
    expect(page.locator("#lesson")).to_be_hidden()
    opened(watched, urls, "?lesson=n-plus-1/1&screen=book-list")
    expect(page.locator("#lesson")).to_be_hidden()
    expect(page.locator("#address")).to_contain_text(
        "lesson=n-plus-1/1 is about order-history by rest/textbook and graphql/unbatched"
    )


@pytest.mark.slow
@ON_A_DESK
def test_a_lesson_opens_without_the_servers(watched: Watched, urls: dict[str, str]) -> None:
    page = opened(watched, urls, "?screen=book-list&distance=300")
    page.locator("#load").click()
    page.context.set_offline(True)
    link = page.locator("#lessons a[href*=many-requests]")
    link.click()
    expect(page.locator("#step-told")).to_contain_text("Move the distance to 300 ms")
    expect(link).to_be_focused()
    expect(page.locator("#results")).to_be_hidden()  # which were another state's
    expect(page.locator("#load")).to_be_enabled()
    step = page.locator("#steps a").nth(1)
    step.press("Enter")
    expect(step).to_be_focused()
    expect(page.get_by_label("parallel")).to_be_checked()
    page.locator("#load").click()
    expect(page.locator("#message")).to_contain_text("does not answer")
    page.go_back()
    expect(page.locator("#steps [aria-current]")).to_have_text("1. One after the other")
    page.go_back()
    expect(page.locator("#lesson")).to_be_hidden()
    expect(page.get_by_label("book-list")).to_be_checked()
    expect(page.locator("#message")).to_be_hidden()
    page.context.set_offline(False)
    page.locator("#load").click()
    done(page)


@pytest.mark.slow
@ON_A_DESK
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
