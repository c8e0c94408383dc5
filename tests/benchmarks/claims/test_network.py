"""Claims of requests, bytes and round trips: made-up results turn each verdict over."""

from dataclasses import replace

import pytest

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, NothingToJudge
from benchmarks.claims.compared import bandwidth, http2, mobile, requests
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.results.links import Link
from tests.comparison.made_documents import arm, document, screen, whole
from tests.comparison.report.test_protocol_reports import arm as over_protocols
from tests.comparison.report.test_protocol_reports import screen as with_protocols

# -- 1: requests ------------------------------------------------------------------------------


def asking(name: str, textbook: int, fields: int, graphql: int = 1):
    return screen(
        name,
        arm("rest/textbook", requests=textbook),
        arm("rest/fields", requests=fields),
        arm("graphql/dataloader", requests=graphql),
    )


def test_fewer_requests_holds_where_even_the_best_of_rest_needs_more() -> None:
    best, usual = requests.verdicts(document(asking("a", 3, 2), asking("b", 4, 3)))
    assert (best, usual.verdict) == (HOLDS, HOLDS)


def test_fewer_requests_holds_if_rest_is_used_as_in_textbooks() -> None:
    best, usual = requests.verdicts(document(asking("a", 3, 1), asking("b", 4, 3)))
    assert best.condition == (
        "the screen takes REST several requests, one for each resource; where each API takes the "
        "fewest that it can, GraphQL needs fewer only on `b`"
    )
    assert usual.verdict == HOLDS
    best, usual = requests.verdicts(document(asking("a", 3, 1), asking("b", 1, 1)))
    assert "GraphQL needs fewer on no screen" in best.condition
    assert "(1 of 2 screens)" in usual.verdict.condition


def test_fewer_requests_does_not_hold_where_rest_needs_no_more() -> None:
    best, usual = requests.verdicts(document(asking("a", 1, 1), asking("b", 1, 1, graphql=2)))
    assert (best, usual.verdict) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_requests_are_told_with_their_steps() -> None:
    parallel = arm("rest/parallel", requests=9, rounds=2)
    made = screen("a", arm("rest/textbook", requests=8), parallel, arm("graphql/dataloader"))
    found = requests.fewer_requests(document(made))
    assert list(found.table.rows) == [["`a`", "8", "9 in 2", NONE, NONE, "1"]]
    assert "REST takes up to 9" in found.why[1]
    assert found.why[2].endswith('wait together ("9 in 2" is 9 requests in 2 steps).')
    in_turn = requests.fewer_requests(document(asking("a", 3, 2)))
    assert in_turn.why[2].endswith("requests side by side wait together.")


def test_screens_without_the_usual_arms_do_not_count_as_usual() -> None:
    other = screen("b", arm("rest/fields", requests=2), arm("graphql/planned"))
    _, usual = requests.verdicts(document(asking("a", 3, 1), other))
    assert usual.verdict == HOLDS
    with pytest.raises(NothingToJudge, match="no case"):
        requests.verdicts(document(other))


# -- 2: bandwidth -----------------------------------------------------------------------------


def receiving(name: str, body: int, used: int, sent: int, used_sent: int, over_fetch: float):
    made = arm(name, over_fetch=over_fetch)
    counts = replace(
        made.counts, body_bytes=body, used_body_bytes=used, encoded_body_bytes=sent,
        used_encoded_bytes=used_sent, wire_bytes=500 + sent,
    )  # fmt: skip
    return replace(made, counts=counts)


def wasting(textbook: tuple[int, int, int, int], fields: tuple[int, int, int, int]):
    arms = [
        receiving("rest/textbook", *textbook, 0.5),
        receiving("rest/fields", *fields, 0.0),
        arm("graphql/dataloader"),
    ]
    return document(screen("a", *arms))


ALL_USED = (400, 400, 400, 400)


def test_bandwidth_is_wasted_even_by_the_least_that_rest_can_send() -> None:
    wasted = (4_000, 400, 1_500, 400)
    assert bandwidth.verdicts(wasting(wasted, wasted)) == (HOLDS, HOLDS)


def test_bandwidth_is_wasted_if_resources_are_whole() -> None:
    best, usual = bandwidth.verdicts(wasting((4_000, 400, 1_500, 400), ALL_USED))
    assert best.condition == "REST sends whole resources, which `rest/fields` avoids"
    assert usual == HOLDS


def test_bandwidth_is_wasted_if_nothing_is_compressed() -> None:
    best, usual = bandwidth.verdicts(wasting((4_000, 400, 420, 400), ALL_USED))
    assert usual.condition == "answers are not compressed"
    assert best.condition == (
        "REST sends whole resources, which `rest/fields` avoids, and answers are not compressed"
    )


def test_bandwidth_is_not_wasted_where_all_is_used() -> None:
    assert bandwidth.verdicts(wasting(ALL_USED, ALL_USED)) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_without_compression_there_would_be_more_bytes_on_the_wire() -> None:
    found = bandwidth.Received(body=4_000, unused=180, sent=400, unused_sent=0, wire=500)
    assert bandwidth.judged(found) == DOES_NOT_HOLD
    assert bandwidth.judged(found._replace(unused=220)).kind == "holds if"


def test_bandwidth_is_told_of_each_screen_and_of_all() -> None:
    found = bandwidth.over_fetching(wasting((4_000, 400, 1_500, 400), ALL_USED))
    row = ["4,000", "90%", "1,500", "73%", "2,000", "55%"]
    assert list(found.table.rows) == [["`a`", *row], ["all", *row]]


def test_older_results_do_not_say_how_much_is_wasted() -> None:
    with pytest.raises(NothingToJudge, match="rest/textbook"):
        bandwidth.verdicts(whole())


# -- 3: HTTP/2 --------------------------------------------------------------------------------


def multiplexed(*parallel_steps: int, textbook_steps: int = 9):
    """Screens by requests side by side, one after the other, and by one query."""
    return document(
        *(
            with_protocols(
                f"screen-{number}",
                over_protocols("rest/textbook", 1.0, 9, 9, http2=textbook_steps),
                over_protocols("rest/parallel", 1.0, 9, 5, http2=steps),
                over_protocols("graphql/dataloader", 1.0),
            )
            for number, steps in enumerate(parallel_steps)
        )
    )


def judged_http2(*parallel_steps: int, textbook_steps: int = 9):
    return http2.verdicts(http2.many(multiplexed(*parallel_steps, textbook_steps=textbook_steps)))


def test_many_requests_are_cheap_where_none_takes_longer_than_few() -> None:
    assert judged_http2(1, 1, textbook_steps=1) == (HOLDS, HOLDS)


def test_many_requests_are_cheap_if_none_waits_for_another() -> None:
    best, usual = judged_http2(1, 3)
    assert best.condition.startswith("none of them waits for another's answer (`screen-0`")
    assert "not `screen-1`, of 3 steps" in best.condition
    assert usual == DOES_NOT_HOLD


def beside_a_slow_query(name: str, steps: int):
    """Requests side by side in so many steps, and a query that takes longer than one round trip."""
    return with_protocols(
        name,
        over_protocols("rest/textbook", 1.0, 9, 9),
        over_protocols("rest/parallel", 1.0, 9, steps),
        over_protocols("graphql/dataloader", 30.0),
    )


def test_that_none_waits_is_not_said_of_cheap_ones_that_do() -> None:
    each = [("a", 2), ("b", 1), ("c", 5)]
    made = document(*(beside_a_slow_query(name, steps) for name, steps in each))
    best, _ = http2.verdicts(http2.many(made))
    assert best.condition == "the screen is `a` or `b`"


def test_many_requests_are_not_cheap_where_they_wait() -> None:
    assert judged_http2(3, 2) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_many_requests_are_cheap_as_long_as_they_cost_no_further_round_trip() -> None:
    few = over_protocols("graphql/planned", 1.0)
    cheap = []
    for ms in (20.5, 21.5):
        made = with_protocols("a", over_protocols("rest/parallel", ms, 9, 1), few)
        cheap += [each.is_cheap for each in http2.many(document(made))]
    assert cheap == [True, False]


def test_many_requests_are_told_over_both() -> None:
    found = http2.http2(multiplexed(3))
    (textbook, parallel) = found.table.rows
    assert textbook[:4] == ["`screen-0`", "`rest/textbook`", "9", "9"]
    assert parallel[3] == "5 → 3"
    assert found.table.header[4] == "bytes on the wire, HTTP/1.1 → HTTP/2"
    assert parallel[4] == "6,210 → 5,130"
    assert "Both protocols go over TLS and through nginx here" in found.not_measured
    assert "takes 3 steps instead of 5 for `screen-0`" in found.why[0]


def test_without_http2_its_claim_is_not_judged() -> None:
    with pytest.raises(NothingToJudge, match="HTTP/2"):
        http2.many(whole())


# -- 9: mobile networks -----------------------------------------------------------------------


PROFILES = [Link(150.0, 1.6, 0.75, "slow-4g"), Link(70.0, 12.0, 12.0, "lte")]


def distant(*rounds: tuple[int, int]):
    """A screen for each of the steps by `rest/textbook` and by REST's fastest arm."""
    screens = [
        screen(
            f"screen-{number}",
            arm("rest/textbook", 1.0, textbook),
            arm("rest/fields", 1.0, fields),
            arm("graphql/dataloader", 1.0),
        )
        for number, (textbook, fields) in enumerate(rounds)
    ]
    return document(*screens, profiles=PROFILES)


def test_mobile_networks_are_better_by_graphql_where_it_has_fewer_steps() -> None:
    assert mobile.verdicts(distant((3, 2), (4, 2))) == (HOLDS, HOLDS)


def test_mobile_networks_are_better_if_rest_takes_more_steps() -> None:
    best, usual = mobile.verdicts(distant((3, 1), (1, 1)))
    assert best.condition.startswith(
        "the screen takes REST several requests, one for each resource and one after the other; "
    )
    assert best.condition.endswith("GraphQL is ahead nowhere")
    assert usual.condition == "the screen takes several requests (`screen-0`)"
    best, _ = mobile.verdicts(distant((3, 2), (1, 1)))
    assert best.condition.endswith("GraphQL is ahead only on `screen-0`")


def test_mobile_networks_tie_where_steps_are_as_few() -> None:
    assert mobile.verdicts(distant((1, 1))) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_mobile_networks_have_a_row_for_each_screen() -> None:
    found = mobile.mobile(distant((3, 1)))
    assert [row[:2] for row in found.table.rows] == [
        ["slow-4g, 150 ms", "`screen-0`"], ["lte, 70 ms", "`screen-0`"],
    ]  # fmt: skip
    assert [row[4] for row in found.table.rows] == ["tie", "tie"]
    assert "--network slow-4g lte " in found.command
    with pytest.raises(NothingToJudge, match="mobile networks"):
        mobile.mobile(whole())
