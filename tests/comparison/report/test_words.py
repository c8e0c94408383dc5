"""Words are explained where they first stand, and in every heading."""

import pytest

from client_examples.comparison.report.page.words import explained, heading, words

KNOWN = words(6)
BUTTON = '<button type="button" class="word" popovertarget="word-{}">{}</button>'


def test_a_word_is_explained_once_where_it_first_stands():
    seen: set[str] = set()
    first = explained("the fastest REST arm and an arm", KNOWN, seen)
    assert first == f"the fastest REST {BUTTON.format('arm', 'arm')} and an arm"
    assert explained("Arms again", KNOWN, seen) == "Arms again"


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("Round trips matter", "round-trip", "Round trips"),
        ("the round-trip time (RTT) between", "round-trip", "round-trip time (RTT)"),
        ("they tie on 7", "tie", "tie"),
        ("in 21 steps", "step", "steps"),
        ("the 95% interval of", "interval", "95% interval"),
    ],
)
def test_a_word_has_its_forms(text, word, shown):
    assert BUTTON.format(word, shown) in explained(text, KNOWN, set())


@pytest.mark.parametrize("text", ["the alarm", "rest/arm", "<code>arm</code>", '<i title="arm">'])
def test_what_is_another_word_or_markup_stays(text):
    assert explained(text, KNOWN, set()) == text


def test_a_heading_is_explained_as_a_whole_and_escaped():
    assert heading("median ms (95%)¹", KNOWN) == BUTTON.format("interval", "median ms (95%)¹")
    assert heading("<views>", KNOWN) == "&lt;views&gt;"


def test_the_number_of_requests_at_once_is_said():
    (step,) = [word for word in words(4) if word.name == "step"]
    assert "at most 4 at once" in step.meaning
