"""Static costs and objects in all reports."""

import csv
import io
import json
from dataclasses import replace

from client_examples.comparison.analysis.caveats import screen_caveats
from client_examples.comparison.report import files as render
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.report.sections.servers.static_cost import (
    TITLE,
    about_costs,
    cost_rows,
)
from client_examples.comparison.results.counts import StaticCost
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.made_documents import arm, document, screen, whole
from tests.comparison.report.rendered import RENDERED, WIDTH, printed

LIMIT = 10_000


def with_numbers(made, objects, cost):
    """The document, in which every arm delivers so many objects, and those of GraphQL cost that."""
    screens = []
    for one in made.screens:
        arms = [
            replace(
                each,
                counts=replace(each.counts, objects=objects),
                cost=cost if each.name.startswith("graphql") else None,
            )
            for each in one.arms
        ]
        doubts = [*one.doubts, *screen_caveats(one.name, arms)]
        screens.append(replace(one, arms=arms, doubts=doubts))
    return replace(made, screens=screens)


def test_arms_with_equal_numbers_share_a_row():
    made = with_numbers(document(whole().screens[0]), 63, StaticCost(421, LIMIT))
    rest, graphql = cost_rows(made)
    assert rest.cells == ("63", NONE, NONE)
    assert len(rest.arms) == 4
    assert graphql.arms == ["graphql/dataloader", "graphql/unbatched"]
    assert graphql.cells == ("63", "421", "15%")


@RENDERED
def test_objects_and_costs_are_told(text_of):
    text = text_of(with_numbers(whole(), 63, StaticCost(421, LIMIT)))
    assert all(told in text for told in ("63", "421", "10000" if text_of is render.csv else "15%"))
    if text_of is not render.csv:
        assert TITLE in text


@RENDERED
def test_where_no_server_tells_a_cost_objects_are_shown_alone(text_of):
    made = with_numbers(whole(), 63, None)
    assert "63" in text_of(made)
    assert "No server told" in about_costs(made)


@RENDERED
def test_older_documents_have_no_such_table(text_of):
    old = json.loads(to_json(whole()))
    for one in old["screens"]:
        for each in one["arms"]:
            del each["cost"], each["counts"]["objects"]
    made = from_json(json.dumps(old))
    assert TITLE not in text_of(made)


@RENDERED
def test_more_objects_than_the_most_are_a_doubt(text_of):
    made = with_numbers(document(screen("s", arm("graphql/a"))), 422, StaticCost(421, LIMIT))
    (doubt,) = made.screens[0].doubts
    assert (doubt.about, doubt.number) == ("s/graphql/a", "objects")
    assert "422 objects, more than the 421" in text_of(made)
    fine = with_numbers(document(screen("s", arm("graphql/a"))), 421, StaticCost(421, LIMIT))
    assert fine.screens[0].doubts == []


def test_the_table_of_costs_fits_the_width():
    made = with_numbers(whole(), 63, StaticCost(421, LIMIT))
    assert max(map(len, printed(made).splitlines())) <= WIDTH


def test_csv_has_each_arm_s_own_numbers():
    made = with_numbers(whole(), 63, StaticCost(421, LIMIT))
    rows = [row for row in csv.DictReader(io.StringIO(render.csv(made))) if row["arm"]]
    assert len(rows) == sum(len(one.arms) for one in made.screens)
    for row in rows:
        is_graphql = row["arm"].startswith("graphql")
        assert row["objects"] == "63"
        assert row["static_cost (objects)"] == ("421" if is_graphql else "")
