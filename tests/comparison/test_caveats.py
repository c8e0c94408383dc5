"""What is said beside the numbers, and only where it holds."""

from dataclasses import replace

import pytest

from client_examples.comparison.caveats import caveats
from client_examples.comparison.document import ArmResult, Counts, ScreenResult, Settings

SETTINGS = Settings(
    rest_url="http://127.0.0.1:8000",
    graphql_url="http://localhost:8001",
    samples=100,
    warm_up=5,
    seed=1,
    at_once=6,
    garbage_collection="",
)
QUIET = {"load_average": [0.5, 2.0, 2.0], "processors": 2}
COUNTS = Counts(
    requests=1,
    rounds=1,
    depth=1,
    sent_body_bytes=0,
    body_bytes=10,
    encoded_body_bytes=10,
    delivered_leaves=1,
    used_leaves=1,
    over_fetch=0.0,
    delivered_leaf_bytes=4,
    used_leaf_bytes=4,
    over_fetch_bytes=0.0,
    statements=4,
    db_ms=0.5,
)


def screen(*counts):
    arms = [ArmResult("rest/a", "", one, [], [], None) for one in counts]
    return ScreenResult("s", "", None, [], [], arms)


def said(settings=SETTINGS, environment=QUIET, counts=(COUNTS,)):
    return " ".join(caveats(settings, environment, [screen(*counts)]))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"settings": replace(SETTINGS, rest_url="http://192.0.2.1:8000")}, "no network lies"),
        ({"environment": {"load_average": [1.5, 0, 0], "processors": 2}}, "machine was busy"),
        ({"counts": [replace(COUNTS, requests=3)]}, "side by side"),
        ({"counts": [replace(COUNTS, db_ms=None, statements=None)]}, "A database statement"),
        ({"settings": replace(SETTINGS, samples=99)}, "99 loads per arm"),
    ],
)
def test_a_caveat_stands_only_where_it_holds(changed, words):
    assert (words in said()) != (words in said(**changed))


def test_the_time_of_a_statement_is_the_mean_of_all():
    # 0.5 ms for 4 statements and 1.5 ms for 1: 2.0 / 5
    counts = [COUNTS, replace(COUNTS, db_ms=1.5, statements=1)]
    assert "took 0.400 ms on average" in said(counts=counts)


def test_a_system_without_load_average_says_nothing_of_it():
    assert "busy" not in said(environment={"load_average": None, "processors": None})
