"""What is counted of an answer: its objects, and the cost that the server tells of it."""

import pytest

from client_examples.comparison.arms.objects import objects_in, objects_in_data
from client_examples.comparison.loading.static_cost import reported, sum_of
from client_examples.comparison.results.counts import StaticCost

LIMIT = 10_000


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
