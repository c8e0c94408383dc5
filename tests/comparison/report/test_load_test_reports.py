"""What was found under load, in each of the outputs, and which screens and arms are loaded."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import asdict, replace

import pytest

from benchmarks.memory.__main__ import MIB
from benchmarks.memory.page import memory_block
from client_examples import compare_apis
from client_examples.comparison.command_line.options import parse
from client_examples.comparison.measuring.load_test import locust_process
from client_examples.comparison.measuring.load_test.default_arms import arms_of, usual_screens
from client_examples.comparison.report.charts.load_test import load_chart
from client_examples.comparison.report.files import csv as csv_of
from client_examples.comparison.report.files import html, markdown
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.report.readme import load_block
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.servers.load_test import (
    about,
    caveats,
    cells,
    finding,
)
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.load_test import LoadScreen
from client_examples.comparison.screens import ALL_SCREENS, SCREENS, book_list, order_history
from tests.comparison.made_documents import ENVIRONMENT, whole
from tests.comparison.report.made_load import SETTINGS, arm, history_under_load, step, under_load
from tests.comparison.report.rendered import RENDERED, printed


def options(*given):
    return parse("", list(given), ALL_SCREENS)


# -- what is loaded --------------------------------------------------------------------------


def test_the_usual_screens_and_the_first_and_last_arms_are_loaded():
    asked = options("--load")
    assert [screen.name for screen in asked.loaded] == ["order-history", "book-list", "book-detail"]
    assert [arm.name for arm in arms_of(order_history.screen, asked.settings.load.all_arms)] == [
        "rest/textbook", "rest/fields", "graphql/unbatched", order_history.screen.arms[-1].name,
    ]  # fmt: skip
    assert len(asked.screens) == len(SCREENS)  # all are compared as ever


def test_who_names_screens_has_them_loaded():
    asked = options("--load", "--screen", "deep", "place-order", "--load-all-arms")
    assert [screen.name for screen in asked.loaded] == ["deep", "place-order"]
    assert arms_of(asked.loaded[0], asked.settings.load.all_arms) == asked.loaded[0].arms


def test_of_other_screens_those_that_write_nothing_are_loaded():
    others = [replace(screen, name=f"my-{screen.name}") for screen in SCREENS[4:]]
    assert [screen.name for screen in usual_screens(others)] == [
        "my-book-detail", "my-storefront", "my-deep"
    ]  # fmt: skip


def test_without_load_nothing_is():
    asked = options()
    assert (asked.settings.load, asked.loaded) == (None, [])


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["--load-seconds", "3"], "without --load, --load-seconds has no effect"),
        (["--load-all-arms"], "without --load, --load-all-arms has no effect"),
        (["--load", "--load-seconds", "0"], "must be 0.1 to 3600 s, got 0"),
        (["--load", "--load-users", "0"], "must be a whole number of 1 or more, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused(given, reason, capsys):
    with pytest.raises(SystemExit) as ended:
        options(*given)
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_without_locust_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setattr(locust_process, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as ended:
        options("--load")
    assert ended.value.code == 2
    assert "pip install -e '.[load]'" in capsys.readouterr().err


def test_a_run_is_repeated_as_it_was():
    asked = replace(SETTINGS, step_s=3.0, users=50, processes=2, all_arms=True)
    (command,) = commands(replace(under_load(), settings=replace(under_load().settings, load=asked),
                                  environment={}))  # fmt: skip
    words = command.split()
    again = options(*words[words.index("--compare") + 1 :])
    assert again.settings.load == asked


# -- what is shown ---------------------------------------------------------------------------


def test_a_document_is_read_as_it_was_written():
    made = under_load()
    assert from_json(to_json(made)) == made


def test_documents_of_before_are_still_read():
    found = json.loads(to_json(whole()))
    del found["load"], found["settings"]["load"]
    old = from_json(json.dumps(found))
    assert (old.load, old.settings.load) == ([], None)
    assert "Under load" not in printed(old)


@RENDERED
def test_every_output_has_the_rates(text_of):
    text = text_of(under_load())
    for name in ("rest/textbook", "rest/fields", "graphql/unbatched", "graphql/planned"):
        assert name in text
    for rate in ("1300.0", "900.0") if text_of is csv_of else ("1,300", "≥ 900"):
        assert rate in text


@RENDERED
def test_nothing_is_said_of_load_that_was_not_asked_for(text_of):
    text = text_of(whole())
    assert "Under load" not in text
    assert "load_rate" not in text


def test_cells_tell_rate_limit_and_the_next_rate():
    screen = history_under_load()
    fields, planned = screen.arms[1], screen.arms[3]
    assert cells(fields) == {
        "highest": "1,300", "limit": "the servers", "p50": "5.50", "p99": "61.0", "late": "0.800",
        "failed": "0", "lost": "1,420: > 310",
    }  # fmt: skip
    assert (cells(planned)["highest"], cells(planned)["limit"]) == ("≥ 900", "the generator")


def test_an_arm_that_fails_keeps_no_rate():
    found = cells(history_under_load().arms[0])
    assert (found["highest"], found["failed"], found["lost"]) == ("< 40", "11", "40: failed")
    assert found["p99"] == NONE


def test_a_finding_claims_no_more_than_the_servers_limit():
    assert finding(history_under_load()) == (
        "rest/fields keeps p99 below the bound up to 1,300 views a second; GraphQL's best, "
        "graphql/planned, up to 900 views a second, or more; how they compare is not known, as it "
        "was not always the servers that ended it."
    )


@pytest.mark.parametrize(("other", "is_near"), [(1100.0, True), (900.0, False)])
def test_rates_that_the_search_cannot_tell_apart_are_not_told_apart(other, is_near):
    rest = arm("rest/fields", 1300.0, step(1300.0, 5.0, 60.0))
    graphql = arm("graphql/planned", other, step(other, 5.0, 60.0))
    said = finding(LoadScreen("s", "shows", [rest, graphql]))
    assert ("no more apart than the search can tell" in said) is is_near


def test_a_screen_of_which_nothing_was_kept_says_so():
    screen = history_under_load()
    assert "No arm kept" in finding(replace(screen, arms=screen.arms[:1]))


def test_the_generators_part_is_a_doubt_beside_the_numbers():
    made = under_load()
    said = " ".join(caveats(made))
    assert "share one machine" in said
    assert "order-history (graphql/planned)" in said
    for text_of in (markdown, html):
        assert "order-history (graphql/planned)" in text_of(made)
    assert "timed from when it was due" in about(SETTINGS)
    away = {"rest_url": "http://192.0.2.1:8000", "graphql_url": "http://192.0.2.1:8001"}
    elsewhere = replace(made, settings=replace(made.settings, **away))
    assert "share one machine" not in " ".join(caveats(elsewhere))


def test_the_page_shows_the_rates_and_the_memory():
    block = load_block(under_load())
    assert "| order-history | `graphql/planned` | ≥ 900 | the generator |" in block
    assert "- **order-history**: rest/fields keeps p99 below the bound up to 1,300" in block
    verdict = {"middle": 150, "added": 1.5, "added_low": -1, "added_high": 2, "bound": 3}
    server = {
        "readings": [{"requests": 1000 * n, "bytes": (100 + n) * MIB} for n in range(21)],
        "verdict": {name: value * MIB for name, value in verdict.items()} | {"grows": False},
    }
    told = memory_block({"environment": ENVIRONMENT, "servers": {"rest": server}})
    assert told.count("\n| ") == 2 + 11  # every other one, the first and the last among them
    assert "| 20,000 | 120.0 |" in told
    assert "adds 1.50 MiB (95%: -1.00 to 2.00) to 150.00 MiB" in told
    assert "It is flat." in " ".join(told.split())


def test_csv_has_a_row_per_step():
    rows = list(csv.DictReader(io.StringIO(csv_of(under_load()))))
    steps = [row for row in rows if row["load_rate (arrivals/s)"]]
    assert len(steps) == sum(len(arm.steps) for arm in history_under_load().arms)
    assert steps[0]["load_failed"] == "5"


def test_a_chart_has_a_point_per_rate_and_percentile():
    chart = json.dumps(load_chart(history_under_load(), 100.0))
    assert chart.count('"what": "p99"') == 3 + 2 + 2  # none where it falls among failures
    assert chart.count('"what": "p50"') == 1 + 3 + 2 + 2
    assert load_chart(LoadScreen("s", "shows", [arm("rest/fields", None)]), 100.0) is None


def test_what_an_engine_finds_is_shown_also_when_it_ends_on_the_way(tmp_path, monkeypatch):
    lines = [json.dumps({"alone_ms": 1.0}), json.dumps({"step": asdict(step(10.0, 1.0, 2.0))})]
    program = tmp_path / "locust.py"
    program.write_text(
        "import sys\n"
        "file = next(a for a in sys.argv if a.startswith('--results=')).partition('=')[2]\n"
        f"open(file, 'w').write({chr(10).join([*lines, ''])!r})\n"
        "print('[now] vm/ERROR/load: the end of the world')\n"
    )
    monkeypatch.setattr(locust_process.sys, "executable", "python3")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    seen = []
    with pytest.raises(compare_apis.ComparisonError, match="end of the world"):
        locust_process.search(
            book_list.screen, book_list.screen.arms[1], locust_process.Servers("http://a", "http://b"),
            SETTINGS, 1, None, seen.append,
        )  # fmt: skip
    assert seen[-1].highest == 10.0
    assert seen[-1].limit == "time"


def test_the_comparison_never_has_gevent_or_locust_in_its_own_process():
    code = (
        "import sys, client_examples.compare_apis, client_examples.comparison.report.page.html\n"
        "sys.exit(bool({'gevent', 'locust'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "gevent" not in sys.modules  # nor do the plugins of pytest
