"""The static cost beside the objects that really came: asked for aside, and never exceeded."""

import csv
import io
import json
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from fake_bookstore import FakeBookstore
from made_documents import SETTINGS, arm, document, screen, whole

from client_examples.comparison import render
from client_examples.comparison.arms import GraphqlArm, Screen
from client_examples.comparison.cost_cells import TITLE, about_costs, cost_rows
from client_examples.comparison.costs import reported, sum_of
from client_examples.comparison.document import StaticCost, from_json, to_json
from client_examples.comparison.doubts import screen_doubts
from client_examples.comparison.failures import LoadFailed
from client_examples.comparison.loading import Loader
from client_examples.comparison.measurement import Comparison
from client_examples.comparison.numbers import NONE
from client_examples.comparison.objects import objects_in, objects_in_data
from client_examples.comparison.screens import SCREENS, author_page, book_list
from tests.comparison.test_reports import RENDERED, printed

TOLD = {"computed": 21, "limit": 10_000}
LIMIT = 10_000
BOOKS = "query BookList { books { title } }"

# screen: the most objects of its operation, and those that it delivers
REAL = {
    "author-page": (1 + 20, 1 + 5),
    "order-history": (1 + 20 * (1 + 20 * (1 + 1)), 1 + 5 * (1 + 3 * (1 + 1))),
    "book-list": (20, 20),
    "search-results": (20 * (1 + 1), 20 * (1 + 1)),
    "book-detail": (1, 1),
    "storefront": (3 * 5 + 1 + 1, 3 * 5 + 1 + 1),
    "deep": (1 + 1 + 20 * (1 + 1), 1 + 1 + 10 * (1 + 1)),
    "place-order": (1 + 1 + 20 * (1 + 1), 1 + 1 + 3 * (1 + 1)),
}


@pytest.fixture
def server():
    with FakeBookstore() as running:
        yield running


@pytest.fixture
def loader(server):
    with closing(Loader(server.url, server.url)) as loader:
        yield loader


def compared(server, loader, *screens):
    """The document of a comparison of two timed loads."""
    settings = replace(
        SETTINGS, rest_url=server.url, graphql_url=server.url, samples=2, warm_up=0,
        link_rtts_ms=[], floor_rest=None, floor_graphql=None,
    )  # fmt: skip
    comparison = Comparison(screens, loader, settings)
    comparison.run()
    assert comparison.document().complete
    return comparison.document()


def only(made):
    """The only arm of a screen."""
    (found,) = made.arms
    return found


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
        doubts = [*one.doubts, *screen_doubts(one.name, arms)]
        screens.append(replace(one, arms=arms, doubts=doubts))
    return replace(made, screens=screens)


# -- what is counted -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "objects"),
    [
        ([{"id": 1}, {"id": 2, "author": {"id": 3, "tags": ["a", "b"]}}], 3),
        ({"books": [{"title": "a"}, {"title": "b"}]}, 3),
        ({"edges": [{"node": {}}]}, 3),  # no word of REST's
        ({"author": None}, 1),
        (None, 0),
    ],
)
def test_every_object_of_a_rest_answer_counts(answer, objects):
    assert objects_in(answer) == objects


@pytest.mark.parametrize(
    ("data", "objects"),
    [
        ({"books": [{"title": "a", "author": {"name": "b"}}, {"title": "c", "author": None}]}, 3),
        ({"first": {"id": 1}, "second": {"id": 2}, "deleteBook": 7}, 2),
        (
            {
                "booksConnection": {
                    "edges": [
                        {"cursor": "x", "node": {"title": "a", "author": {"name": "b"}}},
                        {"cursor": "y", "node": {"title": "c", "author": {"name": "d"}}},
                    ],
                    "pageInfo": {"hasNextPage": True},
                }
            },
            4,
        ),
        ({"book": None}, 0),
        ({}, 0),
    ],
)
def test_neither_the_root_nor_what_makes_up_connections_counts_in_graphql(data, objects):
    assert objects_in_data(data) == objects


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": {}, "extensions": None},
        {"extensions": {"cost": 5}},
        {"extensions": {"cost": {"computed": "21", "limit": 10}}},
        {"extensions": {"cost": {"requestedQueryCost": 21}}},  # another server's words
        [],
    ],
)
def test_an_answer_that_does_not_tell_a_cost_tells_none(answer):
    assert reported(answer) is None


def test_the_costs_of_several_operations_add_up_if_all_are_known():
    assert sum_of([StaticCost(21, LIMIT), StaticCost(40, LIMIT)]) == StaticCost(61, LIMIT)
    assert sum_of([StaticCost(21, LIMIT), None]) is None
    assert sum_of([]) is None


# -- over a fake -----------------------------------------------------------------------------


def test_each_graphql_arm_is_told_its_cost_and_all_count_their_objects(server, loader):
    server.cost = TOLD
    (found,) = compared(server, loader, author_page.screen).screens
    for one in found.arms:
        assert one.counts.objects == 1 + 5
        is_graphql = one.name.startswith("graphql")
        assert one.cost == (StaticCost(21, LIMIT) if is_graphql else None)
    assert sorted(server.asked_for_cost) == ["/graphql", "/graphql/planned", "/graphql/unbatched"]


def test_asking_for_costs_changes_no_other_number(server, loader):
    """Nor is it asked for in loads that are counted or timed: see the test before."""
    (without,) = compared(server, loader, book_list.screen).screens
    server.cost = TOLD
    (told,) = compared(server, loader, book_list.screen).screens
    assert [one.counts for one in told.arms] == [one.counts for one in without.arms]
    assert [one.cost for one in without.arms] == [None] * 5


def test_an_arm_of_several_operations_costs_their_sum(server, loader):
    two = Screen("two", "")

    @two.graphql("twice")
    def twice(api):
        return [api.query(BOOKS), api.query(BOOKS)]

    server.cost = TOLD
    assert loader.load_for_cost(two, only(two)) == StaticCost(42, LIMIT)


@contextmanager
def refusing(server, said):
    """Have the server refuse requests that ask for costs, as one that does not know them may."""

    def spoil(path, answer):
        asked, server.asked_for_cost = server.asked_for_cost, []
        return said if asked else answer

    server.spoil = spoil
    yield
    server.spoil = lambda path, answer: answer


@pytest.mark.parametrize(
    "said",
    [
        (400, {"errors": [{"message": "what are extensions?"}]}, 0),
        (400, {"message": "unknown member"}, 0),
        (200, {"errors": [{"message": "what are extensions?"}]}, 0),
    ],
)
def test_a_server_that_refuses_to_be_asked_can_be_compared(server, loader, said):
    with refusing(server, said):
        (found,) = compared(server, loader, book_list.screen).screens
    assert [one.cost for one in found.arms] == [None] * 5
    assert [one.counts.objects for one in found.arms] == [20] * 5


def test_what_a_load_for_the_cost_does_is_taken_back_even_if_it_is_refused(server, loader):
    undone, writing = [], Screen("writing", "")

    @writing.graphql("mutation")
    def mutation(api):
        api.afterwards(lambda: undone.append("it"))
        return api.mutate(BOOKS)

    server.cost = TOLD
    assert loader.load_for_cost(writing, only(writing)) == StaticCost(21, LIMIT)
    with refusing(server, (400, {"errors": [{"message": "no"}]}, 0)):
        assert loader.load_for_cost(writing, only(writing)) is None
    assert undone == ["it", "it"]


def test_an_arm_that_fails_by_itself_fails_the_load_for_the_cost(server, loader):
    broken = Screen("broken", "")

    @broken.graphql("broken")
    def arm_of_it(api):
        return api.query(BOOKS)["nonesuch"]

    with pytest.raises(LoadFailed, match="KeyError: 'nonesuch'"):
        loader.load_for_cost(broken, only(broken))


# -- over the bookstore ----------------------------------------------------------------------


def test_no_screen_delivers_more_than_its_cost_and_both_are_as_expected(writing_pair):
    urls = writing_pair.rest.base_url, writing_pair.graphql.base_url
    found = {}
    with closing(Loader(*urls)) as loader:
        for one in SCREENS:
            for way in one.arms:
                if isinstance(way, GraphqlArm):
                    cost = loader.load_for_cost(one, way)
                    objects = loader.load_counted(one, way)[1].objects
                    assert cost is not None
                    assert objects <= cost.computed <= cost.limit == LIMIT
                    found.setdefault(one.name, set()).add((cost.computed, objects))
    assert found == {name: {numbers} for name, numbers in REAL.items()}


def test_fields_deliver_the_objects_that_graphql_does(writing_pair):
    urls = writing_pair.rest.base_url, writing_pair.graphql.base_url
    with closing(Loader(*urls)) as loader:
        for one in SCREENS:
            if one.name == "storefront":
                continue  # its last order comes without the customer
            for way in one.arms:
                if way.name == "rest/fields":
                    assert loader.load_counted(one, way)[1].objects == REAL[one.name][1]


def test_the_server_disregards_in_connections_what_is_not_counted_here(writing_pair):
    urls = writing_pair.rest.base_url, writing_pair.graphql.base_url
    pages = Screen("pages", "")

    @pages.graphql("connection")
    def connection(api):
        return api.query(
            "{ booksConnection(first: 5) { edges { cursor node { title author { name } } }"
            " pageInfo { hasNextPage } } }"
        )

    with closing(Loader(*urls)) as loader:
        way = only(pages)
        cost = loader.load_for_cost(pages, way)
        assert cost == StaticCost(10, LIMIT)
        assert loader.load_counted(pages, way)[1].objects == 10


# -- reports ---------------------------------------------------------------------------------


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
    assert max(map(len, printed(made).splitlines())) <= render.WIDTH


def test_csv_has_each_arm_s_own_numbers():
    made = with_numbers(whole(), 63, StaticCost(421, LIMIT))
    for row in csv.DictReader(io.StringIO(render.csv(made))):
        is_graphql = row["arm"].startswith("graphql")
        assert row["objects"] == "63"
        assert row["static_cost (objects at most)"] == ("421" if is_graphql else "")
