"""Predicted times and break-even round-trip times, by hand-computed cases."""

from dataclasses import replace

import numpy as np
import pytest

from client_examples.comparison.analysis.network_model import (
    TimedArm,
    break_even,
    compared,
    link_at,
    network_ns,
    predicted_ms,
    timed,
)
from client_examples.comparison.arms.exchanges import trips
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.counts import Counts, Exchange
from client_examples.comparison.statistics import ENOUGH
from tests.comparison.made_documents import SETTINGS

MS = 1e6


def counts(trips_taken, up_bytes=0, down_bytes=0):
    whole = dict.fromkeys(Counts.__annotations__, 0)
    bytes_ = {"sent_head_bytes": up_bytes, "received_body_bytes": down_bytes}
    return Counts(**{**whole, "trips": trips_taken, **bytes_})


def arm(name, median_ms, trips_taken, down_bytes=0, around=(0,)):
    """An arm whose resampled medians are those times around its median (ms)."""
    medians = np.array([(median_ms + one) * MS for one in around])
    return TimedArm(name, median_ms * MS, medians, counts(trips_taken, 0, down_bytes), ENOUGH)


def test_each_trip_takes_a_round_trip_and_each_byte_its_share_of_its_directions_rate():
    # 5 trips of 20 ms; 12,500 bytes are 100,000 bits, 10 ms at 10 Mbit/s
    taken = counts(5, 2_500, 12_500)
    assert network_ns(taken, Link(20)) == 100 * MS
    assert network_ns(taken, Link(20, 10)) == 110 * MS
    assert network_ns(taken, Link(20, 10, 1)) == 130 * MS
    assert network_ns(taken, Link(0, None, 2)) == 10 * MS


def test_predicted_times_are_a_line_over_the_round_trip_time():
    found = predicted_ms(3 * MS, counts(2))
    assert found == {"0": 3, "1": 5, "20": 43, "100": 203, "300": 603}
    slow = link_at(replace(SETTINGS, bandwidth_mbit=10.0, up_mbit=1.0), 0)
    assert predicted_ms(3 * MS, counts(2, 2_500, 12_500), slow)["20"] == 43 + 20 + 10
    older = link_at(replace(SETTINGS, bandwidth_mbit=10.0), 0)  # the rate of both directions
    assert predicted_ms(3 * MS, counts(2, 2_500, 10_000), older)["20"] == 43 + 10


def exchange(level, connection_trips=0):
    values = dict.fromkeys(Exchange.__annotations__, 0)
    return Exchange(**{**values, "level": level, "connection_trips": connection_trips})


@pytest.mark.parametrize(
    ("exchanges", "expected"),
    [
        ([], 0),
        ([exchange(0), exchange(1)], 2),
        ([exchange(0), *[exchange(1)] * 5, *[exchange(2)] * 15], 1 + 1 + 3),
        # a new connection is one more; side by side, all wait for theirs at once
        ([exchange(0, 1), exchange(1)], 3),
        ([exchange(0, 2)] * 6, 3),
        # 5 open, 1 new: the seventh exchange goes by one that is free after the first trip
        ([*[exchange(0)] * 5, exchange(0, 1), exchange(0)], 2),
        # 6 new: the seventh waits for one of them
        ([*[exchange(0, 1)] * 6, exchange(0)], 3),
    ],
)
def test_trips_are_rounds_and_what_new_connections_add(exchanges, expected):
    assert trips(exchanges) == expected


def test_lines_cross_where_both_take_the_same_time():
    # 6 + 3 r = 9 + r at r = 1.5
    sequence, single = arm("sequence", 6, 3), arm("single", 9, 1)
    found = break_even(sequence, single)
    assert (found.kind, found.rtt_ms, found.low_ms, found.high_ms) == ("at", 1.5, 1.5, 1.5)
    assert (found.ahead_below, found.ahead_above) == ("sequence", "single")
    assert break_even(single, sequence) == found


def test_bandwidth_moves_the_crossing():
    # at 1 Mbit/s 1,000 bytes take 8 ms: 6 + 3 r = 9 + 8 + r at r = 5.5
    found = break_even(arm("sequence", 6, 3), arm("single", 9, 1, 1_000), Link(0, 1))
    assert found.rtt_ms == pytest.approx(5.5)


def test_the_interval_is_that_of_the_resamples():
    # single is at 8 to 10 ms: the crossing at 1 to 2 ms
    around = np.linspace(-1, 1, 1001)
    found = break_even(arm("sequence", 6, 3, around=[0] * 1001), arm("single", 9, 1, around=around))
    assert (found.low_ms, found.high_ms) == pytest.approx((1.025, 1.975))


def test_an_arm_with_fewer_trips_that_is_faster_too_is_always_ahead():
    single, sequence = arm("single", 5, 1), arm("sequence", 6, 3)
    assert break_even(single, sequence).kind == "always"
    found = break_even(sequence, single)
    assert (found.kind, found.rtt_ms, found.high_ms) == ("never", None, None)
    assert found.ahead_below == found.ahead_above == "single"


def test_where_that_is_not_sure_the_interval_begins_at_0():
    # from 2 ms faster to 2 ms slower, over 2 trips
    around = np.linspace(-2, 2, 1001)
    found = break_even(arm("single", 6, 1, around=around), arm("sequence", 6, 3, around=[0] * 1001))
    assert (found.kind, found.rtt_ms, found.low_ms) == ("at", 0, 0)
    assert found.high_ms == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("left_ms", "right_ms", "kind", "ahead"),
    [(10, 12, "always", "a"), (12, 10, "never", "b"), (10, 10.2, "level", None)],
)
def test_with_as_many_trips_the_times_without_a_network_decide(left_ms, right_ms, kind, ahead):
    found = break_even(arm("a", left_ms, 2), arm("b", right_ms, 2))
    assert (found.kind, found.ahead_below, found.ahead_above) == (kind, ahead, ahead)


def test_far_away_a_difference_at_home_is_not_material():
    left, right = arm("a", 10, 1), arm("b", 12, 1)
    assert compared(left, right).verdict == "left"
    assert compared(left, right, Link(100)).verdict == "none"  # 110 to 112
    assert compared(left, arm("b", 9, 2), Link(100)).verdict == "left"  # 110 to 209


def test_an_arms_resamples_depend_on_its_name_and_samples_alone():
    one, other = (timed("a", 2, [1, 2, 3], counts(1)) for _ in range(2))
    assert (one.medians_ns == other.medians_ns).all()
    assert (timed("b", 2, [1, 2, 3], counts(1)).medians_ns != one.medians_ns).any()
