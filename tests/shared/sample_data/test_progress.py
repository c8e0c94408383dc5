"""How far the making of a bookstore is: shown where somebody waits, and where it suits."""

import io
import sys

import pytest

from shared.sample_data import progress
from shared.sample_data.progress import SHOWN_FROM, shown_progress


class Terminal(io.StringIO):
    """Standard error of a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line at each step."""
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0)


def work(books: int) -> None:
    with shown_progress(f"making {books:,} books", books, total=4) as shown:
        shown.begin("rows")
        shown.advance(1)
        shown.begin("indexes")
        shown.advance(3)


def test_a_small_bookstore_is_made_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    work(SHOWN_FROM - 1)
    assert capsys.readouterr() == ("", "")


def test_a_log_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    work(1_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "bookstore: making 1,000,000 books: 0% (rows)",
        "bookstore: making 1,000,000 books: 25% (rows)",
        "bookstore: making 1,000,000 books: 25% (indexes)",
        "bookstore: making 1,000,000 books: 99% (indexes)",  # 100 is for what is complete
    ]


def test_lines_come_now_and_then_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY_S", 1e9)
    work(1_000_000)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_which_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    work(1_000_000)
    drawn = terminal.getvalue()
    assert "making 1,000,000 books" in drawn
    assert "━" in drawn
    assert "bookstore: making" not in drawn
    assert drawn.endswith("\x1b[1A\x1b[2K")  # the line is cleared
