"""What counts as a change between two runs: any other count, and times beyond noise."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.regressions.changes import ArmOf, against, time_ratio
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.judging.regressions import Change
from tests.comparison.made_documents import arm, document, floor, screen


def run(median_ms: float = 2.0, floor_ms: float | None = 0.5, seed: str = "", **counted: int):
    """A run over one arm, with a floor if a time for it is given."""
    made = screen(
        "page", replace(arm(f"rest/fields{seed}", median_ms, **counted), name="rest/fields")
    )
    floors = [] if floor_ms is None else [floor("rest", floor_ms), floor("graphql", floor_ms)]
    return document(replace(made, floors=floors))


def changed(before: Document, now: Document) -> list[tuple[str, float, float]]:
    return [(one.measure, one.before, one.now) for one in against(before, now).changes]


def test_two_runs_that_took_about_as_long_differ_in_nothing() -> None:
    assert changed(run(2.0), run(2.1, seed="other")) == []


def test_a_count_has_changed_if_it_is_another_number() -> None:
    before = run(requests=2, statements=3)
    now = run(requests=3, statements=4)
    assert ("requests", 2, 3) in changed(before, now)
    assert ("steps", 2, 3) in changed(before, now)
    assert ("statements", 3, 4) in changed(before, now)
    assert ("wire_bytes", 2 * 660, 3 * 660) in changed(before, now)


@pytest.mark.parametrize(("more", "of_the_instrument", "expected"), [(1, 1, 0), (1, 0, 1)])
def test_digits_of_server_timing_are_no_change(more, of_the_instrument, expected) -> None:
    before = run()
    (screen_before,) = before.screens
    (arm_before,) = screen_before.arms
    counts = arm_before.counts
    longer = replace(
        counts,
        wire_bytes=counts.wire_bytes + more,
        server_timing_bytes=counts.server_timing_bytes + of_the_instrument,
    )
    now = replace(
        before, screens=[replace(screen_before, arms=[replace(arm_before, counts=longer)])]
    )
    assert len(changed(before, now)) == expected


def test_a_count_that_one_run_does_not_know_is_no_change() -> None:
    assert changed(run(statements=None), run(statements=4)) == []


@pytest.mark.parametrize(("now_ms", "expected"), [(2.4, True), (1.6, True), (2.12, False)])
def test_a_time_has_changed_if_it_is_beyond_noise(now_ms: float, expected: bool) -> None:
    (change,) = against(run(2.0), run(now_ms, seed="other")).changes or [None]
    assert (change is not None) is expected
    if change:
        assert change.ratio == pytest.approx(now_ms / 2.0, rel=0.03)
        assert change.ratio_low < change.ratio < change.ratio_high


def test_a_machine_that_takes_twice_as_long_for_all_is_no_change() -> None:
    assert changed(run(2.0, floor_ms=0.5), run(4.0, floor_ms=1.0)) == []
    # Without a floor nobody can tell.
    assert [one[0] for one in changed(run(2.0, floor_ms=None), run(4.0, floor_ms=None))] == [
        "median_ms"
    ]


def test_another_floor_alone_is_no_change_of_an_arm() -> None:
    assert changed(run(2.0, floor_ms=0.5), run(2.0, floor_ms=1.0)) == []


def test_the_floors_are_told_by_how_much_longer_they_take() -> None:
    found = against(run(floor_ms=0.5), run(floor_ms=1.0)).floors
    assert found == {"floor/rest": pytest.approx(2.0, rel=0.02)}


def test_what_only_one_run_has_is_named() -> None:
    old = document(screen("gone", arm("rest/a")), screen("both", arm("rest/a"), arm("rest/old")))
    new = document(screen("both", arm("rest/a"), arm("rest/new")))
    found = against(old, new)
    assert found.only_before == ["gone/rest/a", "both/rest/old"]
    assert found.only_now == ["both/rest/new"]
    assert found.compared == 1


def test_a_screen_that_shows_something_else_is_named() -> None:
    now = run()
    (page,) = now.screens
    now = replace(now, screens=[replace(page, view={"other": 1})])
    assert against(run(), now).other_views == ["page"]


def test_what_was_not_timed_has_no_ratio() -> None:
    made = screen("page", arm("rest/a", timed=False))
    one = ArmOf(made, made.arms[0])
    assert time_ratio(one, one) is None
    assert against(document(made), document(made)).changes == []


def test_a_change_of_a_count_has_no_interval() -> None:
    (first, *_) = against(run(requests=2), run(requests=3)).changes
    assert first == Change("page", "rest/fields", "requests", 2, 3)
