"""Claims that are judged by the comparison's results: made-up ones turn each verdict over."""

from dataclasses import replace

import pytest

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS, NothingToJudge
from benchmarks.claims.compared import (
    bandwidth,
    http2,
    mobile,
    processors,
    requests,
    shared_cache,
    statements,
    tuning,
)
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.results.caching import (
    SharedCacheResults,
    SharedCacheScreen,
    SharedCacheWay,
)
from client_examples.comparison.results.cpu import CpuResults
from client_examples.comparison.results.links import Link
from tests.comparison.made_documents import ENVIRONMENT, arm, document, screen, visits, whole
from tests.comparison.report.test_cpu_reports import measured as with_costs
from tests.comparison.report.test_protocol_reports import arm as over_protocols
from tests.comparison.report.test_protocol_reports import screen as with_protocols

SLOW = {**ENVIRONMENT, "servers": {"http://127.0.0.1:8000": {"db_latency_ms": 1.0}}}


# -- 1: requests -----------------------------------------------------------------------------


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
    assert best.kind == "holds if"
    assert "GraphQL needs fewer only on `b`" in best.condition
    assert usual.verdict == HOLDS
    best, usual = requests.verdicts(document(asking("a", 3, 1), asking("b", 1, 1)))
    assert "GraphQL needs fewer on no screen" in best.condition
    assert "(1 of 2 screens)" in usual.verdict.condition


def test_fewer_requests_does_not_hold_where_rest_needs_no_more() -> None:
    best, usual = requests.verdicts(document(asking("a", 1, 1), asking("b", 1, 1, graphql=2)))
    assert (best, usual.verdict) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_requests_are_told_with_their_steps() -> None:
    parallel = arm("rest/parallel", requests=9, rounds=2)
    found = requests.fewer_requests(document(screen("a", parallel, arm("graphql/dataloader"))))
    assert list(found.table.rows) == [["`a`", NONE, "9 in 2", NONE, NONE, "1"]]
    assert "REST takes up to 9" in found.why[1]


# -- 2: bandwidth ----------------------------------------------------------------------------


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
    assert best.kind == "holds if"


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


# -- 3: HTTP/2 -------------------------------------------------------------------------------


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
    assert parallel[4] == "6,210 → 5,130"
    assert "takes 3 steps instead of 5 for `screen-0`" in found.why[0]


def test_without_http2_its_claim_is_not_judged() -> None:
    with pytest.raises(NothingToJudge, match="HTTP/2"):
        http2.many(whole())


# -- 4 and 5: caches that clients share ------------------------------------------------------


def way(name: str, method: str, hits: int) -> SharedCacheWay:
    return SharedCacheWay(name, "", method, [110.0, 21.0, 22.0], 100, hits, 1.5)


def cached(*hits: tuple[int, int, int]):
    """A screen for each of the hits by REST, by a persisted query, and by POST."""
    screens = [
        SharedCacheScreen(
            f"screen-{number}",
            [
                way("rest/fields", "GET", rest),
                way("graphql/planned", "GET, persisted", persisted),
                way("graphql/planned", "POST", post),
            ],
        )
        for number, (rest, persisted, post) in enumerate(hits)
    ]
    return replace(whole(), shared_cache=SharedCacheResults(max_age_s=10, screens=screens))


@pytest.mark.parametrize(
    ("hits", "best", "usual"),
    [
        ([(99, 0, 0), (99, 0, 0)], "holds", "holds"),
        ([(99, 99, 0), (99, 99, 0)], "does not hold here", "holds"),
        ([(99, 99, 0), (99, 0, 0)], "holds if", "holds"),
        ([(99, 99, 99)], "does not hold here", "does not hold here"),
        ([(99, 0, 99)], "does not hold here", "does not hold here"),
        ([(0, 0, 0)], "does not hold here", "does not hold here"),
    ],
)
def test_only_rest_is_cached_where_graphql_is_not(
    hits: list[tuple[int, int, int]], best: str, usual: str
) -> None:
    found = shared_cache.only_rest_verdicts(shared_cache.ways_of(cached(*hits)))
    assert [one.kind for one in found] == [best, usual]


@pytest.mark.parametrize(
    ("hits", "kind"),
    [
        ([(99, 99, 0), (99, 95, 0)], "holds"),
        ([(99, 99, 0), (99, 80, 0)], "holds if"),
        ([(99, 0, 0)], "does not hold here"),
        ([(0, 0, 0)], "does not hold here"),
    ],
)
def test_persisted_queries_fix_it_where_the_cache_answers_as_many(
    hits: list[tuple[int, int, int]], kind: str
) -> None:
    assert shared_cache.persisted_verdict(shared_cache.ways_of(cached(*hits))).kind == kind


def test_caching_is_told_with_the_first_visit_of_all() -> None:
    book_list = replace(whole().screens[1], caching=visits())
    comparison = replace(whole(), screens=[book_list])
    found = shared_cache.persisted(cached((99, 98, 0)), comparison)
    assert found.table.rows[0][1:4] == ["1", "2", "100"]
    assert "takes 2 requests once, then 1" in found.why[2]
    assert "98 of 100 of them" in found.why[0]
    assert "none of 100" in shared_cache.only_rest(cached((99, 98, 0))).why[1]


def test_without_a_shared_cache_its_claims_are_not_judged() -> None:
    with pytest.raises(NothingToJudge, match="shared cache"):
        shared_cache.only_rest(whole())
    with pytest.raises(NothingToJudge, match="first of all visits"):
        shared_cache.persisted(cached((99, 99, 0)), whole())


# -- 6: processor time -----------------------------------------------------------------------


def costing(textbook: float, fields: float, dataloader: float, planned: float):
    names = ("rest/textbook", "rest/fields", "graphql/dataloader", "graphql/planned")
    return with_costs(dict(zip(names, (textbook, fields, dataloader, planned), strict=True)))


@pytest.mark.parametrize(
    ("costs", "best", "usual"),
    [
        ((1.0, 0.5, 2.0, 1.0), "holds", "holds"),
        ((9.0, 0.5, 0.5, 0.4), "does not hold here", "does not hold here"),
        ((9.0, 0.5, 1.0, 0.5), "holds if", "does not hold here"),
    ],
)
def test_processor_time_is_by_the_cheapest_and_by_the_usual(
    costs: tuple[float, float, float, float], best: str, usual: str
) -> None:
    found = processors.verdicts(costing(*costs))
    assert [one.kind for one in found] == [best, usual]


def test_processor_time_of_graphql_is_more_on_one_screen_of_two() -> None:
    dearer, cheaper = costing(1.0, 0.5, 2.0, 1.0), costing(9.0, 0.5, 0.5, 0.4)
    other = replace(cheaper.screens[0], name="other")
    assert cheaper.cpu is not None
    assert dearer.cpu is not None
    costs = [*dearer.cpu.screens, replace(cheaper.cpu.screens[0], name="other")]
    both = replace(dearer, screens=[*dearer.screens, other], cpu=CpuResults(screens=costs))
    best, usual = processors.verdicts(both)
    assert "GraphQL takes more on `order-history`" in best.condition
    assert usual.condition == "the screen is `order-history`"


def test_processor_time_is_told_with_what_makes_it() -> None:
    found = processors.processor_cost(costing(9.0, 0.5, 1.0, 0.4))
    assert "GraphQL runs resolvers and REST takes as few requests" in found.verdict.condition
    assert "takes more on no screen" in found.verdict.condition
    assert "0.80 times as much as REST; none of 1 screen tie" in found.why[0]
    assert "21 requests take 9.00 times as much" in found.why[1]
    assert "takes 2.00 times as much as `rest/fields`" in found.why[2]
    assert found.table.rows[0][4] == "0.500 (0.498\N{EN DASH}0.501)"


def test_without_processor_time_its_claim_is_not_judged() -> None:
    with pytest.raises(NothingToJudge, match="processor time"):
        processors.processor_cost(whole())


# -- 7 and 8: N+1 ----------------------------------------------------------------------------


def reading(name: str, unbatched: int, dataloader: int, planned: int):
    """A screen by GraphQL's three ways, each with so many SQL statements; 1 ms for ten of them."""
    ways = {"unbatched": unbatched, "dataloader": dataloader, "planned": planned}
    return screen(
        name,
        arm("rest/textbook", 9.0, 9, statements=9),
        *(arm(f"graphql/{way}", 1.0 + n / 10, statements=n) for way, n in ways.items()),
    )


@pytest.mark.parametrize(
    ("dataloader", "moved", "usual"),
    [(4, "holds if", "does not hold here"), (22, "holds", "holds")],
)
def test_n_plus_one_is_moved_unless_it_is_batched(dataloader: int, moved: str, usual: str) -> None:
    found = statements.moves_n_plus_one(
        document(reading("a", 22, dataloader, 4), reading("b", 1, 1, 1))
    )
    assert found.usual is not None
    assert [found.verdict.kind, found.usual.verdict.kind] == [moved, usual]
    assert "`a` takes 22 SQL statements" in found.why[0]


def test_n_plus_one_is_not_moved_where_there_is_none() -> None:
    each = statements.statements(document(reading("a", 4, 4, 4)))
    assert statements.moves_verdicts(each) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


@pytest.mark.parametrize(
    ("second", "kind"), [(2, "holds"), (21, "holds if"), (None, "does not hold here")]
)
def test_dataloaders_cure_where_they_take_no_more_than_a_plan(
    second: int | None, kind: str
) -> None:
    first = 4 if second is not None else 22
    near = document(reading("a", 22, first, 4), reading("b", 21, second or 21, 2))
    found = statements.dataloaders(near, replace(near, environment=SLOW), costs_of("a"))
    assert found.verdict.kind == kind


def costs_of(name: str):
    return with_costs(
        {"graphql/unbatched": 2.0, "graphql/dataloader": 1.8, "graphql/planned": 0.6}, name
    )


def test_the_price_of_dataloaders_is_told_of_each_screen() -> None:
    near = document(reading("a", 20, 5, 5))
    found = statements.dataloaders(near, replace(near, environment=SLOW), costs_of("a"))
    assert list(found.table.rows[0][:4]) == ["`a`", "20", "5", "5"]
    assert list(found.table.rows[0][7:]) == ["2.00", "1.80", "0.600"]
    assert "takes 1 ms longer" in found.why[1]
    assert "A load takes 0.90 times the processor time" in found.why[2]
    assert "3.00 times that of a plan" in found.why[2]
    elsewhere = statements.dataloaders(near, replace(near, environment=SLOW), costs_of("b"))
    assert list(elsewhere.table.rows[0][7:]) == [NONE] * 3


def test_where_no_statement_was_slow_dataloaders_are_not_judged() -> None:
    near = document(reading("a", 20, 5, 5))
    with pytest.raises(NothingToJudge, match="BOOKSTORE_DB_LATENCY_MS"):
        statements.dataloaders(near, near, costs_of("a"))
    fast = {"servers": {"http://127.0.0.1:8000": {"db_latency_ms": 0.0}}}
    with pytest.raises(NothingToJudge, match="BOOKSTORE_DB_LATENCY_MS"):
        statements.dataloaders(near, replace(near, environment=fast), costs_of("a"))
    with pytest.raises(NothingToJudge, match="SQL statements"):
        statements.moves_n_plus_one(document(screen("a", arm("rest/textbook"))))


# -- 9: mobile networks ----------------------------------------------------------------------

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
    assert best.condition.startswith("REST takes a request for each resource")
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
    assert "--network slow-4g lte --screen screen-0" in found.command
    with pytest.raises(NothingToJudge, match="mobile networks"):
        mobile.mobile(whole())


# -- 12: tuning ------------------------------------------------------------------------------


def tuned(naive_rest: float, naive_graphql: float, fields: float, planned: float, name: str = "a"):
    return screen(
        name,
        arm("rest/textbook", naive_rest, 5, 1),
        arm("rest/fields", fields),
        arm("graphql/unbatched", naive_graphql),
        arm("graphql/dataloader", naive_graphql),
        arm("graphql/planned", planned),
    )


def slow(made):
    return replace(made, environment=SLOW)


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
