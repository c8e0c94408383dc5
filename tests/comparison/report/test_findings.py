"""What is said of the numbers: only what the verdicts support, and all of what they do."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.decisions import (
    decisions,
    decisions_by_screen,
    leads,
    rtt_names,
    spans,
    without,
)
from client_examples.comparison.analysis.ranking import break_evens, pair_of
from client_examples.comparison.report.footnotes import Footnotes
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.results.judging.caveats import Caveat
from client_examples.comparison.results.timing import BreakEven
from tests.comparison.made_documents import arm, document, history, screen, whole

TO = "\N{EN DASH}"  # between the ends of an interval
REST, GRAPHQL = "rest/fields", "graphql/dataloader"


def two(rest_ms, graphql_ms, rest=1, graphql=1):
    return screen("s", arm(REST, rest_ms, rest), arm(GRAPHQL, graphql_ms, graphql))


# -- sentences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("medians", "opening"),
    [
        ((1.0, 1.5), "REST is ahead at loopback: rest/fields takes"),
        ((1.5, 1.0), "GraphQL is ahead at loopback: graphql/dataloader takes"),
        ((1.0, 1.01), "No material difference at loopback between"),
    ],
)
def test_a_winner_is_named_only_by_the_verdict(medians, opening):
    assert finding(two(*medians)).startswith(opening)


def test_the_numbers_of_a_sentence_are_those_of_the_pair():
    compared = two(2.0, 3.0)
    (pair,) = compared.pairs
    ratio, low, high = (1 / one for one in (pair.ratio, pair.ratio_high, pair.ratio_low))
    assert f"{ratio:.2f} ({low:.2f}{TO}{high:.2f}) times as long" in finding(compared)
    for one in compared.arms:
        assert f"{one.summary.median_ns / 1e6:.2f} ms" in finding(compared)


def test_distance_is_said_to_change_nothing_where_the_trips_are_equal():
    assert "at 1 round trip each, distance adds the same to both" in finding(two(1.0, 1.5))


def test_a_break_even_is_said_with_its_interval_and_who_is_ahead_beyond():
    # 3 ms by 3 trips against 9 ms by 1: level at an RTT of (9 - 3) / 2 ms; made to be exact
    compared = two(3.0, 9.0, rest=3)
    even = BreakEven("at", 3.0, 2.8, 3.2, REST, GRAPHQL)
    compared = replace(compared, pairs=[replace(compared.pairs[0], break_even=even)])
    assert f"above an RTT of 3.00 ms (2.80{TO}3.20) graphql/dataloader is ahead" in finding(
        compared
    )


def test_fewer_round_trips_gain_with_distance():
    said = finding(two(3.0, 2.0, rest=3))
    assert "graphql/dataloader takes fewer round trips, and gains with the distance" in said


def test_the_slowest_arm_is_told_where_it_is_slower_than_the_fastest():
    assert "the slowest, rest/textbook, takes 14.2 ms with 21 requests" in finding(history())
    tied = screen("s", arm(REST, 1.0), arm(GRAPHQL, 1.01), arm("rest/textbook", 1.02))
    assert "slowest" not in finding(tied)


def test_arms_of_one_api_are_not_set_against_another():
    assert finding(screen("s", arm(REST, 1.0), arm("rest/textbook", 2.0))).startswith(
        "rest/fields has the lowest median, "
    )


def test_what_was_not_timed_is_not_judged():
    assert finding(screen("s", arm(REST, timed=False))) == "Not timed."


# -- pairs -----------------------------------------------------------------------------------


def test_a_pair_can_be_asked_for_in_either_order():
    compared = two(1.0, 1.5)
    there, back = pair_of(compared, REST, GRAPHQL), pair_of(compared, GRAPHQL, REST)
    assert (there.verdict, back.verdict) == ("left", "right")
    assert back.ratio == pytest.approx(1 / there.ratio)
    assert back.ratio_low < back.ratio < back.ratio_high
    assert (there.break_even.kind, back.break_even.kind) == ("always", "never")
    assert pair_of(compared, REST, "rest/other") is None


def test_break_evens_are_those_between_the_apis_nearest_first():
    evens = break_evens(history())
    assert [(one.break_even.ahead_below, one.break_even.ahead_above) for one in evens] == [
        ("rest/batched", "graphql/dataloader"),
        ("rest/batched", "graphql/unbatched"),
    ]
    assert evens[0].break_even.rtt_ms < evens[1].break_even.rtt_ms


# -- decisions -------------------------------------------------------------------------------


def chosen(compared):
    return {one.rtt: [choice.arm for choice in one.choices] for one in decisions(compared)}


def test_the_fastest_is_alone_until_the_distance_hides_what_it_saves():
    # 2 ms more are 5% of 40 ms: level from an RTT of some 40 ms on
    assert chosen(document(two(1.0, 3.0))) == {
        "0": [REST],
        "1": [REST],
        "20": [REST],
        "100": [REST, GRAPHQL],
        "300": [REST, GRAPHQL],
    }


def test_fewer_round_trips_win_from_the_break_even_on():
    assert chosen(document(two(1.0, 10.0, rest=2))) == {
        "0": [REST],
        "1": [REST],
        "20": [GRAPHQL],
        "100": [GRAPHQL],
        "300": [GRAPHQL],
    }


def test_a_decision_at_no_distance_is_the_pair_s_verdict():
    for one in whole().screens:
        (at_zero, *_) = decisions(document(one))
        fastest, *tied = [choice.arm for choice in at_zero.choices]
        by_pairs = [
            other.name
            for other in one.arms
            if other.name != fastest and pair_of(one, fastest, other.name).verdict == "none"
        ]
        assert sorted(tied) == sorted(by_pairs)


def test_the_bandwidth_counts_in_decisions():
    heavy = arm(REST, 1.0)
    counts = replace(heavy.counts, received_body_bytes=1_000_000)
    predicted = {rtt: time + 800 for rtt, time in heavy.predicted_ms.items()}  # 8 Mbit at 10 a s
    heavy = replace(heavy, counts=counts, predicted_ms=predicted)
    light = arm(GRAPHQL, 1.0)  # level, but for the bytes
    found = document(screen("s", heavy, light), bandwidth_mbit=10.0)
    assert chosen(found)["0"] == [GRAPHQL]
    assert rtt_names(found)[0] == "0 ms"
    assert rtt_names(document())[0] == "loopback"


def test_neighbours_with_the_same_arms_are_joined():
    found = document(two(1.0, 3.0))
    joined = spans(decisions_by_screen(found)["s"])
    names = rtt_names(found)
    assert [one.named(names) for one in joined] == ["loopback to 20 ms", "100 ms to 300 ms"]
    assert [one.is_tie for one in joined] == [False, True]
    assert [len(times) for times in joined[1].times.values()] == [2, 2]


def test_leads_count_each_screen_once_per_distance():
    found = {lead.rtt: (lead.rest, lead.graphql, lead.tied) for lead in leads(whole())}
    assert found["0"] == (["order-history"], ["storefront"], ["book-list"])
    assert found["300"] == ([], [], ["order-history", "book-list", "storefront"])


def test_rest_without_fields_is_asked_for_apart():
    plain = without(whole(), "rest/fields")
    found = {lead.rtt: (lead.rest, lead.graphql, lead.tied) for lead in leads(plain)}
    assert found["20"] == ([], ["order-history", "storefront"], ["book-list"])
    assert without(plain, "rest/fields") is None


def test_a_screen_with_one_api_has_no_lead():
    one_api = document(screen("s", arm(REST), arm("rest/textbook", 2.0)))
    assert all((lead.rest, lead.graphql, lead.tied) == ([], [], []) for lead in leads(one_api))
    assert len(decisions(one_api)) == 5


# -- doubts ----------------------------------------------------------------------------------


def test_doubts_stand_beside_the_numbers_that_they_concern():
    notes = Footnotes(history(), ("median", "p95"))
    assert notes.marks("rest/parallel", "median") == "¹"
    assert notes.marks("rest/textbook", "median") == ""
    assert notes.marks("", "p95") == "²"
    assert [note.mark for note in notes.notes] == ["¹", "²", ""]


def test_doubts_of_numbers_that_are_not_shown_are_left_out():
    assert [note.mark for note in Footnotes(history(), ("median",)).notes] == ["¹", ""]


def test_equal_doubts_share_a_mark():
    doubts = [Caveat(f"s/{name}", "median", "the same") for name in (REST, GRAPHQL)]
    notes = Footnotes(replace(two(1.0, 1.0), doubts=doubts), ("median",))
    assert notes.marks(REST, "median") == notes.marks(GRAPHQL, "median") == "¹"
    assert len(notes.notes) == 1
