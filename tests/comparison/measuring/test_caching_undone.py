"""However visits end, the book that they changed has its own price again."""

import _thread

import pytest

from client_examples.comparison.errors import LoadFailed
from tests.comparison.fake_bookstore import BOOKS


class At:
    """Does something when the given request comes for the given time."""

    def __init__(self, server, path, time, act):
        self._server, self._path, self._time, self._act = server, path, time, act
        server.spoil = self

    def __call__(self, path, answer):
        if path == self._path and self._server.requests[path] == self._time:
            return self._act(answer)
        return answer


def interrupt(answer):
    _thread.interrupt_main()
    return answer


LIST = "/books?limit=20&fields=title,price"


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("path", "time"),
    # 2 before the visits, and per round 2 in each of three phases
    [(LIST, 2 + 5), (LIST, 2 + 6), (LIST, 2 + 6 + 6), ("/books/1", 1), ("/books/1", 3)],
)
def test_an_interrupted_visit_puts_it_back(compare_visits, server, path, time):
    At(server, path, time, interrupt)
    comparison = compare_visits()
    with pytest.raises(KeyboardInterrupt):
        comparison.run()
    assert BOOKS[1]["price"] == 10.25
    assert comparison.document().complete is False
    assert comparison.document().screens[0].caching


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_it_is_put_back_does_not_stop_that(compare_visits, server):
    def interrupt_and_lose(answer):
        BOOKS[1]["price"] = 11.25  # as if it had not come
        return interrupt(None)

    At(server, "/books/1", 2, interrupt_and_lose)
    with pytest.raises(KeyboardInterrupt):
        compare_visits().run()
    assert BOOKS[1]["price"] == 10.25
    assert server.requests["/books/1"] == 3


def test_a_load_that_fails_puts_it_back(compare_visits, server):
    At(server, LIST, 2 + 6, lambda answer: (500, {"code": "INTERNAL"}, 0))
    comparison = compare_visits()
    comparison.run()
    assert [type(failure) for failure in comparison.failures] == [LoadFailed]
    assert BOOKS[1]["price"] == 10.25


def test_a_change_that_is_not_answered_is_said(compare_visits, server):
    At(server, "/books/1", 1, lambda answer: None)
    comparison = compare_visits()
    comparison.run()
    (failure,) = comparison.failures
    assert isinstance(failure, LoadFailed)
    assert "changing it: no answer: " in str(failure)
