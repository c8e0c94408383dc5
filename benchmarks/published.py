"""The published run: docs/report.html, and docs/report.png, a picture of its first screen.

Both say of which file they are made. That is checked, not their whole text: a page of megabytes
does not have to be committed anew for each word that changes in a template.
"""

import hashlib
import shutil
import struct
import zlib
from pathlib import Path

from client_examples.comparison.report.page.html import page
from client_examples.comparison.results.document import from_json

REPORT, SHOT = "report.html", "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MOST_BYTES = 1_500_000  # of the page: readers fetch it, and Git keeps each of its versions
WIDTH, HEIGHT = 1280, 900  # px
_HEADER = 33  # bytes of a PNG before its second chunk: the signature and IHDR


def publish(results: Path) -> list[str]:
    """Make both anew, beside the folder of the results; what is wrong with them, as lines."""
    report, shot = _files(results)
    text = page(from_json(results.read_text(encoding="utf-8"))) + made_of(results)
    if not report.is_file() or report.read_text(encoding="utf-8") != text:
        report.write_text(text, encoding="utf-8")
        print(f"docs/{REPORT} written")
    too_large = _too_large(report)
    if _is_of(shot, report):
        return too_large
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        missing = f"docs/{SHOT} is not made anew: none of {', '.join(BROWSERS)} is installed"
        return [*too_large, missing]
    shot.write_bytes(_marked(_photographed(report, browser), _digest(report)))
    print(f"docs/{SHOT} written")
    return too_large


def unpublished(results: Path) -> list[str]:
    """What is not of these results, as lines."""
    report, shot = _files(results)
    lines = []
    if not report.is_file() or made_of(results) not in report.read_text(encoding="utf-8"):
        lines.append(f"docs/{REPORT} is not the report of these results")
    elif not _is_of(shot, report):
        lines.append(f"docs/{SHOT} is not a picture of docs/{REPORT}")
    return [*lines, *_too_large(report)]


def _too_large(report: Path) -> list[str]:
    size = report.stat().st_size if report.is_file() else 0
    return [f"docs/{REPORT} has {size:,} bytes, at most {MOST_BYTES:,} are allowed"] * (
        size > MOST_BYTES
    )


def _files(results: Path) -> tuple[Path, Path]:
    docs = results.parents[1]
    return docs / REPORT, docs / SHOT


def made_of(results: Path) -> str:
    return f"<!-- made of results/{results.name}, SHA-256 {_digest(results)} -->\n"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_of(shot: Path, report: Path) -> bool:
    return shot.is_file() and _digest(report).encode() in shot.read_bytes()


def _photographed(report: Path, browser: str) -> bytes:
    """The first screen of the page as PNG, in light colours."""
    from playwright.sync_api import sync_playwright  # only those who publish have it

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            opened = running.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
            )
            opened.goto(report.absolute().as_uri(), wait_until="networkidle")
            return opened.screenshot()
        finally:
            running.close()


def _marked(png: bytes, text: str) -> bytes:
    """The picture with a remark: a chunk `tEXt` behind the header (PNG, 11.3.4.3)."""
    data = b"tEXt" + b"Source\0" + text.encode()
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return png[:_HEADER] + chunk + png[_HEADER:]
