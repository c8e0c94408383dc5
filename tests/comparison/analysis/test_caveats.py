"""What is said beside the numbers, and only where it holds."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.caveats import run_caveats, screen_caveats
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import ArmResult
from client_examples.comparison.results.resilience import FailureChance
from client_examples.comparison.results.timing import LinkResult
from client_examples.comparison.statistics import Summary
from tests.comparison import made_documents

SETTINGS = replace(
    made_documents.SETTINGS, samples=300, graphql_url="http://localhost:8001",
    floor_graphql="http://localhost:8001/ping",
)  # fmt: skip
QUIET = {"load_average": [1.4, 3.0, 3.0], "processors": 2}
COUNTS = Counts(**{**dict.fromkeys(Counts.__annotations__, 1), "statements": 4, "db_ms": 0.4})
STEADY = Summary(300, 1e6, 0.9e6, 1.1e6, 2e6, 3e6, 1e6, 0.09)
LINK = LinkResult(20.0, None, False, [], 22e6, 21e6, -0.045)


def arm(counts=COUNTS, summary=STEADY, link=LINK):
    failure = FailureChance(0.01, 1, 1)
    return ArmResult("rest/a", "", 1, counts, [], [], summary, None, [link], {}, failure, [])


class Screen:
    def __init__(self, *arms):
        self.arms = arms


def said(settings=SETTINGS, environment=QUIET, counts=(COUNTS,), loads=300):
    summary = replace(STEADY, count=loads)
    screens = [Screen(*[arm(one, summary) for one in counts])]
    return {
        (doubt.number, doubt.text)
        for doubt in run_caveats(settings, environment, screens)
        if doubt.about == "run"
    }


HELD = QUIET | {"affinity": {"servers": [0, 2], "client": [1]}}
AWAY = replace(SETTINGS, rest_url="http://192.0.2.1:8000")
UNKNOWN = replace(COUNTS, db_ms=None, statements=None)


@pytest.mark.parametrize(
    ("changed", "number", "words"),
    [
        ({"loads": 298}, "p99", "298 loads per arm are too few"),
        ({"loads": 58}, "p95", "which takes 59"),
        ({"loads": 299}, "median", "some arms were timed 299 times, not 300"),
        ({"settings": AWAY}, "median", "share one machine"),
        ({"environment": {"load_average": [2.1, 0, 0], "processors": 2}}, "median", "was busy"),
        ({"environment": HELD}, "median", "servers are held on 0, 2, the client on 1)"),
        ({"environment": HELD}, "median", "share one machine and its processors"),
        ({"settings": replace(SETTINGS, floor_graphql=None)}, "floor_share", "of GraphQL"),
        ({"counts": [replace(COUNTS, requests=3)]}, "median", "side by side"),
        ({"counts": [COUNTS, UNKNOWN]}, "statements", "Not every answer says"),
        (
            {"counts": [UNKNOWN], "settings": AWAY},
            "statements",
            "of another machine (192.0.2.1) says",
        ),
        ({"counts": [UNKNOWN]}, "statements", "nearly free here (0.100 ms each"),
        ({"counts": [replace(COUNTS, db_ms=4.0)]}, "statements", "took 1.000 ms on average"),
        ({"settings": replace(SETTINGS, cold=True)}, "predicted", "opening connections"),
    ],
)
def test_a_doubt_stands_only_where_it_holds_and_beside_its_number(changed, number, words):
    def found(doubts):
        return any(number == one and words in text for one, text in doubts)

    assert found(said()) != found(said(**changed))


def test_processors_that_both_sides_have_are_shared():
    overlapping = QUIET | {"affinity": {"servers": [0], "client": [0, 1]}}
    assert said(environment=overlapping) == said()


def test_that_the_servers_differ_and_what_the_model_leaves_out_is_always_said():
    text = " ".join(text for _, text in said())
    assert "Flask and FastAPI, both on uvicorn" in text
    assert "slow start beyond the first 14 KB" in text


def test_the_time_of_a_statement_is_the_mean_of_all():
    # 0.4 ms for 4 statements and 0.6 ms for 1: 1.0 / 5
    counts = [COUNTS, replace(COUNTS, db_ms=0.6, statements=1)]
    assert any("0.200 ms each" in text for _, text in said(counts=counts))


def test_a_system_without_load_average_says_nothing_of_it():
    texts = said(environment={"load_average": None, "processors": None})
    assert not any("busy" in text for _, text in texts)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"summary": replace(STEADY, spread=0.11)}, ("median", "spreads over 11%")),
        ({"summary": None}, None),
        (
            {"link": replace(LINK, relative_error=-0.12)},
            ("predicted", "At 20 ms the prediction"),
        ),
        ({"link": replace(LINK, relative_error=-0.12)}, ("predicted", "12% below what was")),
        ({"link": replace(LINK, relative_error=0.3)}, ("predicted", "30% above what was")),
    ],
)
def test_an_arms_doubts_are_its_own(changed, expected):
    doubts = screen_caveats("s", [arm(**changed)])
    if expected is None:
        assert doubts == []
    else:
        (doubt,) = doubts
        assert (doubt.about, doubt.number) == ("s/rest/a", expected[0])
        assert expected[1] in doubt.text
