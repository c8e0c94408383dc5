"""When the changes of watched orders are made on the command line, and how long that takes."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from client_examples.comparison.arms.live.screen import CHANGES, INTERVAL_S
from client_examples.comparison.measuring import budget
from client_examples.comparison.measuring.live_updates.schedule import (
    APART_S,
    NEAREST_S,
    plan,
    watching_s,
)
from client_examples.comparison.screens import watch_order

ARMS = [arm.name for arm in watch_order.screen.arms]


def plans():
    return [plan(ARMS, order, "1/watch-order") for order in range(40)]


def test_each_arm_has_its_three_changes_in_their_order():
    for changes in plans():
        for name in ARMS:
            assert [one.status for one in changes if one.arm == name] == list(CHANGES)


def test_no_poll_comes_too_late_to_see_each_change_by_itself():
    for changes in plans():
        for name in ARMS:
            times = [one.at_s for one in changes if one.arm == name]
            assert 0 <= times[0] <= INTERVAL_S
            gaps = [b - a for a, b in pairwise(times)]
            assert all(APART_S <= gap <= APART_S + INTERVAL_S for gap in gaps)
    assert APART_S > INTERVAL_S


def test_no_two_changes_are_made_at_the_same_time():
    for changes in plans():
        gaps = [b.at_s - a.at_s for a, b in pairwise(changes)]
        assert min(gaps) >= NEAREST_S


def test_the_same_seed_gives_the_same_plan_and_another_one_another():
    assert plan(ARMS, 0, "1") == plan(ARMS, 0, "1")
    assert plan(ARMS, 0, "1") != plan(ARMS, 1, "1")
    assert plan(ARMS, 0, "1") != plan(ARMS, 0, "2")


def test_a_poll_meets_each_part_of_its_interval_as_often():
    times = [one.at_s for changes in plans() for one in changes]
    phases = Counter(int(at_s % INTERVAL_S / INTERVAL_S * 4) for at_s in times)
    assert min(phases.values()) > 0.7 * 600 / 4


def test_many_arms_get_a_plan_too():
    names = [f"rest/{number}" for number in range(50)]
    random.Random(1).shuffle(names)
    assert len(plan(names, 0, "1")) == 150


def test_the_time_that_is_kept_for_watching_is_about_what_it_takes():
    taken = [changes[-1].at_s + INTERVAL_S / 2 for changes in plans()]
    assert watching_s(40) == pytest.approx(sum(taken), rel=0.2)


def test_the_time_that_is_kept_for_watching_is_not_spent_on_loading(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(budget.time, "monotonic", lambda: clock[0])
    spending = budget.Budget(10.0, kept_s=4.0)
    spending.begin_screen(1, 0.0)
    found = []
    for clock[0] in (5.9, 6.1):
        found.append(spending.is_spent(budget.FEWEST))
    assert found == [False, True]
