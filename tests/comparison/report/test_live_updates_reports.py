"""What was watched, in each of the outputs and by the command."""

import csv
import io
import json
import random
import re
from dataclasses import replace

import pytest

from client_examples import compare_apis
from client_examples.comparison.measuring.live_updates import schedule
from client_examples.comparison.measuring.live_updates.orders import Orders
from client_examples.comparison.report.files import csv as csv_of
from client_examples.comparison.report.files import markdown
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.live_updates import (
    about,
    watch_cells,
    watch_finding,
)
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.live_updates import (
    SeenChange,
    WatchArmResult,
    WatchedOrder,
    WatchResult,
)
from client_examples.comparison.screens import ALL_SCREENS, watch_order
from client_examples.comparison.statistics import median_resamples, summarize
from tests.comparison.fake_orders import FakeOrders
from tests.comparison.made_documents import document, history
from tests.comparison.report.rendered import page as html
from tests.comparison.report.rendered import printed

NAMES = [arm.name for arm in watch_order.screen.arms]


def arm(name, late_ms, requests=1, orders=5, spread=0.03, idle=0.0):
    generator = random.Random(name)
    changes = [
        SeenChange(
            order=number // 3,
            status=("paid", "shipped", "delivered")[number % 3],
            through="rest" if number % 2 else "graphql",
            answered_ns=2_000_000,
            seen_ns=int(late_ms * 1e6 * generator.lognormvariate(0, spread)),
        )
        for number in range(3 * orders)
    ]
    late = [change.seen_ns for change in changes]
    return WatchArmResult(
        name=name,
        description=f"How {name} watches",
        code_lines=9,
        idle_requests_per_hour=idle,
        orders=[WatchedOrder(requests, 200, 1000, 60) for _ in range(orders)],
        changes=changes,
        summary=summarize(late, median_resamples(late, name)),
    )


def result(*arms, **members):
    made = WatchResult(
        name="watch-order",
        shows="an order's changes",
        view=["paid", "shipped", "delivered"],
        interval_ms=500.0,
        apart_ms=550.0,
        arms=list(arms),
    )
    return replace(made, **members)


def usual():
    return result(
        arm("rest/short-poll", 250.0, 6, idle=7200.0),
        arm("rest/long-poll", 3.0, 4, idle=180.0),
        arm("rest/sse", 2.0),
        arm("graphql/subscription", 2.01),
    )


def watched(*screens, watching=None, **options):
    return replace(document(*screens, **options), watching=[watching or usual()])


def test_the_terminal_shows_every_arm_in_100_columns():
    text = printed(watched(history()))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "…" not in text
    for each in usual().arms:
        (row,) = [line for line in text.splitlines() if line.startswith(f"{each.name}  ")]
        assert row.split()[1:3] == [str(each.orders[0].requests), "1,200"]
        assert watch_cells(each)["median"] in row


@pytest.mark.parametrize("render", [printed, markdown, html, csv_of, to_json])
def test_every_output_holds_the_watched_arms_beside_the_loaded_ones(render):
    text = render(watched(history()))
    for name in ("order-history", "watch-order", "rest/textbook", *(a.name for a in usual().arms)):
        assert name in text


@pytest.mark.parametrize("render", [printed, markdown, html, csv_of, to_json])
def test_a_run_that_only_watched_has_a_report_of_that_alone(render):
    text = render(watched())
    assert "graphql/subscription" in text
    assert "loads per arm" not in text
    assert "Beyond one machine" not in text
    assert "over-fetch:" not in text


@pytest.mark.parametrize("render", [printed, markdown, html])
def test_the_report_says_what_was_found_and_what_late_means(render):
    made = re.sub("</?button[^>]*>", "", render(watched(history())))
    text = " ".join(made.replace("&#39;", "'").split())
    assert watch_finding(usual()) in text
    assert about(usual()) in text


def test_the_page_draws_each_change_where_it_has_a_place_for_it():
    page = html(watched(history()))
    (found,) = re.findall(r'<script type="application/json" id="charts">(.*?)</script>', page)
    charts = json.loads(found)["charts"]
    assert set(charts) == set(re.findall(r'<div id="([^"]+)" class="plot">', page))
    (rows,) = charts["watch-order-late"]["datasets"].values()
    drawn = [(row["arm"], row["ms"]) for row in rows]
    assert drawn == [(a.name, one.seen_ns / 1e6) for a in usual().arms for one in a.changes]


def test_the_document_is_read_as_it_was_written():
    made = watched(history())
    assert from_json(to_json(made)) == made
    assert from_json(to_json(document(history()))).watching == []


def test_a_row_of_the_csv_holds_totals_and_times():
    rows = list(csv.DictReader(io.StringIO(csv_of(watched(history())))))
    row = next(row for row in rows if row["arm"] == "rest/long-poll")
    late = usual().arms[1].summary
    assert row["screen"] == "watch-order"
    assert (row["samples"], row["watched_orders"]) == ("15", "5")
    assert row["watched_requests (of all orders)"] == "20"
    assert row["watched_wire_bytes (of all orders)"] == str(5 * 1200)
    assert float(row["late_median_ms"]) == late.median_ns / 1e6
    assert row["late_p95_ms"] == row["median_ms"] == ""


def test_the_finding_claims_what_the_intervals_allow():
    text = watch_finding(usual())
    assert text.startswith("rest/sse knows of a change 2.0")
    assert "no material difference to graphql/subscription (2." in text
    assert "rest/long-poll" not in text
    assert "rest/short-poll knows last, after 2" in text
    assert text.endswith("times as late, with 6 requests an order instead of 1.")


def test_equal_arms_are_said_to_be_equal():
    text = watch_finding(result(arm("rest/sse", 2.0), arm("graphql/sse", 2.01)))
    assert "no material difference to graphql/sse" in text
    assert "last" not in text


def test_what_saw_nothing_is_not_compared():
    nothing = replace(arm("rest/sse", 2.0), changes=[], orders=[], summary=None)
    assert watch_finding(result(nothing)) == "Nothing was seen."
    assert watch_finding(result(nothing, arm("graphql/sse", 2.0))).startswith("graphql/sse knows")
    assert watch_cells(nothing)["median"] == NONE
    assert "graphql/sse" in printed(watched(watching=result(nothing, arm("graphql/sse", 2.0))))


def test_few_changes_have_no_95th_percentile():
    assert watch_cells(arm("rest/sse", 2.0, orders=5))["p95"] == NONE
    assert watch_cells(arm("rest/sse", 2.0, orders=20))["p95"] != NONE


def test_medians_by_the_server_that_made_the_change_stand_apart():
    made = arm("rest/sse", 2.0, spread=0.0)
    changes = [
        replace(one, seen_ns=5_000_000) if one.through == "graphql" else one for one in made.changes
    ]
    cells = watch_cells(replace(made, changes=changes))
    assert (cells["rest"], cells["graphql"], cells["max"]) == ("2.00", "5.00", "5.00")


def test_the_mean_of_the_requests_is_exact_where_it_can_be():
    each = [WatchedOrder(requests, 100, 101, 0) for requests in (5, 6, 6)]
    assert watch_cells(replace(arm("rest/short-poll", 250.0), orders=each))["requests"] == "5.7"
    assert watch_cells(arm("rest/short-poll", 250.0, requests=6))["requests"] == "6"


def test_the_command_to_repeat_it_names_the_screen():
    assert commands(watched(history()))[-1].endswith("--screen order-history watch-order")


class TestCommand:
    """`compare_apis.py`, against a fake, with less time between the changes."""

    @pytest.fixture(autouse=True)
    def quickly(self, monkeypatch):
        monkeypatch.setattr(watch_order, "INTERVAL_S", 0.02)
        for name, value in (("INTERVAL_S", 0.02), ("APART_S", 0.03), ("NEAREST_S", 0.0)):
            monkeypatch.setattr(schedule, name, value)

    @pytest.fixture
    def run(self, tmp_path, capsys):
        def run(*arguments):
            with FakeOrders() as server:
                urls = ["--rest-url", server.url, "--graphql-url", server.url]
                file = tmp_path / "results.json"
                status = compare_apis.main([*urls, *arguments, "--json", str(file)])
            said = capsys.readouterr()
            found = json.loads(file.read_text()) if file.exists() else None
            return status, said.out, said.err, found

        return run

    def test_it_is_listed_with_its_arms(self, capsys):
        assert compare_apis.main(["--list"]) == 0
        listed = capsys.readouterr().out
        _, _, part = listed.partition("\nwatch-order: ")
        assert [line.split()[0] for line in part.splitlines() if line[2:3].strip()][1:] == NAMES

    def test_it_is_one_of_the_screens_to_choose_from(self, capsys):
        with pytest.raises(SystemExit):
            compare_apis.main(["--screen", "watch"])
        error = capsys.readouterr().err
        assert all(screen.name in error for screen in ALL_SCREENS)

    @pytest.mark.parametrize(("options", "orders"), [((), 5), (("--quick",), 1)])
    def test_it_can_be_watched_alone(self, run, options, orders):
        status, out, err, found = run("--screen", "watch-order", *options)
        assert (status, err) == (0, "")
        assert found["complete"]
        assert found["screens"] == []
        (watching,) = found["watching"]
        assert [one["name"] for one in watching["arms"]] == NAMES
        assert {len(one["orders"]) for one in watching["arms"]} == {orders}
        assert {len(one["changes"]) for one in watching["arms"]} == {3 * orders}
        assert "watch-order" in out

    def test_what_was_measured_is_shown_again(self, run, tmp_path, capsys):
        _, out, _, _ = run("--screen", "watch-order", "--quick")
        page = tmp_path / "page.html"
        file = str(tmp_path / "results.json")
        assert compare_apis.main(["--from", file, "--html", str(page)]) == 0
        again = capsys.readouterr().out
        assert again.replace(f"Wrote {page}", f"Wrote {file}") == out
        assert "graphql/subscription" in page.read_text()

    def test_an_interruption_keeps_the_orders_that_were_watched(self, run, monkeypatch):
        change, made = Orders.change, []

        def interrupted(orders, *arguments):
            made.append(arguments)
            if len(made) > 40:
                raise KeyboardInterrupt
            change(orders, *arguments)

        monkeypatch.setattr(Orders, "change", interrupted)
        status, out, _, found = run("--screen", "watch-order")
        assert status == 130
        assert not found["complete"]
        assert {len(one["orders"]) for one in found["watching"][0]["arms"]} == {2}
        assert "This run did not end" in out

    def test_arms_that_saw_different_things_are_status_4(self, run, monkeypatch):
        made = FakeOrders.__init__

        def twice(server):
            made(server)
            server.repeats = {"sse"}

        monkeypatch.setattr(FakeOrders, "__init__", twice)
        status, _, err, found = run("--screen", "watch-order")
        assert status == 4
        assert "rest/sse: saw paid, paid" in err
        assert found["watching"] == []
