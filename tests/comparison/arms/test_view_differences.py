"""Where two views differ."""

import pytest

from client_examples.comparison.arms.view_difference import Difference, difference

VIEW = {"name": "Ada", "books": [{"title": "A", "price": 30.0}, {"title": "B", "price": None}]}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            VIEW,
            {"books": [{"price": 30, "title": "A"}, {"price": None, "title": "B"}], "name": "Ada"},
        ),
        ([], []),
        (1, 1.0),
        (None, None),
    ],
)
def test_equal_values_do_not_differ(left, right):
    assert difference(left, right) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, Difference("$.a.b[1]", "2", "3")),
        ([1], [1, None], Difference("$[1]", "nothing", "null")),
        ({"a": 1}, {}, Difference("$.a", "1", "nothing")),
        ({}, {"a": None}, Difference("$.a", "nothing", "null")),
        ({"a": True}, {"a": 1}, Difference("$.a", "true", "1")),
        ({"a": "1"}, {"a": 1}, Difference("$.a", '"1"', "1")),
        ([], {}, Difference("$", "[]", "{}")),
        (None, 0, Difference("$", "null", "0")),
        ([1, 2], [2, 1], Difference("$[0]", "1", "2")),
    ],
)
def test_the_first_difference_is_named_with_both_values(left, right, expected):
    assert difference(left, right) == expected


def test_a_long_value_is_cut():
    found = difference("x" * 1000, "y")
    assert found is not None
    assert len(found.left) == 200
