"""When people arrive, which rate is tried next, and what is said of a rate."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from client_examples.comparison.measuring.load_test.generator.arrivals import seconds_for, times
from client_examples.comparison.measuring.load_test.generator.tally import (
    BUSY,
    LATE_MS,
    Tally,
    percentile,
    step_of,
)
from client_examples.comparison.measuring.load_test.rate_search import highest, limit_of, next_rate
from client_examples.comparison.results.load_test import FEWEST, LONGEST_S, NEAR, LoadStep

KEPT = LoadStep(100, 5, 500, 500, 0, 0, 5.0, 50.0, 1.0, 0.3, 9, True, False)


def tried(rate, kept, late=False):
    return replace(KEPT, rate=rate, is_kept=kept, generator_was_late=late)


def searched(capacity, first=50.0, late=False, greatest=100_000.0):
    """All steps of a search, where the servers keep what is at most their capacity."""
    steps = []
    while (rate := next_rate(steps, first, greatest)) is not None:
        steps.append(tried(rate, rate <= capacity, late=late))
        assert len(steps) < 60
    return steps


# -- the schedule ----------------------------------------------------------------------------


def test_arrivals_come_at_the_rate_in_order_and_at_random():
    due = times(200, 5, "seed")
    assert len(due) == 1000
    assert due == sorted(due)
    assert 0 <= due[0] < due[-1] < 5
    gaps = [after - before for before, after in pairwise(due)]
    mean = sum(gaps) / len(gaps)
    deviation = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    assert deviation == pytest.approx(mean, rel=0.15)  # exponential gaps, not even ones


def test_the_same_seed_gives_the_same_arrivals():
    assert times(50, 2, "a") == times(50, 2, "a")
    assert times(50, 2, "a") != times(50, 2, "b")


@pytest.mark.parametrize(("rate", "seconds"), [(1000, 5), (60, 5), (30, FEWEST / 30), (1, 20)])
def test_a_rate_is_held_until_enough_have_arrived_within_reason(rate, seconds):
    assert seconds_for(rate, 5) == seconds <= LONGEST_S


# -- the search ------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [3, 49, 50, 51, 237, 4321])
def test_the_search_ends_close_below_the_capacity(capacity):
    steps = searched(capacity)
    found = highest(steps)
    assert found <= capacity
    assert capacity / found <= NEAR + 0.05  # rates are rounded to two digits
    assert limit_of(steps, is_over=True) == "server"
    assert len(steps) < 25


def test_a_rate_that_was_lost_once_by_chance_does_not_end_the_search():
    steps = [tried(100, True), tried(200, False)]
    assert next_rate(steps, 100) == 200
    steps.append(tried(200, True))
    assert next_rate(steps, 100) == 400
    assert highest(steps) == 200


def test_a_server_that_keeps_no_rate_has_no_highest_one():
    steps = searched(0)
    assert highest(steps) is None
    assert len(steps) < 30


def test_a_search_ends_at_the_greatest_rate():
    steps = searched(1e9, greatest=1000)
    assert highest(steps) == 1000
    assert limit_of(steps, is_over=True) == "asked"


def test_what_is_lost_while_the_generator_is_late_is_not_the_servers_limit():
    steps = [tried(100, True), tried(200, False, late=True), tried(200, False, late=True)]
    assert limit_of(steps, is_over=True) == "generator"
    steps[-1] = tried(200, False)
    assert limit_of(steps, is_over=True) == "server"


def test_a_search_that_had_to_end_says_so():
    assert limit_of([tried(100, True), tried(200, False)], is_over=False) == "time"


# -- what is counted -------------------------------------------------------------------------


def counted(took, **members):
    return Tally(planned=len(took), took_ms=list(took), late_ms=[0.1] * len(took), **members)


def test_processes_are_counted_together():
    parts = [counted([1.0] * 50, busy=0.2), counted([9.0] * 50, busy=0.4, most_waiting=3)]
    step = step_of(100, 1, parts)
    assert (step.arrivals, step.planned, step.p50_ms, step.p99_ms) == (100, 100, 1.0, 9.0)
    assert (step.generator_busy, step.most_waiting, step.is_kept) == (0.4, 3, True)


def test_two_slow_ones_of_a_hundred_are_too_many_and_one_is_not():
    assert step_of(100, 1, [counted([1.0] * 99 + [500.0])]).is_kept
    assert not step_of(100, 1, [counted([1.0] * 98 + [500.0] * 2)]).is_kept


def test_a_failed_load_is_slower_than_any_other():
    step = step_of(100, 1, [counted([1.0] * 98 + [math.inf] * 2, failed=2, failure="500")])
    assert (step.is_kept, step.p99_ms, step.failed, step.failure) == (False, None, 2, "500")


def test_a_rate_that_one_process_gave_up_is_lost():
    assert not step_of(100, 1, [counted([1.0] * 100), counted([1.0] * 5, gave_up=True)]).is_kept


@pytest.mark.parametrize(
    ("late_ms", "busy", "late"),
    [(LATE_MS - 1, 0.5, False), (LATE_MS + 1, 0.5, True), (0.1, BUSY + 0.05, True)],
)
def test_a_generator_that_is_late_or_has_no_time_left_is_named(late_ms, busy, late):
    tally = Tally(planned=10, took_ms=[1.0] * 10, late_ms=[late_ms] * 10, busy=busy)
    assert step_of(10, 1, [tally]).generator_was_late is late


def test_a_percentile_is_one_of_the_values():
    assert percentile([1.0, 2.0, 3.0, math.inf], 0.5) == 2.0
    assert percentile([1.0, 2.0, 3.0, math.inf], 0.99) == math.inf
    assert percentile([], 0.99) == 0.0
