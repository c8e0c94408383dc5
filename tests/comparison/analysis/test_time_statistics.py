"""Medians, percentiles, intervals and verdicts: by hand, and on synthetic samples."""

import numpy as np
import pytest

from client_examples.comparison import statistics
from client_examples.comparison.statistics import (
    ENOUGH,
    compare,
    interval,
    median_resamples,
    samples_for,
    summarize,
    verdict,
)


def test_the_median_is_the_middle_or_the_mean_of_both_middles():
    odd = summarize([9_000_000, 1_000_000, 3_000_000])
    even = summarize([9_000_000, 1_000_000, 3_000_000, 2_000_000])
    assert (odd.median_ns, odd.count) == (3_000_000, 3)
    assert (even.median_ns, even.mean_ns) == (2_500_000, 3_750_000)


def test_the_spread_is_the_interquartile_range_over_the_median():
    # of 1 to 5: quartiles 2 and 4, median 3
    assert summarize([5, 4, 3, 2, 1]).spread == pytest.approx(2 / 3)


def test_percentiles_lie_between_samples_by_their_position():
    # of 1 to 61: position 0.95 * 60 = 57 from 0, which is 58; of 1 to 299: 0.99 * 298 = 295.02
    assert summarize(list(range(61, 0, -1))).p95_ns == pytest.approx(58)
    assert summarize(list(range(1, 300))).p99_ns == pytest.approx(296.02)


def test_a_percentile_needs_a_sample_beyond_it_with_95_percent_probability():
    # 0.95^58 = 0.0510 and 0.95^59 = 0.0485; 0.99^298 = 0.0500 and 0.99^299 = 0.0495
    assert (samples_for(0.95), samples_for(0.99)) == (59, 299)
    assert summarize([1] * 58).p95_ns is None
    assert summarize([1] * 59).p95_ns == 1
    assert summarize([1] * 298).p99_ns is None


def test_no_samples_have_no_summary():
    assert summarize([]) is None


def test_one_sample_is_its_own_interval():
    summary = summarize([7])
    assert (summary.median_low_ns, summary.median_ns, summary.median_high_ns) == (7, 7, 7)


def test_medians_of_resamples_of_three_have_the_probabilities_of_hand_counting():
    # of 27 resamples of {1, 2, 3}: median 1 in 7 (three or two ones), 3 in 7, 2 in 13
    medians = median_resamples([3, 1, 2], "seed")
    shares = [np.mean(medians == value) for value in (1, 2, 3)]
    assert shares == pytest.approx([7 / 27, 13 / 27, 7 / 27], abs=0.02)


@pytest.mark.parametrize("count", [2, 9, 30, 31])
def test_medians_of_resamples_are_distributed_as_those_of_drawn_ones(count):
    generator = np.random.default_rng(5)
    samples = generator.lognormal(0, 0.5, count)
    drawn = np.median(samples[generator.integers(0, count, (20_000, count))], axis=1)
    direct = median_resamples(samples, "seed")
    points = np.unique(samples)
    differences = [abs(np.mean(drawn <= point) - np.mean(direct <= point)) for point in points]
    assert max(differences) < 0.025  # both are random


def test_resamples_follow_from_their_seed():
    assert (median_resamples([1, 2, 3], "a") == median_resamples([1, 2, 3], "a")).all()
    assert (median_resamples([1, 2, 3], "a") != median_resamples([1, 2, 3], "b")).any()


@pytest.mark.parametrize(
    ("low", "high", "faster"),
    [
        (1.06, 1.2, "right"),
        (1.04, 1.2, "none"),  # reaches into the 5%
        (0.8, 0.94, "left"),
        (0.8, 0.96, "none"),
        (0.99, 1.01, "none"),
        (0.8, 1.2, "none"),
    ],
)
def test_a_verdict_takes_an_interval_wholly_beyond_5_percent(low, high, faster):
    assert verdict(low, high) == faster


def test_the_ratio_is_left_over_right():
    medians = np.array([29.0, 30.0, 31.0]), np.array([10.0] * 3)
    result = compare(30.0, 10.0, *medians, ENOUGH)
    assert (result.ratio, result.verdict) == (3.0, "right")
    assert 2.9 < result.low < 3 < result.high < 3.1
    assert compare(30.0, 10.0, *medians, ENOUGH - 1).verdict == "none"


def test_a_winner_takes_as_many_samples_as_enclose_the_median_in_95_of_100_cases():
    # All n samples lie on one side of the median with a probability of 2 * 2^-n.
    assert 1 - 2 * 0.5**ENOUGH >= 0.95 > 1 - 2 * 0.5 ** (ENOUGH - 1)


REPEATS = 400
SAMPLES = 300
SPREAD = 0.08
UPPER_QUARTILE = 0.6745  # of the standard normal distribution


def log_normal(generator):
    """Times of median 1 and interquartile range 0.08."""
    sigma = np.arcsinh(SPREAD / 2) / UPPER_QUARTILE
    return generator.lognormal(0, sigma, (REPEATS, SAMPLES))


def with_outliers(generator):
    """The same, but each twentieth takes 2 to 12 times as long."""
    times = log_normal(generator)
    slow = generator.random(times.shape) < 0.05
    return times * np.where(slow, generator.uniform(2, 12, times.shape), 1)


def verdicts(make, factor):
    """The verdicts on right's times, of the same distribution but longer by `factor`."""
    generator = np.random.default_rng(7)
    left, right = make(generator), factor * make(generator)
    found = []
    for repeat in range(REPEATS):
        lefts = median_resamples(left[repeat], f"left/{repeat}")
        rights = median_resamples(right[repeat], f"right/{repeat}")
        found.append(verdict(*interval(lefts / rights)))
    return found


@pytest.fixture
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(statistics, "RESAMPLES", 2_000)  # for speed


@pytest.mark.usefixtures("fewer_resamples")
@pytest.mark.parametrize("make", [log_normal, with_outliers])
def test_between_equals_a_difference_is_claimed_in_at_most_5_percent(make):
    assert verdicts(make, 1.0).count("none") >= 0.95 * REPEATS


@pytest.mark.usefixtures("fewer_resamples")
@pytest.mark.parametrize("make", [log_normal, with_outliers])
@pytest.mark.parametrize(("factor", "faster"), [(1.10, "left"), (1 / 1.10, "right")])
def test_a_difference_of_10_percent_is_found_in_at_least_95_percent(make, factor, faster):
    assert verdicts(make, factor).count(faster) >= 0.95 * REPEATS


def test_the_synthetic_samples_spread_as_they_should():
    assert summarize(list(log_normal(np.random.default_rng(1))[0])).spread == pytest.approx(
        0.08, abs=0.02
    )
