"""The lab as tests use it, and what the comparison knows of the same loads."""

import json
import re
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from client_examples.browser_arms.modules import SHOWN
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.screens import SCREENS
from tests.browser.conftest import Watched

COUNTERS = ("requests", "steps", "bytes", "statements")
ON_A_DESK, ON_A_PHONE = (
    pytest.mark.parametrize("watched", [size], ids=[name], indirect=True)
    for size, name in (((1280, 900), "wide"), ((360, 740), "narrow"))
)


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
