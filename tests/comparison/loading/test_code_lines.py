"""Lines of client code of an arm: its own function, and what of its module it needs."""

import textwrap

import pytest

from client_examples.comparison.arms.own_screens import load_screens
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.code_lines import code_lines
from client_examples.comparison.screens import SCREENS, book_list

MODULE = '''
"""A module docstring."""

from client_examples.comparison.arms.screen import Screen, View
from client_examples.comparison.screens import book_list

NUMBER = 1
UNUSED = 2
QUERY = """
    query {

      book { title }  # not a comment of Python's
    }
"""
screen = Screen("counted", "what counts")


def shared(book: View) -> View:
    """Two lines."""
    # a comment

    return book


def deeper(book: View) -> View:
    """Three lines, and those of what it calls."""
    shown = shared(
        book)
    return shown


def looped(number: int) -> int:
    return looped(number - 1) if number else 0


class Prepared:
    """Named in annotations alone."""


@screen.rest("own")
def own(api):
    """Two lines.

    The docstring has three.
    """
    return api.get("/books")


@screen.rest("helper")
@screen.rest("helper-twice")
def helper(api):
    return shared(shared(api.get("/books")))


@screen.rest("deep")
def deep(api, prepared: Prepared) -> Prepared:
    return deeper(NUMBER)


@screen.rest("recursive")
def recursive(api): return looped(3)


@screen.rest("imported")
def imported(api):
    return book_list.view([])


@screen.graphql("query")
def query(api):
    inner = lambda book: shared(book)
    return inner(api.query(QUERY))


screen.rest("lambda")(lambda api: api.get("/books"))
'''


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    file = tmp_path_factory.mktemp("counted") / "screens.py"
    file.write_text(MODULE)
    (screen,) = load_screens(file)
    return {arm.name: code_lines(arm) for arm in screen.arms}


@pytest.mark.parametrize(
    ("arm", "expected"),
    [
        ("rest/own", 2),  # no docstring, no decorator
        ("rest/helper", 2 + 2),  # what it calls twice counts once, without comment and blank line
        ("rest/helper-twice", 2 + 2),  # one function that is two arms
        ("rest/deep", 2 + 1 + 4 + 2),  # what is called by what it calls, and a constant
        ("rest/recursive", 1 + 2),
        ("rest/imported", 2),  # another module's helper is not its own
        ("graphql/query", 3 + 5 + 2),  # the document's lines that are not blank
        ("rest/lambda", None),  # has no function of its own in the source
    ],
)
def test_lines_are_counted_by_hand_the_same(lines, arm, expected):
    assert lines[arm] == expected


def test_where_there_is_no_source_there_is_no_number():
    space: dict[str, object] = {}
    exec(textwrap.dedent("def load(api):\n    return 1\n"), space)
    screen = Screen("s", "")
    screen.rest("typed-in")(space["load"])
    assert code_lines(screen.arms[0]) is None


def test_the_book_list_as_an_example():
    counted = {arm.name: code_lines(arm) for arm in book_list.screen.arms}
    # def and return of the arm and of view(), and BOOKS; for GraphQL the document too
    assert counted == {
        "rest/textbook": 5,
        "rest/fields": 5,
        "graphql/unbatched": 6,
        "graphql/dataloader": 6,
        "graphql/planned": 6,
    }


def test_every_arm_of_the_bookstore_has_a_number():
    assert all((code_lines(arm) or 0) > 1 for screen in SCREENS for arm in screen.arms)
