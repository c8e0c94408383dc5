"""The README's numbers: made of the files of results, and compared with those in the checkout."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import documents
from benchmarks.claims.catalogue import COMPARISONS
from benchmarks.published import made_of
from benchmarks.speed.page import rates_block, speed_block
from client_examples.comparison.analysis.conditions import conditions
from client_examples.comparison.analysis.standings import columns
from client_examples.comparison.report.charts.svg import matrix_picture, picture
from client_examples.comparison.report.palette import COLOURS, styles
from client_examples.comparison.report.readme import answer_block, findings_block
from client_examples.comparison.report.sections.answer import matrix_of, sentences
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.made_documents import arm, document, floor, history, whole
from tests.comparison.made_documents import screen as made_screen

FOLDER = documents.ROOT / documents.FOLDER
README = """# Title

<!-- answer -->
old
<!-- /answer -->
kept
<!-- terminal: order-history -->
<!-- /terminal -->
"""
FINDINGS = """# Findings

<!-- comparison: order-history -->
old
<!-- /comparison -->
kept
<!-- ways -->
<!-- /ways -->
<!-- findings -->
<!-- /findings -->
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


def fill(root: Path) -> None:
    (root / "README.md").write_text(README)
    (root / documents.RESULTS).parent.mkdir(parents=True)
    (root / documents.FINDINGS_PAGE).write_text(FINDINGS)
    (root / documents.RESULTS).write_text(to_json(whole()))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    fill(tmp_path)
    return tmp_path


def run(*arguments, root):
    return documents.main(list(arguments), root)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A checkout whose documents were made, which no test changes: with a picture by Chromium."""
    root = tmp_path_factory.mktemp("made")
    fill(root)
    assert run(root=root) == 0
    return root


@pytest.fixture
def written(made, tmp_path):
    """One for a test to change."""
    return shutil.copytree(made, tmp_path / "written")


@pytest.mark.slow
def test_the_blocks_are_replaced_and_nothing_else(made):
    readme, findings = ((made / file).read_text() for file in ("README.md", "docs/findings.md"))
    assert "old" not in readme + findings
    assert "\nkept\n" in readme
    assert "\nkept\n" in findings
    assert "| `rest/parallel` | 21 | 5 | 13,860 | 62% | 26 |" in findings
    assert "](comparison.svg)" in findings
    assert (made / "docs/comparison.svg").read_text().startswith("<svg")


@pytest.mark.slow
def test_the_readme_shows_the_picture_of_the_answer_and_the_same_as_a_table(made):
    readme, svg = (made / "README.md").read_text(), (made / "docs/answer.svg").read_text()
    assert "](docs/answer.svg)" in readme
    matrix = matrix_of(whole())
    assert matrix is not None
    for screen, cells in matrix.rows:
        assert f">{screen}</text>" in svg
        assert f"| {screen} | {' | '.join(cell.text for cell in cells)} |" in readme
    assert all(f">{heading}</text>" in svg for heading in matrix.headings)


def test_the_picture_of_the_answer_has_both_colours_in_light_and_dark():
    svg = matrix_picture(whole())
    assert "var(--" not in svg
    for name in ("rest-tint", "graphql-tint"):
        light, dark = COLOURS[name]
        assert f'fill="{light}"' in svg.partition("</style>")[2]
        assert f'[fill="{light}"]{{fill:{dark}}}' in svg
    with pytest.raises(ValueError, match="there is no answer"):
        matrix_picture(replace(whole(), screens=[]))


@pytest.mark.slow
def test_the_readme_has_the_answer_and_what_a_terminal_shows(made):
    document, text = whole(), (made / "README.md").read_text()
    columns_found = columns(document, conditions(document))
    assert sentences(document, columns_found)[0] in " ".join(text.split())
    shown = text.partition("```text\n")[2].partition("```")[0]
    assert shown.startswith("order-history")
    assert all(arm.name in shown for arm in history().arms)
    assert max(map(len, shown.splitlines())) <= 80


def test_results_without_times_have_no_answer(checkout):
    untimed = replace(whole(), screens=[])
    with pytest.raises(ValueError, match="there is no answer"):
        answer_block(untimed, "answer.svg")


@pytest.mark.slow
def test_the_same_results_give_the_same_files(written):
    files = {path: path.read_bytes() for path in written.rglob("*") if path.is_file()}
    run(root=written)
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.slow
def test_check_changes_nothing_and_says_what_differs(checkout, written, capsys):
    assert run("--check", root=checkout) == 1
    assert "README.md does not show what was measured" in capsys.readouterr().out
    assert (checkout / "README.md").read_text() == README
    assert run("--check", root=written) == 0
    text = (written / "docs/findings.md").read_text()
    (written / "docs/findings.md").write_text(text.replace("13,860", "13,861", 1))
    assert run("--check", root=written) == 1


@pytest.mark.slow
def test_the_report_and_its_picture_are_those_of_the_results(written, capsys):
    report, shot = written / "docs/report.html", written / "docs/report.png"
    assert shot.read_bytes().startswith(b"\x89PNG")
    (written / documents.RESULTS).write_text(to_json(replace(whole(), began="2020-01-01")))
    assert run("--check", root=written) == 1
    assert "docs/report.html is not the report of these results" in capsys.readouterr().out
    report.write_text(f"{report.read_text()}{made_of(written / documents.RESULTS)}")
    assert run("--check", root=written) == 1
    assert "docs/report.png is not a picture of docs/report.html" in capsys.readouterr().out


@pytest.mark.slow
def test_a_report_that_is_too_large_is_told(written, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.published.MOST_BYTES", 1_000)
    for arguments in (["--check"], []):
        assert run(*arguments, root=written) == 1
        assert "bytes, at most 1,000 are allowed" in capsys.readouterr().out


@pytest.mark.slow
def test_without_a_browser_the_picture_is_said_to_be_missing(checkout, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.published.BROWSERS", ("no-such-browser",))
    assert run(root=checkout) == 1
    out = capsys.readouterr().out
    assert "docs/report.png is not made anew: none of no-such-browser is installed" in out
    assert (checkout / "docs/report.html").is_file()


def test_results_that_are_not_there_leave_their_blocks(tmp_path):
    (tmp_path / "README.md").write_text(README)
    assert run("--check", root=tmp_path) == 0


def test_a_block_that_is_missing_is_named(checkout):
    (checkout / "docs/findings.md").write_text(FINDINGS.replace("<!-- findings -->", ""))
    with pytest.raises(ValueError, match=r"docs/findings.md has no <!-- findings -->"):
        run(root=checkout)


def test_a_screen_without_results_is_named(checkout):
    (checkout / "docs/findings.md").write_text(FINDINGS.replace("order-history", "other"))
    with pytest.raises(ValueError, match="has no screen 'other'"):
        run(root=checkout)
    (checkout / "README.md").write_text(README.replace("order-history", "other"))
    with pytest.raises(ValueError, match="no screen 'other'"):
        run(root=checkout)


@pytest.mark.slow
def test_both_apis_are_told_of_where_they_are_ahead(made):
    text = (made / "docs/findings.md").read_text()
    assert "| loopback | **1**: order-history | **1**: storefront | **1**: book-list |" in text


def test_the_findings_say_where_the_answer_counts_a_lead_as_a_tie():
    arms = arm("rest/fields", 2.0), arm("graphql/planned", 1.5)
    floors = [floor("rest", 1.2), floor("graphql", 0.6)]
    by_servers = replace(made_screen("a", *arms), floors=floors)
    text = " ".join(findings_block(document(by_servers)).split())
    assert "| loopback | 0 | **1**: a | 0 |" in text
    assert (
        "The answer counts some of the leads as ties of the styles: a at loopback; a at 1" in text
    )
    by_styles = replace(by_servers, floors=[floor("rest", 0.6), floor("graphql", 0.6)])
    assert "ties of the styles" not in findings_block(document(by_styles))


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


def test_the_legend_of_the_picture_shows_each_line_s_dash():
    svg = picture(history())
    legend = svg[svg.index("role-legend-symbol") :]
    dashes = {
        ",".join(map(str, one.dash)) for one in styles([a.name for a in history().arms]).values()
    }
    assert dashes <= set(re.findall(r'stroke-dasharray="([^"]+)"', legend))
    lines = re.findall(r'd="M-[\d.]+,0L[\d.]+,0"', legend)  # and not the points' shapes
    assert len(lines) == len(history().arms)
    assert "break-even" not in svg


def test_the_picture_is_for_light_and_dark_and_names_its_arms():
    svg = picture(history())
    assert "var(--" not in svg
    assert "@media (prefers-color-scheme:dark)" in svg
    assert all(arm.name in svg for arm in history().arms)


def test_the_documents_show_what_the_committed_results_say(capsys):
    assert documents.main(["--check"]) == 0, capsys.readouterr().out


COMMITTED = [file for name in COMPARISONS if (file := FOLDER / name).is_file()]


@pytest.mark.parametrize("file", COMMITTED, ids=lambda file: file.name)
def test_the_committed_results_are_of_whole_runs(file: Path) -> None:
    document = from_json(file.read_text(encoding="utf-8"))
    assert document.complete
    assert not document.settings.quick
    assert re.fullmatch(r"[0-9a-f]{7,40}\+?", document.environment["revision"] or "")
