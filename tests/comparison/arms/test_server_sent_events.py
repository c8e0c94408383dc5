"""Reading Server-Sent Events, wherever the network divides them."""

import pytest

from client_examples.comparison.arms.live.server_sent_events import ServerEvent, read_events

CASES = {
    "data alone": ("data: a\n\n", [("message", "a", "")]),
    "all members": ("id: 7\nevent: status\ndata: {}\n\n", [("status", "{}", "7")]),
    "several lines": ("data: a\ndata\ndata:  b\n\n", [("message", "a\n\n b", "")]),
    "no space": ("data:a\n\n", [("message", "a", "")]),
    "comments": (": here\n\ndata: a\n: there\n\n:\n\n", [("message", "a", "")]),
    "the id stays": ("id: 1\ndata: a\n\ndata: b\n\n",
                     [("message", "a", "1"), ("message", "b", "1")]),
    "an id without data": ("id: 1\n\ndata: b\n\n", [("message", "b", "1")]),
    "an id is taken back": ("id: 1\ndata: a\n\nid\ndata: b\n\n",
                            [("message", "a", "1"), ("message", "b", "")]),
    "an id with NUL": ("id: 1\0\ndata: a\n\n", [("message", "a", "")]),
    "a name is for one event": ("event: x\n\ndata: a\n\n", [("message", "a", "")]),
    "other line ends": ("data: a\r\n\r\ndata: b\r\rdata: c\n\n",
                        [("message", "a", ""), ("message", "b", ""), ("message", "c", "")]),
    "cut off": ("data: a\n\nid: 2\ndata: b\n", [("message", "a", "")]),
    "a mark before it": ("\ufeffdata: a\n\n", [("message", "a", "")]),
    "more than ASCII": ("data: Bücher ✓\n\n", [("message", "Bücher ✓", "")]),
    "unknown members": ("retry: 10\nother: x\ndata: a\n\n", [("message", "a", "")]),
    "nothing": ("", []),
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(("text", "events"), CASES.values(), ids=CASES)
def test_events_are_the_same_however_they_are_divided(text, events, size):
    data = text.encode()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert list(read_events(pieces)) == [ServerEvent(*one) for one in events]


def test_an_event_is_there_before_the_next_piece_is():
    def pieces():
        yield b"data: a\n\n"
        pytest.fail("the event was there before")

    assert next(read_events(pieces())) == ServerEvent("message", "a", "")
