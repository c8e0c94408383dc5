"""The comparison's page, opened from its file in a browser that reaches nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from client_examples.comparison.report.files import html
from tests.browser.conftest import WIDE, Watched
from tests.comparison.made_documents import document, history, whole

CHART = "#order-history-{}"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in a file."""
    file = tmp_path_factory.mktemp("report") / "comparison.html"
    file.write_text(html(whole()), encoding="utf-8")
    return file


def opened(page: Page, file: Path) -> Page:
    """The page once its charts are drawn."""
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-charts=drawn]")
    return page


def test_the_page_needs_nothing_but_itself(
    watched: Watched, page_file: Path, request: pytest.FixtureRequest
) -> None:
    page = opened(watched.page, page_file)
    assert page_file.stat().st_size < 2_000_000
    for plot in page.locator(".plot").all():
        expect(plot.locator("svg")).to_be_visible()
    watched.shot(f"report-{request.node.callspec.id}")
    assert not watched.is_wider_than_its_window
    assert (watched.left, watched.errors) == ([], [])


MARKS = (
    ("rtt", "path[aria-roledescription=point]", ["round-trip time", "rest/"]),
    ("waterfall", "path[aria-roledescription=bar]", ["1 of 21: GET /books/1"]),
    ("bytes", "path[aria-roledescription=bar]", ["values that the arm used", "13,860"]),
    ("statements", "path[aria-roledescription=bar]", ["statements", "26"]),
    ("medians", "path[aria-roledescription=bar]", ["median ms (95%)", "rest/textbook"]),
)


@WIDE
def test_a_mark_tells_its_numbers_when_one_points_at_it(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    tooltip = page.locator("#vg-tooltip-element")
    for chart, mark, words in MARKS:
        marks = page.locator(f"{CHART.format(chart)} {mark}")
        marks.first.hover(force=True)  # a mark above it tells the same
        expect(tooltip).to_be_visible()
        for word in words:
            expect(tooltip).to_contain_text(word)
    assert watched.errors == []


@WIDE
def test_break_evens_are_rings_with_their_interval(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    rings = page.locator(f"{CHART.format('rtt')} path[aria-label*='break-even']")
    expect(rings).to_have_count(2)
    rings.last.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("graphql/unbatched")


@pytest.mark.slow
def test_the_decision_table_comes_first_and_leads_to_the_screens(
    watched: Watched, page_file: Path
) -> None:
    page = opened(watched.page, page_file)
    section = page.locator("main > section").first
    expect(section.locator("h2")).to_have_text("Which arm for which screen")
    section.get_by_role("link", name="storefront").click()
    expect(page.locator("#screen-storefront h2")).to_be_in_viewport()


def colours(page: Page) -> list[str]:
    """Of the page, of a label of a chart, and of an arm's line."""
    places = {
        "body": "backgroundColor",
        f"{CHART.format('rtt')} .role-axis-label text": "fill",
        f"{CHART.format('rtt')} .mark-line path": "stroke",
    }
    return [
        page.locator(place).first.evaluate(f"element => getComputedStyle(element).{part}")
        for place, part in places.items()
    ]


def test_light_dark_and_paper_differ(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.emulate_media(color_scheme="light")
    light = colours(opened(page, page_file))
    page.emulate_media(color_scheme="dark")
    dark = colours(page)
    page.emulate_media(color_scheme="dark", media="print")
    paper = colours(page)
    page.close()
    assert all(one != other for one, other in zip(light, dark, strict=True))
    assert paper == light  # ink on white, whatever the screen has


def test_paper_cuts_nothing_off(browser: Browser, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened(page, page_file)
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 without its margins, at 96 a inch
    page.emulate_media(media="print")
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    cut = page.eval_on_selector_all(
        ".wide", "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    )
    page.close()
    assert cut == 0


def test_without_scripts_the_tables_are_there(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    expect(page.locator("#screen-order-history table")).to_contain_text("13,860")
    expect(page.locator("noscript p")).to_be_visible()
    context.close()


def test_a_screen_that_was_not_timed_has_the_charts_of_its_counts(
    watched: Watched, tmp_path: Path
) -> None:
    screen = history()
    file = tmp_path / "untimed.html"
    arms = [replace(arm, summary=None, predicted_ms={}, samples=[]) for arm in screen.arms]
    file.write_text(html(document(replace(screen, arms=arms, pairs=[]))), encoding="utf-8")
    page = opened(watched.page, file)
    expect(page.locator(".plot svg")).to_have_count(3)
    assert watched.errors == []
