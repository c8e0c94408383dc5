"""What is made of the rates: ratios, targets, doubts, tables."""

import random
from itertools import pairwise

import pytest
from rich.console import Console

from benchmarks.speed import __main__ as run
from benchmarks.speed.report import report
from benchmarks.speed.results import Figures, document, doubts, environment, tails
from benchmarks.speed.tables import free_tables, missed, rate_tables, ratio_tables, tail_tables
from benchmarks.speed.workloads import TURNS
from benchmarks.wrk import Load, LoadFailed

SETTINGS = {"seconds": 1, "rounds": 5, "seed": 1, "connections": 16}
BY_NAME = {turn.name: turn for turn in TURNS}
RATES = {
    "Floor constant answer": {"our REST /ping": [1000.0] * 5},
    "REST point": {"ours": [500.0, 520, 540, 560, 580], "Flask + ORM": [100.0, 260, 135, 140, 145]},
    "GraphQL point": {"planned": [900.0] * 5, "Apollo": [1000.0] * 5},
    "GraphQL list of 20": {"planned": [600.0] * 5, "Apollo": [500.0] * 5},
}
TAILS = {name: {who: [2.0] * 5 for who in by_name} for name, by_name in RATES.items()}
ALONE = Figures(RATES, TAILS)
FREE = Figures(
    {"REST point": {"ours": [900.0] * 5}, "GraphQL point": {"planned": [990.0] * 5}},
    {"REST point": {"ours": [2.0, 3, 4, 5, 6]}, "GraphQL point": {"planned": [1.9] * 5}},
)
GROUP = "GraphQL point"
PART = [BY_NAME[f"{workload}: {name}"] for workload, by_name in RATES.items() for name in by_name]


@pytest.fixture(scope="module")
def measured():
    return document(PART, ALONE, FREE, SETTINGS, left_out=["Yoga"], load=0.5)


def ratio(measured, to):
    [row] = [row for row in measured["ratios"] if row["to"] == to]
    return row


def test_a_ratio_is_the_median_of_the_rounds(measured) -> None:
    row = ratio(measured, ["REST point", "Flask + ORM"])
    assert (row["least"], row["median"], row["greatest"]) == (2.0, 4.0, 5.0)
    assert row["of"] == ["REST point", "ours"]
    assert (row["target"], row["reached"]) == (2.5, True)


def test_a_target_is_reached_or_missed(measured) -> None:
    assert ratio(measured, ["GraphQL point", "Apollo"])["reached"] is False
    assert ratio(measured, ["GraphQL list of 20", "Apollo"])["reached"] is True
    assert ratio(measured, ["Floor constant answer", "our REST /ping"])["reached"] is None


def test_only_ratios_of_those_who_took_part_are_told(measured) -> None:
    assert len(measured["ratios"]) == 4


def test_the_document_says_what_was_measured_where(measured) -> None:
    told = measured["environment"]
    assert {"ariadne", "granian", "sqlalchemy"} <= set(told["packages"])
    assert told["node_packages"]["mercurius"]
    assert [turn["path"] for turn in measured["turns"]][:2] == ["/ping", "/books/77"]
    alone = document(PART[:2], ALONE, FREE, SETTINGS, left_out=[], load=0.5)
    assert alone["environment"]["node"] is None


def test_what_is_not_on_the_machine_has_no_version(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    said = environment(with_node=True)
    assert (said["node"], said["revision"]) == (None, None)


def test_few_rounds_wide_spreads_and_other_work_are_doubts(monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.speed.results.pinned", lambda core: ["taskset"])
    assert doubts({"REST point": {"ours": [100.0, 101, 102, 99, 300]}}, load=0.5) == []
    [few, wide] = doubts({"REST point": {"ours": [100.0, 150, 200, 120]}}, load=0.5)
    assert few.startswith("only 4 turns each")
    assert wide.startswith("REST point, ours: half of the turns spread over 35%")
    monkeypatch.setattr("benchmarks.speed.results.pinned", lambda core: [])
    assert doubts({"REST point": {"ours": [100.0] * 5}}, load=3.04) == [
        "the machine had other work: its load average was 3.0 before the start",
        "servers and wrk could not be given a core each",
    ]


def test_the_ratios_are_tables_with_their_targets(measured) -> None:
    rest, graphql, floors = ratio_tables(measured)
    assert (rest.header, rest.rows) == (
        ["REST: ours by", "point", "target"],
        [["Flask + ORM", "4.00", "2.5"]],
    )
    assert (graphql.header, graphql.rows) == (
        ["GraphQL: planned by", "point", "list of 20", "target"],
        [["Apollo", "0.90 missed", "1.20", "1"]],
    )
    assert floors.rows == [["REST point, ours by our REST /ping", "0.54", ""]]


def test_a_target_of_some_workloads_says_of_which(measured) -> None:
    rates = {**RATES, "REST list of 20": RATES["REST point"]}
    part = [*PART, BY_NAME["REST list of 20: ours"], BY_NAME["REST list of 20: Flask + ORM"]]
    rest, *_ = ratio_tables(document(part, Figures(rates, TAILS), FREE, SETTINGS, [], load=0.5))
    assert rest.rows == [["Flask + ORM", "4.00", "4.00", "2.5 (point)"]]


def test_the_rates_are_tables_of_medians(measured) -> None:
    floors, rest, graphql = rate_tables(measured)
    assert floors.rows == [["our REST /ping", "1,000"]]
    assert rest.rows == [["ours", "540"], ["Flask + ORM", "140"]]
    assert graphql.header == ["GraphQL: requests/s", "point", "list of 20"]


def test_the_tails_are_tables_too(measured) -> None:
    assert tail_tables(measured)[1].rows == [["ours", "2.0"], ["Flask + ORM", "2.0"]]
    assert [(table.header[0], table.rows) for table in free_tables(measured)] == [
        ("REST: requests/s, all cores free", [["ours", "900"]]),
        ("GraphQL: requests/s, all cores free", [["planned", "990"]]),
        ("REST: p99 in ms, all cores free", [["ours", "4.0"]]),
        ("GraphQL: p99 in ms, all cores free", [["planned", "1.9"]]),
    ]


def test_a_tail_that_is_too_long_is_missed(measured) -> None:
    line = "REST point, all cores free: p99 is 4.0 ms, should be at most 3.8 ms"
    assert line in [*missed(measured)]
    (alone,) = tails({"REST point": {"ours": [5.9] * 5}})
    assert (alone["most"], alone["reached"]) == (6.0, True)


def test_the_terminal_is_told_what_was_missed_left_out_and_doubted(measured, capsys) -> None:
    many = {**measured, "doubts": [f"doubt {number}" for number in range(10)]}
    report(many, Console(width=120))
    text = capsys.readouterr().out
    assert "missed: GraphQL point, planned by GraphQL point, Apollo is 0.90, should be 1" in text
    assert "Left out, since Node is missing: Yoga." in text
    assert "doubt: doubt 7" in text
    assert "doubt 8" not in text
    assert "2 doubts more" in text


def test_turns_of_a_workload_follow_each_other_in_every_round() -> None:
    asked = []

    def rate(turn):
        asked.append(turn)
        return Load(float(len(asked)), 1.0)

    rates = run.take_turns(PART, 3, random.Random(1), rate)
    assert len(asked) == 3 * len(PART)
    assert all(len(each) == 3 for by_name in rates.values() for each in by_name.values())
    orders, contestants = set(), set()
    for number in range(3):
        one_round = asked[number * len(PART) : (number + 1) * len(PART)]
        assert sorted(turn.name for turn in one_round) == sorted(turn.name for turn in PART)
        changes = sum(one.workload != then.workload for one, then in pairwise(one_round))
        assert changes == len(RATES) - 1
        orders.add(tuple(dict.fromkeys(turn.workload for turn in one_round)))
        contestants.add(tuple(turn.contestant for turn in one_round if turn.workload == GROUP))
    assert len(orders) > 1
    assert len(contestants) > 1


@pytest.mark.parametrize(("missed", "status"), [(False, 1), (True, 0), (None, 0)])
def test_the_status_says_whether_every_target_was_reached(
    measured, monkeypatch, tmp_path, missed, status
) -> None:
    whole = {**measured, "tails": [], "ratios": [{**measured["ratios"][0], "reached": missed}]}
    monkeypatch.setattr(run, "measure", lambda *given: whole)
    assert run.main(["--json", str(tmp_path / "speed.json")]) == status
    assert '"schema": 3' in (tmp_path / "speed.json").read_text()


def test_a_run_that_cannot_be_says_why(monkeypatch, capsys) -> None:
    def fail(*given):
        raise LoadFailed("wrk is not installed")

    monkeypatch.setattr(run, "measure", fail)
    assert run.main([]) == 1
    assert capsys.readouterr().err == "wrk is not installed\n"
