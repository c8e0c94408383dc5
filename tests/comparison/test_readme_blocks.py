"""The README's numbers: made of the files of results, and compared with those in the checkout."""

import re
from pathlib import Path

import pytest

from client_examples.comparison import readme
from client_examples.comparison.document import from_json, to_json
from client_examples.comparison.numbers import NONE
from client_examples.comparison.picture import picture
from client_examples.comparison.readme_blocks import speed_block
from tests.comparison.made_documents import history, whole

TEXT = """# Title

<!-- comparison: order-history -->
old
<!-- /comparison -->
kept
<!-- findings -->
<!-- /findings -->
<!-- speed -->

<!-- /speed -->
"""
SPEED = {
    "environment": {"python": "3.12.1", "system": "Linux x86_64", "cores": 2, "revision": "0123"},
    "settings": {"seconds": 2.0, "rounds": 3, "seed": 1, "connections": 16},
    "rates": {"REST /ping": [9000.0, 10000.4, 11000.0]},
    "ratios": [
        {"name": "REST point read to its floor", "median": 0.6123, "least": 0.58,
         "greatest": 0.655, "target": 0.55, "reached": True},
        {"name": "another", "median": 1.5, "least": 1.4, "greatest": 1.6, "target": None,
         "reached": None},
    ],
}  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(TEXT)
    (tmp_path / readme.RESULTS).parent.mkdir(parents=True)
    (tmp_path / readme.RESULTS).write_text(to_json(whole()))
    return tmp_path


def run(*arguments, root):
    return readme.main(list(arguments), root)


def test_the_blocks_are_replaced_and_nothing_else(checkout):
    assert run(root=checkout) == 0
    text = (checkout / "README.md").read_text()
    assert "old" not in text
    assert "\nkept\n" in text
    assert "| `rest/parallel` | 21 | 5 | 13,860 | 62% | 26 |" in text
    assert "![order-history: time of the screen" in text
    assert (checkout / "docs/comparison.svg").read_text().startswith("<svg")


def test_the_same_results_give_the_same_files(checkout):
    run(root=checkout)
    files = {file: (checkout / file).read_bytes() for file in ("README.md", "docs/comparison.svg")}
    run(root=checkout)
    assert {file: (checkout / file).read_bytes() for file in files} == files


def test_check_changes_nothing_and_says_what_differs(checkout, capsys):
    assert run("--check", root=checkout) == 1
    assert "README.md does not show what was measured" in capsys.readouterr().out
    assert (checkout / "README.md").read_text() == TEXT
    run(root=checkout)
    assert run("--check", root=checkout) == 0
    text = (checkout / "README.md").read_text()
    (checkout / "README.md").write_text(text.replace("13,860", "13,861", 1))
    assert run("--check", root=checkout) == 1


def test_results_that_are_not_there_leave_their_blocks(tmp_path):
    (tmp_path / "README.md").write_text(TEXT)
    assert run("--check", root=tmp_path) == 0


def test_a_block_that_is_missing_is_named(checkout):
    (checkout / "README.md").write_text(TEXT.replace("<!-- findings -->", ""))
    with pytest.raises(ValueError, match=r"<!-- findings -->"):
        run(root=checkout)


def test_a_screen_without_results_is_named(checkout):
    (checkout / "README.md").write_text(TEXT.replace("order-history", "other"))
    with pytest.raises(ValueError, match="has no screen 'other'"):
        run(root=checkout)


def test_both_apis_are_told_of_where_they_are_ahead(checkout):
    run(root=checkout)
    text = (checkout / "README.md").read_text()
    assert "| loopback | **1**: order-history | **1**: storefront | **1**: book-list |" in text


def test_speed_is_told_as_ratios_with_their_range():
    block = speed_block(SPEED)
    assert "| REST point read to its floor | 0.61 | 0.58 to 0.66 | 0.55 |" in block
    assert f"| another | 1.50 | 1.40 to 1.60 | {NONE} |" in block
    assert "| REST /ping | 10,000 |" in block


def test_the_picture_is_for_light_and_dark_and_names_its_arms():
    svg = picture(history())
    assert "var(--" not in svg
    assert "@media (prefers-color-scheme:dark)" in svg
    assert all(arm.name in svg for arm in history().arms)


def test_the_readme_shows_what_the_committed_results_say(capsys):
    assert readme.main(["--check"]) == 0, capsys.readouterr().out


def test_the_committed_results_are_a_whole_run():
    file = readme.ROOT / readme.RESULTS
    if not file.is_file():
        pytest.skip("no results are committed")
    document = from_json(file.read_text(encoding="utf-8"))
    assert document.complete
    assert not document.settings.quick
    assert re.fullmatch(r"[0-9a-f]{7,40}\+?", document.environment["revision"] or "")
