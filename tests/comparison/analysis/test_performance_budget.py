"""When a limit of a performance budget is kept, and when it is broken."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.regressions.budget import (
    UnknownName,
    checked,
    for_each_arm,
)
from client_examples.comparison.results.document import ArmResult
from client_examples.comparison.results.judging.regressions import Limit
from client_examples.comparison.results.protocols import ProtocolCounts, ProtocolResult
from client_examples.comparison.results.timing import LinkResult
from client_examples.comparison.statistics import ENOUGH, summarize
from tests.comparison.made_documents import arm, document, samples, screen

RUN = document(
    screen(
        "page", arm("rest/textbook", 8.0, 4), arm("rest/fields", 2.0, 1), arm("graphql/q", 2.5, 1)
    ),
    screen("list", arm("rest/fields", 1.0, 1, statements=None), arm("graphql/q", 1.0, timed=False)),
)
ARMS = {one.name: [each.name for each in one.arms] for one in RUN.screens}


def few(one: ArmResult, loads: int) -> ArmResult:
    """The arm as if it had been loaded so often."""
    taken = one.samples[:loads]
    return replace(one, samples=taken, summary=summarize([each.elapsed_ns for each in taken]))


def outcome(
    measure: str, most: float, of: str = "", *, screen: str = "page", arm: str = "rest/fields",
    before=RUN,
) -> str:  # fmt: skip
    (result,) = checked([Limit(screen, arm, measure, most, of)], RUN, before)
    return result.outcome


def over_protocols():
    """A run over two protocols, and over links of one round-trip time."""
    arms = []
    for one in RUN.screens[0].arms:
        links = [
            LinkResult(300.0, rate, False, samples(ms, 8), ms * 1e6, None, None, name)
            for ms, rate, name in ((310.0, None, ""), (350.0, 1.6, "3g"))
        ]
        protocols = [
            ProtocolResult(
                protocol, ProtocolCounts(4, steps, steps, 1, 2, 100, 900), taken,
                summarize([each.elapsed_ns for each in taken]), 1.0, links,
            )
            for protocol, steps, taken in (
                ("http1", 4, samples(8.0)), ("http2", 1, samples(12.0)),
            )
        ]  # fmt: skip
        arms.append(replace(one, protocols=protocols))
    whole = replace(RUN.settings, protocols=["http1", "http2"])
    return replace(RUN, settings=whole, screens=[replace(RUN.screens[0], arms=arms)])


@pytest.mark.parametrize(
    ("measure", "condition", "most", "expected"),
    [
        ("steps", {"over": "http2"}, 1, "kept"),
        ("steps", {"over": "http2"}, 0, "broken"),
        ("steps", {"over": "http1"}, 3, "broken"),
        ("wire_bytes", {"over": "http2"}, 1000, "kept"),
        ("median_ms", {"over": "http2"}, 11, "broken"),
        ("median_ms", {"over": "http2"}, 13, "kept"),
        ("median_ms", {"over": "http2", "rtt_ms": 300}, 330, "kept"),
        ("median_ms", {"over": "http2", "network": "3g"}, 330, "broken"),
        ("median_ms", {"over": "http2", "network": "3g", "of": "rest/textbook"}, 1.1, "kept"),
        ("median_ms", {"over": "http2", "network": "3g", "of": "rest/textbook"}, 0.5, "broken"),
        ("median_ms", {"over": "http2", "rtt_ms": 20}, 9e9, "not known"),
        ("steps", {"over": "http1-tls"}, 9, "not known"),
    ],
)
def test_a_limit_is_checked_over_its_own_protocol_and_link(measure, condition, most, expected):
    (found,) = checked(
        [Limit("page", "rest/fields", measure, most, **condition)], over_protocols(), None
    )
    assert found.outcome == expected
    if expected == "not known":
        assert found.why.startswith("not loaded over http")


def test_what_all_was_measured_over_can_be_named():
    (found,) = checked([Limit("page", "rest/fields", "requests", 1, over="http1")], RUN, None)
    assert found.outcome == "kept"


@pytest.mark.parametrize(
    ("measure", "found"),
    [("requests", 4), ("steps", 4), ("wire_bytes", 4 * 660), ("statements", 3)],
)
def test_a_count_may_be_as_much_as_its_limit_and_no_more(measure: str, found: int) -> None:
    assert outcome(measure, found, arm="rest/textbook") == "kept"
    assert outcome(measure, found - 1, arm="rest/textbook") == "broken"


def test_a_time_is_broken_where_its_whole_interval_is_above_the_limit() -> None:
    summary = RUN.screens[0].arms[1].summary
    assert summary
    low, middle = summary.median_low_ns / 1e6, summary.median_ns / 1e6
    assert outcome("median_ms", middle) == "kept"
    assert outcome("median_ms", (low + middle) / 2) == "within noise"
    assert outcome("median_ms", low * 0.999) == "broken"


@pytest.mark.parametrize("of", ["", "rest/textbook", "before"])
@pytest.mark.parametrize("is_few", ["now", "before", "neither"])
def test_a_time_of_too_few_loads_breaks_no_limit(of: str, is_few: str) -> None:
    now = screen("page", *(few(one, ENOUGH - (is_few == "now")) for one in RUN.screens[0].arms))
    before = screen("page", *(few(one, ENOUGH - (is_few == "before")) for one in now.arms))
    limit = Limit("page", "rest/fields", "median_ms", 0.01, of)
    (result,) = checked([limit], document(now), document(before))
    if is_few == "now" or (is_few == of == "before"):
        expected = "within noise", f"of too few loads to tell ({ENOUGH - 1}; it takes {ENOUGH})"
    else:
        expected = "broken", ""
    assert (result.outcome, result.why) == expected
    assert outcome("requests", 0) == "broken"  # a count is exact


@pytest.mark.parametrize(
    ("measure", "times", "expected"),
    [
        ("requests", 0.25, "kept"),
        ("requests", 0.2, "broken"),
        ("median_ms", 0.3, "kept"),
        ("median_ms", 0.2, "broken"),
    ],
)
def test_a_limit_can_be_times_another_arm(measure: str, times: float, expected: str) -> None:
    assert outcome(measure, times, "rest/textbook") == expected


@pytest.mark.parametrize(
    ("now", "measure", "times", "expected"),
    [
        (arm("rest/fields", 2.0, 1), "median_ms", 1.05, "kept"),
        (arm("rest/fields", 3.0, 1), "median_ms", 1.05, "broken"),
        (arm("rest/fields", 2.0, 2), "wire_bytes", 1.9, "broken"),
        (arm("rest/fields", 2.0, 2), "wire_bytes", 2.0, "kept"),
    ],
)
def test_a_limit_can_be_times_the_earlier_run(now, measure, times, expected) -> None:
    run = document(screen("page", now))
    limit = Limit("page", "rest/fields", measure, times, "before")
    (result,) = checked([limit], run, RUN)
    assert result.outcome == expected
    assert (result.found > result.allowed) is (expected == "broken")


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        (Limit("list", "rest/fields", "statements", 3), "does not tell it in Server-Timing"),
        (Limit("list", "graphql/q", "median_ms", 3), "not timed"),
        (Limit("gone", "rest/fields", "requests", 3), "not loaded in this run"),
        (Limit("page", "rest/fields", "requests", 3, "before"), "in the earlier run is not known"),
        (Limit("page", "rest/fields", "requests", 3, "rest/none"), "of rest/none is not known"),
    ],
)
def test_what_cannot_be_checked_is_not_kept(limit: Limit, why: str) -> None:
    (result,) = checked([limit], RUN, None)
    assert result.outcome == "not known"
    assert why in result.why


def test_patterns_stand_for_all_that_they_match() -> None:
    found = for_each_arm([Limit("*", "rest/*", "requests", 9)], ARMS)
    assert [(one.screen, one.arm) for one in found] == [
        ("page", "rest/textbook"),
        ("page", "rest/fields"),
        ("list", "rest/fields"),
    ]


def test_a_pattern_is_for_the_screens_that_have_the_other_arm() -> None:
    (found,) = for_each_arm([Limit("*", "graphql/*", "requests", 1, "rest/textbook")], ARMS)
    assert found == Limit("page", "graphql/q", "requests", 1, "rest/textbook")


def test_a_screen_that_was_left_out_on_purpose_does_not_count() -> None:
    assert for_each_arm([Limit("page", "*", "requests", 9)], ARMS, {"page"}) == []


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (Limit("pgae", "*", "requests", 1), "there is no screen 'pgae', but page, list"),
        (
            Limit("list", "rest/textbook", "requests", 1),
            "no arm 'rest/textbook', but rest/fields",
        ),
        (Limit("list", "*", "requests", 1, "rest/textbook"), "there is no arm 'rest/textbook'"),
    ],
)
def test_a_limit_for_nothing_is_refused(limit: Limit, says: str) -> None:
    with pytest.raises(UnknownName, match=says):
        for_each_arm([limit], ARMS)


def test_an_arm_that_takes_no_statement_can_be_held_to_that() -> None:
    run = document(screen("page", arm("rest/fields", statements=0)))
    (result,) = checked([Limit("page", "rest/fields", "statements", 0)], run, None)
    assert result.outcome == "kept"
