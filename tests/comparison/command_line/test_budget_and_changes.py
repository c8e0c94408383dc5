"""--budget, --against and --junit: what they read, print and write, and the exit status."""

import json
import socket
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from client_examples import compare_apis
from client_examples.comparison.command_line.budget_file import BadBudget, read_budget
from client_examples.comparison.errors import LoadFailed, ServerUnreachable, ViewsDiffer
from client_examples.comparison.report.files import junit
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.judging.regressions import Limit, LimitResult
from client_examples.comparison.screens import author_page, book_list
from tests.comparison.made_documents import arm, document, floor, screen, whole

BEFORE = document(screen("page", arm("rest/a", 2.0, 2), arm("graphql/b", 1.0)))
NOW = document(screen("page", arm("rest/a", 3.0, 3), arm("graphql/b", 1.0)))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for name, made in (("before", BEFORE), ("now", NOW)):
        (tmp_path / f"{name}.json").write_text(to_json(made))
    return {name: str(tmp_path / f"{name}.json") for name in ("before", "now")}


@pytest.fixture
def budget(tmp_path: Path):
    def write(text: str) -> str:
        file = tmp_path / "budget.toml"
        file.write_text(text)
        return str(file)

    return write


def test_a_budget_file_has_numbers_and_times_by_screen_and_arm(budget) -> None:
    text = """
        [page."rest/a"]
        requests = 2
        median_ms = { times = 0.5, of = "graphql/b" }
        ["*"."*"]
        wire_bytes = 1.5e6
    """
    assert read_budget(Path(budget(text))) == [
        Limit("page", "rest/a", "requests", 2),
        Limit("page", "rest/a", "median_ms", 0.5, "graphql/b"),
        Limit("*", "*", "wire_bytes", 1.5e6),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("page = ", "is no TOML"),
        ("", "has no limit, like"),
        ("page = 3", "page must be a table of arms, got 3"),
        ("page.a = 3", "page, a must be a table of limits, got 3"),
        ("page.a.reqests = 3", "page, a: there is no measure 'reqests', but requests, steps"),
        ("page.a.requests = -1", "requests must be 0 or more, got -1"),
        ("page.a.requests = nan", "requests must be 0 or more, got nan"),
        ("page.a.requests = true", "requests must be 0 or more, got True"),
        ("page.a.requests = '3'", "requests must be 0 or more, got '3'"),
        ("page.a.requests = {times = 1}", "requests must be a number, or like"),
        ("page.a.requests = {times = 1, of = 'b', or = 2}", "requests must be a number, or like"),
        ("page.a.requests = {times = 0, of = 'b'}", "times must be more than 0, got 0"),
        ("page.a.requests = {most = 1, times = 1, of = 'b'}", "requests must be a number, or like"),
        ("page.a.requests = {most = -1, over = 'http2'}", "most must be 0 or more, got -1"),
        ("page.a.requests = [1, '2']", "requests must be 0 or more, got '2'"),
        ("page.a.steps = {most = 1, over = 'http3'}", "over must be a name of http1, http1-tls,"),
        ("page.a.statements = {most = 1, over = 'http2'}", "the same over every protocol"),
        ("page.a.steps = {most = 1, rtt = 20}", "steps is the same over every link: leave out rtt"),
        ("page.a.median_ms = {most = 1, rtt = 0}", "rtt must be more than 0, got 0"),
        ("page.a.median_ms = {most = 1, rtt = 20, network = '3g'}", "of rtt or of network, not"),
        ("page.a.median_ms = {most = 1, network = '5g'}", "network must be a name of slow-4g, 3g"),
    ],
)
def test_what_is_no_budget_is_refused_by_its_place(budget, text: str, says: str) -> None:
    with pytest.raises(BadBudget, match=says):
        read_budget(Path(budget(text)))


def test_a_limit_can_be_for_a_protocol_and_a_link(budget) -> None:
    text = (
        "page.'rest/a'.median_ms = [1, {most = 90, over = 'http2', rtt = 20}, "
        "{times = 2, of = 'graphql/b', network = '3g'}]"
    )
    assert read_budget(Path(budget(text))) == [
        Limit("page", "rest/a", "median_ms", 1),
        Limit("page", "rest/a", "median_ms", 90, over="http2", rtt_ms=20),
        Limit("page", "rest/a", "median_ms", 2, "graphql/b", network="3g"),
    ]


def test_an_earlier_runs_own_budget_is_told_as_such(files, budget, capsys) -> None:
    broken = budget('page."*".requests = 2\n')
    checked = str(Path(files["now"]).with_name("checked.json"))
    assert compare_apis.main(["--from", files["now"], "--budget", broken, "--json", checked]) == 5
    capsys.readouterr()
    assert compare_apis.main(["--from", checked]) == 5
    printed = capsys.readouterr()
    assert "Performance budget" in printed.out
    assert "The budget is what that run was checked by" in " ".join(printed.out.split())
    kept = budget('page."*".requests = 3\n')
    assert compare_apis.main(["--from", checked, "--budget", kept]) == 0
    assert "The budget is what" not in capsys.readouterr().out


def test_a_kept_budget_changes_nothing_of_the_status(files, budget, capsys) -> None:
    kept = budget('page."rest/a".requests = 3')
    assert compare_apis.main(["--from", files["now"], "--budget", kept]) == 0
    assert "Of 1 limit: 1 kept." in capsys.readouterr().out


def test_a_broken_one_is_5_with_a_table_of_what_broke_it(files, budget, capsys) -> None:
    broken = budget('page."*".requests = 2\n')
    assert compare_apis.main(["--from", files["now"], "--budget", broken]) == 5
    printed = capsys.readouterr()
    table = printed.out.partition("Performance budget")[2]
    assert "rest/a" in table
    assert "graphql/b" not in table
    assert "compare_apis: the budget is broken. Of 2 limits: 1 broken, 1 kept." in printed.err


def test_a_budget_can_be_of_the_earlier_run(files, budget, capsys) -> None:
    text = budget('page."*".wire_bytes = { times = 1.0, of = "before" }')
    command = ["--from", files["now"], "--budget", text]
    with pytest.raises(SystemExit) as ended:
        compare_apis.main(command)
    assert ended.value.code == 2
    assert 'of = "before" needs an earlier run: --against OLD.json' in capsys.readouterr().err
    assert compare_apis.main([*command, "--against", files["before"]]) == 5


def test_what_changed_since_the_earlier_run_is_told(files, capsys) -> None:
    assert compare_apis.main(["--from", files["now"], "--against", files["before"]]) == 0
    told = capsys.readouterr().out.partition("What changed since the earlier run")[2]
    for words in ("requests", "median ms", "2.00", "3.00", "1.50", "of 2 arms, 4 numbers changed"):
        assert words in " ".join(told.split())
    assert "graphql/b" not in told
    assert compare_apis.main(["--from", files["before"], "--against", files["before"]]) == 0
    assert "nothing changed beyond noise" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("has_floors", [True, False])
def test_without_a_floor_a_slower_machine_is_told_to_count(tmp_path, capsys, has_floors) -> None:
    floors = [floor("rest", 0.5), floor("graphql", 0.5)] if has_floors else []
    made = replace(NOW, screens=[replace(one, floors=floors) for one in NOW.screens])
    file = tmp_path / "run.json"
    file.write_text(to_json(made))
    assert compare_apis.main(["--from", str(file), "--against", str(file)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert ("No floor was timed in both runs (--floor-rest, --floor-graphql)" in told) is (
        not has_floors
    )


def test_the_bookstores_revision_is_not_told_of_other_servers(tmp_path, capsys) -> None:
    told = []
    for screens_file in (None, "mine.py"):
        made = replace(
            NOW,
            settings=replace(NOW.settings, screens_file=screens_file),
            environment={**NOW.environment, "revision": "abc123"},
        )
        file = tmp_path / "run.json"
        file.write_text(to_json(made))
        compare_apis.main(["--from", str(file), "--against", str(file)])
        told.append("revision abc123" in capsys.readouterr().out)
    assert told == [True, False]


def test_why_limits_are_not_known_is_told_once(files, budget, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    unknown = from_json(Path(files["now"]).read_text())
    arms = [replace(one, counts=replace(one.counts, statements=None))
            for one in unknown.screens[0].arms]  # fmt: skip
    made = replace(unknown, screens=[replace(unknown.screens[0], arms=arms)])
    Path(files["now"]).write_text(to_json(made))
    text = budget('page."*".statements = 3\npage."*".requests = 2\n')
    assert compare_apis.main(["--from", files["now"], "--budget", text]) == 5
    told = capsys.readouterr().out.partition("Performance budget")[2]
    assert told.count("Server-Timing") == 1
    (row,) = [line for line in told.splitlines() if line.startswith("graphql/b")]
    assert row.split() == ["graphql/b", "SQL", "statements", "3", NONE, "not", "known"]


@pytest.mark.parametrize("ends_at", ["before", "on the way"])
def test_junit_of_a_run_that_did_not_end_has_an_error(tmp_path, capsys, ends_at) -> None:
    xml = tmp_path / "junit.xml"
    if ends_at == "before":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            assert compare_apis.main(["--rest-url", url, "--junit", str(xml)]) == 3
        assert "Wrote" in capsys.readouterr().out
    else:
        xml.write_text(junit(replace(NOW, complete=False)))
    (error,) = (root := ET.parse(xml).getroot()).iter("error")
    assert root.get("errors") == "1"
    says = "does not answer" if ends_at == "before" else "this run did not end"
    assert says in error.get("message", "")


def test_an_earlier_run_of_other_screens_is_told_so(files, capsys) -> None:
    other = Path(files["before"]).with_name("other.json")
    text = Path(files["before"]).read_text(encoding="utf-8")
    other.write_text(text.replace('"page"', '"another"'), encoding="utf-8")
    assert compare_apis.main(["--from", files["now"], "--against", str(other)]) == 0
    assert "nothing could be compared" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("budget_text", "says"),
    [
        ("pgae.'*'.requests = 1", "there is no screen 'pgae', but page"),
        ("page.'rest/b'.requests = 1", "there is no arm 'rest/b', but rest/a, graphql/b"),
    ],
)
def test_names_that_results_do_not_have_are_wrong_usage(
    files, budget, capsys, budget_text: str, says: str
) -> None:
    assert compare_apis.main(["--from", files["now"], "--budget", budget(budget_text)]) == 2
    assert says in capsys.readouterr().err


def test_names_that_no_screen_has_are_found_before_anything_is_measured(budget, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        compare_apis.main(["--budget", budget("book-lits.'*'.requests = 1")])
    assert ended.value.code == 2
    assert "there is no screen 'book-lits', but author-page" in capsys.readouterr().err


def test_what_is_no_earlier_run_is_found_before_anything_is_measured(budget, capsys) -> None:
    assert compare_apis.main(["--against", budget("{}")]) == 2
    assert "holds no results of --json" in capsys.readouterr().err


def test_a_run_is_held_to_the_budget_of_the_screens_that_it_loads(
    server, budget, tmp_path, capsys
) -> None:
    json, xml = tmp_path / "results.json", tmp_path / "junit.xml"
    limits = budget("'*'.'rest/textbook'.requests = 1\n'*'.'*'.steps = 9\n")
    run = ["--rest-url", server.url, "--graphql-url", server.url, "--rtt", "0", "--samples", "2"]
    run += ["--budget", limits, "--json", str(json), "--junit", str(xml)]
    screens = (author_page.screen, book_list.screen)
    assert compare_apis.main([*run, "--screen", "book-list"], screens) == 0
    assert compare_apis.main([*run, "--screen", "author-page"], screens) == 5
    made = from_json(json.read_text())
    assert [one.limit.screen for one in made.budget] == ["author-page"] * len(made.budget)
    assert {one.outcome for one in made.budget} == {"broken", "kept"}
    assert ET.parse(xml).getroot().get("failures") == "1"
    # What was found is told again from the file alone.
    assert compare_apis.main(["--from", str(json)]) == 5


def test_junit_has_a_test_for_each_arm_and_limit_with_stable_names(files, budget, tmp_path) -> None:
    xml = tmp_path / "junit.xml"
    text = """
        page."rest/a".requests = 2
        page."rest/a".wire_bytes = { times = 9, of = "before" }
        page."graphql/b".statements = 3
    """
    command = ["--from", files["now"], "--against", files["before"], "--budget", budget(text)]
    assert compare_apis.main([*command, "--junit", str(xml)]) == 5
    (suite,) = root = ET.parse(xml).getroot()
    assert [one.get("name") for one in suite] == [
        "rest/a",
        "graphql/b",
        "rest/a: requests at most 2",
        "rest/a: wire bytes at most 9 x before",
        "graphql/b: SQL statements at most 3",
    ]
    assert float(suite[0].get("time", "")) == pytest.approx(0.003, rel=0.05)
    assert [
        (one.get("tests"), one.get("failures"), one.get("errors")) for one in (root, suite)
    ] == [("5", "1", "0")] * 2
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "found 3, at most 2"


def test_junit_tells_what_was_found_of_too_few_loads() -> None:
    limit = Limit("page", "rest/a", "median_ms", 2)
    few = LimitResult(limit, 2.0, 3.0, "within noise", "of too few loads to tell (1; it takes 6)")
    root = ET.fromstring(junit(replace(NOW, budget=[few])))
    assert [one.text for one in root.iter("system-out")] == [
        "found 3.00, at most 2.00: within noise: of too few loads to tell (1; it takes 6)"
    ]


def test_names_that_xml_cannot_hold_do_not_break_the_file() -> None:
    made = whole()
    odd = replace(made.screens[0], name="a\x00<b>\ud800&")
    (suite, *_) = ET.fromstring(junit(replace(made, screens=[odd])).encode())
    assert suite.get("name") == "a\N{REPLACEMENT CHARACTER}<b>\N{REPLACEMENT CHARACTER}&"


def test_the_documented_budget_is_kept_by_the_published_run(budget) -> None:
    root = Path(compare_apis.__file__).parents[1]
    text = (root / "docs/continuous_integration.md").read_text()
    example = budget(text.partition("```toml\n")[2].partition("```")[0])
    published = str(root / "docs/results/comparison.json")
    assert compare_apis.main(["--from", published, "--budget", example]) == 0


BROKEN = 'page."*".requests = 2\n'


@pytest.mark.parametrize(
    ("failures", "complete", "status", "said"),
    [
        ([], False, 130, "results.json is of a run that did not end"),
        ([LoadFailed("HTTP_503: 503", screen="other")], True, 1, "other: HTTP_503: 503"),
        ([ViewsDiffer("the views differ", screen="other")], True, 4, "other: the views differ"),
        ([ServerUnreachable("http://there", "refused")], False, 3, "http://there does not answer"),
    ],
    ids=["interrupted", "failed", "differ", "unreachable"],
)
@pytest.mark.parametrize("screens", [NOW.screens, []], ids=["some", "none"])
def test_what_an_unfinished_run_has_saved_ends_with_its_status(
    tmp_path, budget, capsys, failures, complete, status, said, screens
) -> None:
    file = tmp_path / "results.json"
    failed = [one.failure for one in failures]
    made = replace(NOW, complete=complete, failures=failed, screens=screens)
    file.write_text(to_json(made))
    asked = ["--from", str(file), "--html", str(tmp_path / "page.html")]
    assert compare_apis.main(asked) == status
    assert said in capsys.readouterr().err
    # A screen that is lost is no wrong name.
    assert compare_apis.main([*asked, "--budget", budget(BROKEN)]) == status
    assert ("the budget is broken" in capsys.readouterr().err) is bool(screens)


def test_failures_of_older_results_count_as_well(tmp_path) -> None:
    file = tmp_path / "results.json"
    made = json.loads(to_json(replace(NOW, failures=[LoadFailed("bad", screen="other").failure])))
    del made["failures"][0]["exit_status"]
    file.write_text(json.dumps(made))
    assert compare_apis.main(["--from", str(file)]) == 1


def test_an_earlier_run_that_did_not_end_is_told_as_such(files, tmp_path, capsys) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(to_json(replace(BEFORE, complete=False)))
    for before, is_told in ((files["before"], False), (str(cut), True)):
        assert compare_apis.main(["--from", files["now"], "--against", before]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert ("The earlier run did not end, or some of its" in said) is is_told
