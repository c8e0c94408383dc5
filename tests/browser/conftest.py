"""A real browser that can reach this machine alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from benchmarks import npm
from client_examples.comparison.loading.loader import Loader
from tests.fixtures import Pair, reading_pair, writing_pair
from tests.programs import need_node
from tests.waiting import LIMIT_S

__all__ = ["reading_pair", "writing_pair"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(LIMIT_S * 1_000)
GRAPHIQL = Path(__file__).parents[2] / "graphql_api" / "graphiql" / "node_modules" / "graphiql"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
HERE = ("127.0.0.1", "localhost")


class Watched:
    """A page, with what it did that a good one does not."""

    def __init__(self, page: Page, *, has_pictures: bool) -> None:
        self.page = page
        self._has_pictures = has_pictures
        self.left: list[str] = []  # requests that would have left the machine
        self.errors: list[str] = []
        page.route("**/*", self._keep_here)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _keep_here(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in HERE:
            self.left.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def _note(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.errors.append(str(getattr(message, "text", message)))

    @property
    def is_wider_than_its_window(self) -> bool:
        """Whether one has to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    @property
    def barriers(self) -> list[str]:
        """What axe-core finds on the page that keeps some people from using it."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run().then(found => found.violations)")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found
            for node in one["nodes"]
        ]  # fmt: skip

    def shot(self, name: str) -> None:
        """With --all, a picture of the whole page, where one can look at it afterwards."""
        if not self._has_pictures:
            return
        folder = Path(__file__).parents[2] / "build" / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.fixture(scope="package")  # longer would keep an event loop running under other tests
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(
            f"no browser: none of {', '.join(NAMES)} is here; on Debian, apt-get install chromium"
        )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


# For what the width of the page changes nothing of; a telephone's is tried with --all.
WIDE = pytest.mark.parametrize(
    "watched",
    [(1280, 900), pytest.param((390, 844), marks=pytest.mark.slow)],
    ids=["wide", "narrow"],
    indirect=True,
)


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["wide", "narrow"])
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    """An empty page, as wide as a desk's or a telephone's."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(LIMIT_S * 1_000)
    yield Watched(context.new_page(), has_pictures=request.config.getoption("--all"))
    context.close()


@pytest.fixture(scope="session")
def axe() -> None:
    """The JavaScript package of this folder, axe-core."""
    need_node()
    npm.install(AXE.parents[2])


@pytest.fixture
def graphiql_files() -> None:
    """Skips where GraphiQL's files are not installed."""
    if not GRAPHIQL.is_dir():
        pytest.skip("no GraphiQL: npm has not installed graphql_api/graphiql/node_modules")


@pytest.fixture
def urls(reading_pair: Pair) -> dict[str, str]:
    """The addresses of both servers."""
    return {"rest": reading_pair.rest.base_url, "graphql": reading_pair.graphql.base_url}


@pytest.fixture(scope="module")
def loader(reading_pair: Pair) -> Iterator[Loader]:
    """The comparison's own, over the same servers."""
    loader = Loader(reading_pair.rest.base_url, reading_pair.graphql.base_url)
    yield loader
    loader.close()
