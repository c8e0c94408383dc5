"""Claim 12: made-up times turn over whether tuning outweighs style."""

from dataclasses import replace

import pytest

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, NothingToJudge
from benchmarks.claims.compared import tuning
from client_examples.comparison.report.numbers import NONE
from tests.benchmarks.claims.made import slow
from tests.comparison.made_documents import arm, document, screen


def tuned(naive_rest: float, naive_graphql: float, fields: float, planned: float, name: str = "a"):
    return screen(
        name,
        arm("rest/textbook", naive_rest, 5, 1),
        arm("rest/fields", fields),
        arm("graphql/unbatched", naive_graphql),
        arm("graphql/dataloader", naive_graphql),
        arm("graphql/planned", planned),
    )


def test_tuning_outweighs_style_as_in_its_source() -> None:
    made = document(tuned(696.0, 255.0, 20.0, 23.0))
    found = tuning.tuning(made, slow(made))
    assert found.verdict == HOLDS
    assert [row[1] for row in found.table.rows] == [
        "one machine", "loopback", "20 ms", "loopback with 1 ms a statement",
    ]  # fmt: skip
    assert list(found.table.rows[0][-3:]) == ["19.8", "1.55", NONE]
    assert [row[-1] for row in found.table.rows[1:]] == ["yes"] * 3
    assert "give 19.8 for tuning and 1.55 for style" in found.why[2]


def test_tuning_does_not_outweigh_style_where_naive_graphql_is_fast_already() -> None:
    made = document(tuned(16.0, 1.5, 14.0, 1.4))
    found = tuning.tuning(made, slow(made))
    assert found.verdict == DOES_NOT_HOLD
    assert [row[-1] for row in found.table.rows] == [NONE, "no", "no", "no"]


def test_tuning_does_not_outweigh_style_where_rest_is_the_faster_one_either() -> None:
    made = document(tuned(100.0, 900.0, 80.0, 720.0))
    assert tuning.tuning(made, slow(made)).verdict == DOES_NOT_HOLD


def test_tuning_outweighs_style_on_some_screens_and_by_the_usual_arms_on_none() -> None:
    made = document(tuned(696.0, 255.0, 20.0, 23.0), tuned(16.0, 1.5, 14.0, 1.4, "b"))
    found = tuning.tuning(made, slow(made))
    assert found.verdict.condition == (
        "screen and distance allow it: on 1 of 2 screens at loopback, 1 of 2 screens at 20 ms and "
        "1 of 2 screens at loopback with 1 ms a statement"
    )
    assert found.usual is not None
    assert found.usual.verdict == DOES_NOT_HOLD


def test_tuning_and_style_weigh_the_same_where_one_request_is_all_that_counts() -> None:
    made = document(tuned(10.0, 1.0, 1.0, 1.0), tuned(10.4, 1.0, 1.0, 0.93, "b"))
    assert tuning.tuning(made, slow(made)).verdict == DOES_NOT_HOLD
    far = document(tuned(16.0, 2.4, 1.4, 1.3))
    assert tuning.verdict_of(list(tuning.best_of(far))).condition == (
        "screen and distance allow it: on 1 of 1 screen at loopback and none of 1 screen at 20 ms"
    )


def test_tuning_outweighs_style_by_no_lead_that_may_be_chance() -> None:
    """The interval decides, as for any other tie: of 60 loads it is narrow, of 8 it is not."""
    made = tuned(16.0, 1.08, 1.0, 1.0)
    assert at("loopback", made) == [True]
    few = replace(made, arms=[replace(one, samples=one.samples[:8]) for one in made.arms])
    assert at("loopback", few) == [False]


def at(where: str, made) -> list[bool | None]:
    """Whether tuning outweighs style there."""
    return [one.is_tuning for one in tuning.best_of(document(made)) if one.where == where]


@pytest.mark.parametrize(
    "pair", [("graphql/unbatched", "rest/fields"), ("rest/textbook", "graphql/planned")]
)
def test_what_is_measured_over_a_link_has_to_agree_with_what_is_computed(
    pair: tuple[str, str],
) -> None:
    made = tuned(160.0, 60.0, 20.0, 23.0)
    assert at("20 ms", made) == [True]
    as_fast = [over_link(one, 80.0) if one.name in pair else one for one in made.arms]
    assert at("20 ms", replace(made, arms=as_fast)) == [False]
    assert at("loopback", replace(made, arms=as_fast)) == [True]
    without = [replace(one, links=[]) for one in made.arms]
    assert at("20 ms", replace(made, arms=without)) == [True]


def over_link(made, ms: float):
    """An arm whose median over its links is this one."""
    return replace(made, links=[replace(link, median_ns=ms * 1e6) for link in made.links])


def test_screens_of_one_request_have_nothing_to_tune() -> None:
    simple = document(screen("a", *(arm(name) for name in ("rest/textbook", "graphql/unbatched"))))
    with pytest.raises(NothingToJudge, match="no case"):
        tuning.tuning(simple, slow(simple))
