"""Claim 12: made-up times turn over whether tuning outweighs style."""

import pytest

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, NothingToJudge
from benchmarks.claims.compared import tuning
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
    assert found.table.rows[0][-2:] == ["19.8", "1.55"]
    assert "give 19.8 for tuning and 1.55 for style" in found.why[2]


def test_tuning_does_not_outweigh_style_where_naive_graphql_is_fast_already() -> None:
    made = document(tuned(16.0, 1.5, 14.0, 1.4))
    assert tuning.tuning(made, slow(made)).verdict == DOES_NOT_HOLD


def test_tuning_does_not_outweigh_style_where_rest_is_the_faster_one_either() -> None:
    made = document(tuned(100.0, 900.0, 80.0, 720.0))
    assert tuning.tuning(made, slow(made)).verdict == DOES_NOT_HOLD


def test_tuning_outweighs_style_on_some_screens_and_by_the_usual_arms_on_none() -> None:
    made = document(tuned(696.0, 255.0, 20.0, 23.0), tuned(16.0, 1.5, 14.0, 1.4, "b"))
    found = tuning.tuning(made, slow(made))
    assert found.verdict.condition == (
        "it is measured at loopback (1 of 2 screens), 20 ms (1 of 2 screens) or loopback with 1 ms "
        "a statement (1 of 2 screens)"
    )
    assert found.usual is not None
    assert found.usual.verdict == DOES_NOT_HOLD


def test_tuning_and_style_weigh_the_same_where_one_request_is_all_that_counts() -> None:
    made = document(tuned(10.0, 1.0, 1.0, 1.0), tuned(10.4, 1.0, 1.0, 0.93, "b"))
    assert tuning.tuning(made, slow(made)).verdict == DOES_NOT_HOLD
    far = tuning.TwoByTwo("a", "20 ms", 420.0, 21.0, 20.0, 20.0)
    near = tuning.TwoByTwo("a", "loopback", 16.0, 2.4, 1.4, 1.3)
    assert tuning.verdict_of([near, far]).condition == (
        "it is measured at loopback (1 of 1 screens); at 20 ms on no screen"
    )


def test_screens_of_one_request_have_nothing_to_tune() -> None:
    simple = document(screen("a", *(arm(name) for name in ("rest/textbook", "graphql/unbatched"))))
    with pytest.raises(NothingToJudge, match="no case"):
        tuning.tuning(simple, slow(simple))
