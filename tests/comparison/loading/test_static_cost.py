"""The static cost beside the objects that really came: asked for aside, and never exceeded."""

from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from client_examples.comparison.arms.screen import GraphqlArm, Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.results.counts import StaticCost
from client_examples.comparison.screens import SCREENS, author_page, book_list
from shared.reading.cost import SEARCH_COST
from tests.comparison.made_documents import SETTINGS

TOLD = {"computed": 21, "limit": 10_000}
LIMIT = 10_000
BOOKS = "query BookList { books { title } }"

# screen: the static cost of its operation, and the objects that it delivers
REAL = {
    "author-page": (1 + 20, 1 + 5),
    "order-history": (1 + 20 * (1 + 20 * (1 + 1)), 1 + 5 * (1 + 3 * (1 + 1))),
    "book-list": (20, 20),
    "search-results": (20 * (1 + 1) + SEARCH_COST, 20 * (1 + 1)),
    "book-detail": (1, 1),
    "storefront": (3 * 5 + 1 + 1, 3 * 5 + 1 + 1),
    "deep": (1 + 1 + 20 * (1 + 1), 1 + 1 + 10 * (1 + 1)),
    "place-order": (1 + 1 + 20 * (1 + 1), 1 + 1 + 3 * (1 + 1)),
}


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


# -- over a fake -----------------------------------------------------------------------------


def test_each_graphql_arm_is_told_its_cost_and_all_count_their_objects(server, loader):
    server.cost = TOLD
    (found,) = compared(server, loader, author_page.screen).screens
    for one in found.arms:
        assert one.counts.objects == 1 + 5
        is_graphql = one.name.startswith("graphql")
        assert one.cost == (StaticCost(21, LIMIT) if is_graphql else None)
    assert sorted(server.asked_for_cost) == [
        "/graphql",
        "/graphql/dataloader",
        "/graphql/unbatched",
    ]


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


def test_no_screen_delivers_more_than_its_cost_and_both_are_as_expected(screens_pair):
    urls = screens_pair.rest.base_url, screens_pair.graphql.base_url
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


def test_fields_deliver_the_objects_that_graphql_does(screens_pair):
    urls = screens_pair.rest.base_url, screens_pair.graphql.base_url
    with closing(Loader(*urls)) as loader:
        found = {
            one.name: loader.load_counted(one, way)[1].objects
            for one in SCREENS
            for way in one.arms
            if way.name == "rest/fields" and one.name != "storefront"
        }  # the storefront's last order comes without the customer
    assert len(found) >= 5
    assert found == {name: REAL[name][1] for name in found}


def test_the_server_disregards_in_connections_what_is_not_counted_here(screens_pair):
    urls = screens_pair.rest.base_url, screens_pair.graphql.base_url
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
