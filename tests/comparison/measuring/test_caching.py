"""Second visits over a small fake: what each phase takes."""

import pytest

from client_examples.comparison.arms.screen import GraphqlArm
from client_examples.comparison.screens import book_list

ROUNDS = 1 + 3  # the first one is counted
ETAG, PERSISTED = "rest/etag", "graphql/persisted-get"
FIELDS, PLANNED = "rest/fields", "graphql/planned"
FIRST, COLD, WARM, CHANGED = "first ever", "cold", "warm", "changed"

# (phase, arm): statuses
EXPECTED = {
    (FIRST, PERSISTED): [200, 200],
    (COLD, FIELDS): [200],
    (COLD, ETAG): [200],
    (COLD, PLANNED): [200],
    (COLD, PERSISTED): [200],
    (WARM, FIELDS): [200],
    (WARM, ETAG): [304],
    (WARM, PLANNED): [200],
    (WARM, PERSISTED): [304],
    (CHANGED, FIELDS): [200],
    (CHANGED, ETAG): [200],
    (CHANGED, PLANNED): [200],
    (CHANGED, PERSISTED): [200],
}


def test_every_phase_takes_what_is_expected(visit):
    found = visit()
    assert {name: one.statuses for name, one in found.items()} == EXPECTED
    assert list(found) == list(EXPECTED)  # in the order in which it is shown
    for name, one in found.items():
        assert one.counts.requests == len(EXPECTED[name])
        assert len(one.samples) == one.summary.count == ROUNDS - 1
        assert one.counts.used_leaves == 40


def test_what_is_confirmed_sends_no_body_and_fewer_bytes(visit):
    found = visit()
    for arm, uncached in ((ETAG, FIELDS), (PERSISTED, PLANNED)):
        cold, warm, changed = (found[phase, arm].counts for phase in (COLD, WARM, CHANGED))
        assert warm.body_bytes == warm.encoded_body_bytes == warm.received_body_bytes == 0
        assert cold.body_bytes == changed.body_bytes > 700
        assert warm.wire_bytes < found[WARM, uncached].counts.wire_bytes / 1.5
        condition = 'If-None-Match: "0123456789abcdef"\r\n'
        assert changed.sent_head_bytes - cold.sent_head_bytes == len(condition)
    assert found[FIRST, PERSISTED].counts.sent_body_bytes > 0  # the text of the query, by POST
    assert found[COLD, PERSISTED].counts.sent_body_bytes == 0


def test_each_arm_with_a_cache_is_beside_the_one_that_loads_the_same_without(visit):
    found = visit()
    assert {name: one.uncached for name, one in found.items()} == {
        name: {ETAG: FIELDS, PERSISTED: PLANNED}.get(name[1]) for name in EXPECTED
    }
    for one in found.values():
        assert (one.ratio is None) == (one.uncached is None)
    warm, beside = found[WARM, ETAG], found[WARM, FIELDS]
    assert warm.ratio.ratio == pytest.approx(warm.summary.median_ns / beside.summary.median_ns)
    first, beside = found[FIRST, PERSISTED], found[COLD, PLANNED]
    assert first.ratio.ratio == pytest.approx(first.summary.median_ns / beside.summary.median_ns)


def test_they_take_no_part_in_what_the_other_arms_are_compared_by(compare_visits):
    comparison = compare_visits()
    comparison.run()
    (screen,) = comparison.document().screens
    assert not {ETAG, PERSISTED} & {arm.name for arm in screen.arms}
    assert not {ETAG, PERSISTED} & {name for one in screen.pairs for name in (one.left, one.right)}
    assert not {ETAG, PERSISTED} & set(screen.order)


def test_all_loads_are_planned_and_all_arms_meet_each_other_in_random_order(compare_visits):
    comparison, progress = compare_visits(), []
    comparison._loads._on_load = lambda done, total: progress.append((done, total))
    comparison.run()
    arms, visits = len(book_list.screen.arms), len(EXPECTED)
    asked_for_costs = sum(isinstance(arm, GraphqlArm) for arm in book_list.screen.arms)
    assert progress[-1] == (2 * arms + asked_for_costs + ROUNDS * visits,) * 2
    phases = comparison.document().screens[0].caching
    positions = [sample.position for one in phases for sample in one.samples]
    assert sorted(positions) == list(range((ROUNDS - 1) * visits))
    in_turn = sorted((one.samples[turn].position, turn, one.arm) for one in phases
                     if one.phase == WARM for turn in range(ROUNDS - 1))  # fmt: skip
    assert len({tuple(arm for _, n, arm in in_turn if n == turn) for turn in range(ROUNDS - 1)}) > 1


def test_each_first_ever_query_is_new_to_the_server(visit, server):
    visit()
    assert len(server.queries) == ROUNDS
    visit()
    assert len(server.queries) == 2 * ROUNDS


def test_a_run_that_asks_for_no_visits_makes_none(visit, server):
    assert visit(visit_samples=0) == {}
    assert server.requests["/books/1"] == 0


def test_a_run_whose_time_is_limited_makes_fewer_visits(visit, monkeypatch):
    monkeypatch.setattr("client_examples.comparison.measuring.caching.BUDGET_S", 0.0)
    found = visit(visit_samples=20, budget_s=60.0)
    assert {len(one.samples) for one in found.values()} == {8}
