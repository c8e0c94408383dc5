"""Median and percentile against hand-computed cases."""

import pytest

from client_examples.comparison.report import milliseconds
from client_examples.comparison.statistics import summarize


def test_the_median_is_the_middle_or_the_mean_of_both_middles():
    odd = summarize([9_000_000, 1_000_000, 3_000_000])
    even = summarize([9_000_000, 1_000_000, 3_000_000, 2_000_000])
    assert odd is not None
    assert even is not None
    assert (odd.median_ms, even.median_ms) == (3.0, 2.5)
    assert (even.fastest_ms, even.slowest_ms, even.samples) == (1.0, 9.0, 4)


def test_p95_lies_between_samples_by_its_position():
    # of 1 to 21 ms: position 0.95 * 20 = 19 from 0, which is 20 ms;
    # of 1 to 30 ms: position 0.95 * 29 = 27.55, which is 28.55 ms
    of_21 = summarize([ms * 1_000_000 for ms in range(21, 0, -1)])
    of_30 = summarize([ms * 1_000_000 for ms in range(1, 31)])
    assert of_21 is not None
    assert of_30 is not None
    assert of_21.p95_ms == pytest.approx(20.0)
    assert of_30.p95_ms == pytest.approx(28.55)


def test_too_few_samples_have_no_p95():
    summary = summarize([1_000_000] * 19)
    assert summary is not None
    assert summary.p95_ms is None


def test_no_samples_have_no_summary():
    assert summarize([]) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.04567, "0.0457"),
        (0.5, "0.500"),
        (1.006, "1.01"),
        (9.999, "10.0"),
        (12.345, "12.3"),
        (99.96, "100"),
        (123.4, "123"),
        (1234.5, "1234"),
    ],
)
def test_times_are_shown_with_three_digits(value, shown):
    assert milliseconds(value) == shown
