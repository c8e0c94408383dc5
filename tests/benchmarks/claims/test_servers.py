"""Claims of caches, processors and the database: made-up results turn each verdict over."""

from dataclasses import replace

import pytest

from benchmarks.claims.claim import DOES_NOT_HOLD, NothingToJudge
from benchmarks.claims.compared import processors, shared_cache, statements
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.results.caching import (
    SharedCacheResults,
    SharedCacheScreen,
    SharedCacheWay,
)
from client_examples.comparison.results.cpu import CpuResults
from tests.benchmarks.claims.made import slow
from tests.comparison.made_documents import arm, document, screen, visits, whole
from tests.comparison.report.test_cpu_reports import measured as with_costs

# -- 4 and 5: caches that clients share -------------------------------------------------------


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


# -- 6: processor time ------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("requests", "told"),
    [
        (21, "the screen is `order-history`"),
        (22, "REST takes at most 21 requests: on `order-history`"),
    ],
)
def test_processor_time_of_graphql_is_more_on_one_screen_of_two(requests: int, told: str) -> None:
    dearer, cheaper = costing(1.0, 0.5, 2.0, 1.0), costing(9.0, 0.5, 0.5, 0.4)
    textbook, *others = cheaper.screens[0].arms
    assert textbook.name == "rest/textbook"
    arms = [arm(textbook.name, 5.0, requests), *others]
    other = replace(cheaper.screens[0], name="other", arms=arms)
    assert cheaper.cpu is not None
    assert dearer.cpu is not None
    costs = [*dearer.cpu.screens, replace(cheaper.cpu.screens[0], name="other")]
    both = replace(dearer, screens=[*dearer.screens, other], cpu=CpuResults(screens=costs))
    best, usual = processors.verdicts(both)
    assert "GraphQL takes more on `order-history`" in best.condition
    assert usual.condition == told


def test_processor_time_is_told_with_what_makes_it() -> None:
    found = processors.processor_cost(costing(9.0, 0.5, 1.0, 0.4))
    assert "GraphQL runs resolvers and REST takes as few requests" in found.verdict.condition
    assert found.verdict.condition.endswith("GraphQL takes more on none of 1 screen measured")
    assert "0.80 times as much as REST; none of 1 screen measured tie" in found.why[0]
    assert "21 requests take 9.00 times as much" in found.why[1]
    assert "takes 2.00 times as much as `rest/fields`" in found.why[2]
    assert found.table.rows[0][4] == "0.500 (0.498\N{EN DASH}0.501)"


def test_resolvers_are_not_blamed_for_what_more_requests_cost() -> None:
    """Only where REST's arm with `fields` takes as few requests as the query."""
    made = costing(9.0, 0.5, 1.0, 0.5)
    (one,) = made.screens
    arms = [arm("rest/fields", 5.0, 2) if each.name == "rest/fields" else each for each in one.arms]
    found = processors.processor_cost(replace(made, screens=[replace(one, arms=arms)]))
    assert found.verdict == DOES_NOT_HOLD
    assert found.why[2] == "No screen has arms with as few requests on both sides."


def test_without_processor_time_its_claim_is_not_judged() -> None:
    with pytest.raises(NothingToJudge, match="processor time"):
        processors.processor_cost(whole())


# -- 7 and 8: N+1 -----------------------------------------------------------------------------


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
    found = statements.dataloaders(near, slow(near), costs_of("a"))
    assert found.verdict.kind == kind


def costs_of(name: str):
    return with_costs(
        {"graphql/unbatched": 2.0, "graphql/dataloader": 1.8, "graphql/planned": 0.6}, name
    )


def test_the_price_of_dataloaders_is_told_of_each_screen() -> None:
    near = document(reading("a", 20, 5, 5))
    found = statements.dataloaders(near, slow(near), costs_of("a"))
    assert list(found.table.rows[0][:4]) == ["`a`", "20", "5", "5"]
    assert list(found.table.rows[0][7:]) == ["2.00", "1.80", "0.600"]
    assert "takes 1 ms longer" in found.why[1]
    assert "A load takes 0.90 times the processor time" in found.why[2]
    assert "3.00 times that of a plan" in found.why[2]
    elsewhere = statements.dataloaders(near, slow(near), costs_of("b"))
    assert list(elsewhere.table.rows[0][7:]) == [NONE] * 3


def test_where_no_statement_was_slow_dataloaders_are_not_judged() -> None:
    near = document(reading("a", 20, 5, 5))
    with pytest.raises(NothingToJudge, match="BOOKSTORE_DB_LATENCY_MS"):
        statements.dataloaders(near, near, costs_of("a"))
    with pytest.raises(NothingToJudge, match="BOOKSTORE_DB_LATENCY_MS"):
        statements.dataloaders(near, slow(near, 0.0), costs_of("a"))
    with pytest.raises(NothingToJudge, match="SQL statements"):
        statements.moves_n_plus_one(document(screen("a", arm("rest/textbook"))))
