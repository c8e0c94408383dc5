"""The comparison's page, opened from its file in a browser that reaches nothing else."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from client_examples.comparison.analysis.regressions.budget import checked
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.report.files import html
from client_examples.comparison.results.judging.regressions import Limit
from tests.browser.conftest import WIDE, Watched
from tests.comparison.made_documents import document, history, whole
from tests.selection import slow

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


@WIDE
def test_the_page_needs_nothing_but_itself(
    watched: Watched, page_file: Path, request: pytest.FixtureRequest
) -> None:
    page = opened(watched.page, page_file)
    assert page_file.stat().st_size < 2_000_000
    unfold(page)
    for plot in page.locator(".plot").all():
        expect(plot.locator("svg")).to_be_visible()
        assert plot.locator("svg").bounding_box()["width"] > 100
    watched.shot(f"report-{request.node.callspec.id}")
    assert not watched.is_wider_than_its_window
    assert (watched.left, watched.errors) == ([], [])


MARKS = (
    ("rtt", "path[aria-roledescription=point]", ["round-trip time", "rest/"]),
    ("bytes", "path[aria-roledescription=bar]", ["values that the arm used", "13,860"]),
    ("statements", "path[aria-roledescription=bar]", ["statements", "26"]),
    ("medians", "path[aria-roledescription=bar]", ["median ms (95%)", "rest/textbook"]),
)


@pytest.mark.slow
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


@pytest.mark.slow
@WIDE
def test_break_evens_are_rings_with_their_interval(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    rings = page.locator(f"{CHART.format('rtt')} path[aria-label*='break-even']")
    expect(rings).to_have_count(2)
    rings.last.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("graphql/unbatched")


def unfold(page: Page) -> None:
    """Open all that is folded, and wait for its charts."""
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    page.wait_for_function(
        "[...document.querySelectorAll('.plot')].every(one => one.dataset.width === 'container')"
    )


@WIDE
def test_the_answer_comes_first_and_all_of_it_is_in_the_first_two_screens(
    watched: Watched, page_file: Path
) -> None:
    page = opened(watched.page, page_file)
    headings = page.locator("h1, h2, h3").all_inner_texts()
    assert headings[:2] == ["REST or GraphQL, for these screens?", "The answer"]
    (faster,) = (one for one in headings if one.startswith("What would speed up the slowest arms"))
    assert headings.index(faster) < headings.index("Contents")
    expect(page.locator(".answer > p").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".matrix td").first).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight") < 8_000


@pytest.mark.slow
@WIDE
def test_only_the_first_screen_is_unfolded(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    expect(page.locator("main > section > details[open]")).to_have_count(1)
    expect(page.locator("#screen-order-history")).to_be_visible()
    first = page.locator("#screen-order-history > *").first
    expect(first).to_have_class("waterfall")


@pytest.mark.slow
@WIDE
@pytest.mark.parametrize("scripts", [True, *slow(False)], ids=["scripts", "plain"])
def test_a_link_opens_what_is_folded(
    browser: Browser, watched: Watched, page_file: Path, *, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts, viewport=watched.page.viewport_size)
    page = context.new_page()
    page.goto(page_file.as_uri())
    lane = page.locator("[id='screen-storefront/graphql/dataloader']")
    expect(lane).not_to_be_visible()
    page.goto(f"{page_file.as_uri()}#screen-storefront/graphql/dataloader")
    expect(lane).to_be_in_viewport()
    page.locator("nav").get_by_role("link", name="book-list").click()
    expect(page.locator("#screen-book-list .waterfall h3")).to_be_in_viewport()
    page.locator(".matrix").get_by_role("link", name="storefront").click()
    expect(page.locator("#screen-storefront .waterfall h3")).to_be_in_viewport()
    context.close()


def last_bar(page: Page, arm: str) -> dict[str, float]:
    """Where the last bar of an arm of the first screen is drawn, in parts of its track."""
    found: dict[str, float] = page.evaluate(
        """arm => {
          const bar = [...document.getElementById(`screen-order-history/${arm}`)
            .querySelectorAll(".track i")].at(-1).getBoundingClientRect();
          const track = document.querySelector(".track").getBoundingClientRect();
          return { start: (bar.left - track.left) / track.width,
                   end: (bar.right - track.left) / track.width };
        }""",
        arm,
    )
    return found


@pytest.mark.slow
@WIDE
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_distance_moves_the_bars_and_marks_its_column(
    browser: Browser, watched: Watched, page_file: Path, *, scripts: bool
) -> None:
    """Without scripts too; positions cannot be asked for then, but texts and columns can."""
    context = browser.new_context(java_script_enabled=scripts, viewport=watched.page.viewport_size)
    page = context.new_page()
    page.goto(page_file.as_uri())
    lane = page.locator("[id='screen-order-history/rest/textbook'] .time")
    column = page.locator(".answer .matrix thead th").nth(3)
    ink = page.locator("h1").evaluate("one => getComputedStyle(one).color")
    expect(page.get_by_role("radio", name="20 ms")).to_be_checked()  # as the answer's sentence
    expect(column).to_have_css("border-left-color", ink)
    expect(lane).to_have_text("434 ms", use_inner_text=True)
    before = last_bar(page, "rest/fields") if scripts else {}
    page.locator(".distance").get_by_text("loopback", exact=True).click()
    expect(page.get_by_role("radio", name="loopback")).to_be_checked()
    expect(column).not_to_have_css("border-left-color", ink)
    expect(lane).to_have_text(re.compile(r"^1[34]\.\d ms$"), use_inner_text=True)
    if scripts:
        assert before["end"] == pytest.approx(21.4 / 434, rel=0.05)
        assert last_bar(page, "rest/fields")["end"] > before["end"]
        assert last_bar(page, "rest/textbook")["end"] == pytest.approx(1, abs=0.02)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="1 ms", exact=True)).to_be_checked()
    context.close()


@pytest.mark.slow
@WIDE
def test_a_word_is_explained_by_a_tap_and_by_a_key(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    meaning = page.locator("#word-arm")
    expect(meaning).to_be_hidden()
    word = page.locator(".answer .word", has_text="arm").first
    word.click()
    expect(meaning).to_contain_text("one way of loading a screen over one API")
    expect(meaning).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    assert not watched.is_wider_than_its_window


@pytest.mark.slow
@WIDE
def test_all_columns_are_there_for_the_asking(watched: Watched, page_file: Path) -> None:
    page = opened(watched.page, page_file)
    screen = page.locator("#screen-order-history")
    spare = screen.locator("thead").get_by_text("floor share")
    expect(spare).to_be_hidden()
    screen.get_by_label("all columns").check()
    expect(spare).to_be_visible()
    assert not watched.is_wider_than_its_window


@pytest.mark.slow
@WIDE
@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_keeps_nobody_out(watched: Watched, page_file: Path, scheme: str) -> None:
    watched.page.emulate_media(color_scheme=scheme)
    page = opened(watched.page, page_file)
    assert watched.barriers == []
    unfold(page)
    page.locator(".answer .word").first.click()
    assert watched.barriers == []


@pytest.mark.slow
def test_a_narrow_window_is_wide_enough_for_long_names(browser: Browser, tmp_path: Path) -> None:
    first, *others = whole().screens
    long = "one-of-many-words-" * 4
    named = replace(first.arms[0].exchanges[0], path=f"/books?ids={'1234567,' * 30}")
    arms = [replace(first.arms[0], name=f"rest/{long}", exchanges=[named]), *first.arms[1:]]
    screens = [replace(first, name=long, arms=arms, pairs=[]), *others]
    file = tmp_path / "long.html"
    file.write_text(html(replace(whole(), screens=screens)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 740})
    opened(page, file)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()


@pytest.mark.slow
def test_paper_shows_all_that_is_folded(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    opened(page, page_file)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("details:not([open])")).to_have_count(0)
    widths = page.eval_on_selector_all(".plot svg", "all => all.map(one => one.clientWidth)")
    assert len(widths) == 12
    assert min(widths) > 100
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("main > section > details[open]")).to_have_count(1)
    page.close()


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_paper_cuts_nothing_off(browser: Browser, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened(page, page_file)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
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
    expect(page.locator("#screen-order-history .lane").first).to_contain_text("GET /books/1")
    expect(page.locator("noscript p")).to_be_visible()
    context.close()


@pytest.mark.slow
@WIDE
def test_a_screen_that_was_not_timed_has_the_charts_of_its_counts(
    watched: Watched, tmp_path: Path
) -> None:
    screen = history()
    file = tmp_path / "untimed.html"
    arms = [replace(arm, summary=None, predicted_ms={}, samples=[]) for arm in screen.arms]
    file.write_text(html(document(replace(screen, arms=arms, pairs=[]))), encoding="utf-8")
    page = opened(watched.page, file)
    expect(page.locator(".plot svg")).to_have_count(2)
    assert watched.errors == []


@WIDE
def test_what_failed_is_seen_on_opening_the_page(watched: Watched, tmp_path: Path) -> None:
    limits = [Limit("order-history", "rest/fields", "requests", most) for most in (0, 1)]
    failed = LoadFailed("HTTP_503: out of books", screen="gone", arm="rest/textbook").failure
    made = replace(whole(), failures=[failed])
    file = tmp_path / "broken.html"
    file.write_text(html(replace(made, budget=checked(limits, made, None))), encoding="utf-8")
    page = opened(watched.page, file)
    wide = page.viewport_size or {}
    for text in ("HTTP_503: out of books", "The budget is broken. Of 2 limits: 1 broken, 1 kept."):
        expect(page.get_by_text(text)).to_be_in_viewport()
    broken = page.locator(".urgent td", has_text="broken")
    expect(broken).to_be_in_viewport()
    box = broken.bounding_box()
    assert box["x"] + box["width"] <= wide["width"]
    kept = page.locator(".urgent td", has_text="kept")
    expect(kept).to_be_hidden()
    page.get_by_text("Kept:").click()
    expect(kept).to_be_visible()
    assert not watched.is_wider_than_its_window
