"""An arm against itself: both rates and the smallest difference, on samples that are known."""

import numpy as np
import pytest

from client_examples.comparison.analysis.self_check import (
    claimed,
    found,
    ratio_intervals,
    self_check,
    smallest_difference,
)
from client_examples.comparison.results.timing import Sample

INTERVALS = np.array([[0.97, 1.01], [0.98, 1.02], [0.99, 1.03], [1.06, 1.10]])


def test_a_claim_is_an_interval_wholly_beyond_5_percent():
    assert claimed(INTERVALS) == 0.25


def test_a_difference_is_found_where_the_stretched_interval_is_beyond_5_percent():
    # 1.01 and 1.02 over 1.08 are below 1 / 1.05; 1.03 and 1.10 are not
    assert found(INTERVALS, 0.08) == 0.5
    assert found(INTERVALS, 0.20) == 1


def test_the_smallest_difference_is_what_is_found_in_95_percent():
    intervals = np.column_stack([np.full(101, 0.9), np.linspace(1.0, 1.1, 101)])
    least = smallest_difference(intervals)
    assert least == pytest.approx(1.095 * 1.05 - 1)
    assert found(intervals, least + 0.0001) == pytest.approx(0.95, abs=0.01)


def check(times, run_samples=30):
    loads = [Sample(position, int(time), None) for position, time in enumerate(times)]
    return self_check("screen", "rest/arm", loads, run_samples, 1)


@pytest.mark.slow
def test_a_check_that_was_cut_short_judges_what_it_has():
    assert check([5, 5, 5]) is None
    assert check([5, 5, 5, 5, 5]).samples == 2


def test_on_steady_times_it_errs_seldom_and_sees_10_percent():
    times = np.random.default_rng(3).lognormal(0, 0.06, 600) * 1e6
    result = check(times)
    assert result.claimed_between_equals <= 0.05
    assert result.found >= 0.95
    assert 0.05 < result.smallest_difference < 0.10
    assert result.smallest_difference_of_run > result.smallest_difference  # of 30, not 300
    assert [one.position for one in result.loads] == list(range(600))


def test_a_drift_that_both_sides_share_is_no_difference():
    times = np.linspace(1e6, 3e6, 600)  # three times as slow at the end
    intervals = ratio_intervals(times.reshape(-1, 2), 50, 1)
    assert claimed(intervals) == 0


def test_neighbours_change_places_at_random():
    times = np.tile([1e6, 1.3e6], 300)  # each second load is slower
    assert claimed(ratio_intervals(times.reshape(-1, 2), 50, 1)) < 0.5


@pytest.mark.slow
def test_on_wild_times_it_does_not_see_10_percent():
    times = np.random.default_rng(3).lognormal(0, 1, 600) * 1e6
    assert check(times).found < 0.95
