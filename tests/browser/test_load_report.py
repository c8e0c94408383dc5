"""The charts of what was found under load, as they are drawn."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from client_examples.comparison.report.files import html
from tests.browser.conftest import WIDE, Watched
from tests.comparison.report.made_load import under_load


@pytest.mark.slow
@WIDE
def test_rates_are_drawn_with_what_they_took(
    watched: Watched, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file, page = tmp_path / "load.html", watched.page
    file.write_text(html(under_load()), encoding="utf-8")
    page.goto(f"{file.as_uri()}#load")
    page.wait_for_selector("html[data-charts=drawn]")
    chart = page.locator("#order-history-load")
    expect(chart.locator("svg")).to_be_visible()
    marks = chart.locator(".mark-symbol path[aria-roledescription=point]")
    expect(marks).to_have_count(15)
    width = page.evaluate("window.innerWidth")
    assert chart.locator("svg").bounding_box()["width"] <= width
    for label in ("rest/fields", "graphql/planned"):
        expect(chart.locator(".role-legend-label", has_text=label)).to_be_visible()
    marks.last.hover(force=True)
    expect(page.locator("#vg-tooltip-element")).to_contain_text("per second")
    watched.shot(f"load-{request.node.callspec.id}")
    assert not watched.is_wider_than_its_window
    assert watched.errors == []
