"""Makes docs/lab.png, a picture of the lab: the order history by 21 requests, and by one.

    python -m benchmarks.lab_picture

Starts both servers on free ports, and needs Chromium and the extra `dev`.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.published import BROWSERS
from launcher.processes import ServerPair

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "lab.png"
SHOWN = (
    "?screen=order-history&rest=rest/textbook&graphql=graphql/unbatched&distance=100"
    "&lesson=n-plus-1/1"
)
WIDTH, HEIGHT = 1120, 900  # px; the picture is as high as what it shows
_FROM_ARMS_TO_REQUESTS = """() => {
    const box = selector => document.querySelector(selector).getBoundingClientRect();
    return [box(".arms").top + scrollY - 4, box(".side.rest .requests").bottom + scrollY + 16];
}"""


def main() -> int:
    """Take the picture; the exit status."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no picture: none of {', '.join(BROWSERS)} is installed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, ServerPair(log=Path(folder) / "log") as pair:
        PICTURE.write_bytes(_photographed(f"{pair.graphql_url}/lab{SHOWN}", browser))
    print(f"{PICTURE.relative_to(PICTURE.parents[1])} written, {PICTURE.stat().st_size:,} bytes")
    return 0


def _photographed(address: str, browser: str) -> bytes:
    """What is to be seen once both sides are loaded, in light colours."""
    from playwright.sync_api import sync_playwright  # only those who publish have it

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            page = running.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
            )
            page.goto(address)
            for _ in range(2):  # the second one finds everything open and warm
                page.locator("#load").click()
                page.locator("#status", has_text="Loaded").wait_for()
            top, bottom = page.evaluate(_FROM_ARMS_TO_REQUESTS)
            return page.screenshot(
                full_page=True, clip={"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
            )
        finally:
            running.close()


if __name__ == "__main__":
    sys.exit(main())
