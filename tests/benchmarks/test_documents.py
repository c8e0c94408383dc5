"""The README's numbers: made of the files of results, and compared with those in the checkout."""

import re
from pathlib import Path

import pytest

from benchmarks import documents
from benchmarks.speed.page import rates_block, speed_block
from client_examples.comparison.report.charts.svg import picture
from client_examples.comparison.results.document import from_json, to_json
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
    "environment": {"python": "3.12.1", "node": "22.1.0", "system": "Linux x86_64", "cores": 2,
                    "revision": "0123"},
    "settings": {"seconds": 1, "rounds": 5, "seed": 1, "connections": 16},
    "rates": {"REST point": {"ours": [9000.0, 10000.4, 11000.0], "Flask + ORM": [5000.0]}},
    "ratios": [
        {"of": ["REST point", "ours"], "to": ["REST point", "Flask + ORM"], "median": 2.0123,
         "least": 1.8, "greatest": 2.2, "target": 2.5, "reached": False},
    ],
    "left_out": [],
    "doubts": ["one", "two", "three", "four"],
}  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(TEXT)
    (tmp_path / documents.RESULTS).parent.mkdir(parents=True)
    (tmp_path / documents.RESULTS).write_text(to_json(whole()))
    return tmp_path


def run(*arguments, root):
    return documents.main(list(arguments), root)


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


def test_speed_is_told_as_ratios_with_targets_and_as_rates():
    block = speed_block(SPEED)
    assert "| REST: ours by | point | target |\n| --- | ---: | ---: |" in block
    assert "| Flask + ORM | 2.01 missed | 2.5 |" in block
    rates = rates_block(SPEED)
    assert "| ours | 10,000 |" in rates
    assert "- four" in rates


def test_speed_is_told_with_its_environment_and_doubts():
    block = speed_block(SPEED).replace("\n", " ")
    assert "Medians of 5 turns of 1 s each over 16 connections" in block
    assert "Python 3.12.1, Node 22.1.0 on Linux x86_64, 2 cores, revision 0123." in block
    assert "Doubts: one; two; three; and 1 doubt more in docs/speed.md." in block
    assert "Left out" not in block


def test_speed_without_node_says_who_is_left_out():
    environment = {**SPEED["environment"], "node": None}
    block = speed_block(
        {**SPEED, "environment": environment, "left_out": ["Apollo", "Yoga"], "doubts": []}
    )
    assert "Python 3.12.1 on Linux" in block.replace("\n", " ")
    assert "Left out, since Node was missing: Apollo, Yoga." in block
    assert "Doubts" not in block


def test_the_picture_is_for_light_and_dark_and_names_its_arms():
    svg = picture(history())
    assert "var(--" not in svg
    assert "@media (prefers-color-scheme:dark)" in svg
    assert all(arm.name in svg for arm in history().arms)


def test_the_documents_show_what_the_committed_results_say(capsys):
    assert documents.main(["--check"]) == 0, capsys.readouterr().out


def test_the_committed_results_are_a_whole_run():
    file = documents.ROOT / documents.RESULTS
    if not file.is_file():
        pytest.skip("no results are committed")
    document = from_json(file.read_text(encoding="utf-8"))
    assert document.complete
    assert not document.settings.quick
    assert re.fullmatch(r"[0-9a-f]{7,40}\+?", document.environment["revision"] or "")
