"""The waterfall's bars: where they stand at any distance, and what they are called."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.conditions import RTTS_MS
from client_examples.comparison.report.page.waterfall import distances, drawing
from tests.comparison.made_documents import SETTINGS, arm, document, exchange, history, screen

TEXTBOOK, PARALLEL = 0, 1


def lane(number, settings=SETTINGS):
    return drawing(history(), settings).lanes[number]


def test_there_is_a_distance_for_each_of_the_model():
    names = [one.name for one in distances(document(history()))]
    assert names == ["loopback", "1 ms", "20 ms", "100 ms", "300 ms"]


@pytest.mark.parametrize("number", [TEXTBOOK, PARALLEL])
def test_a_lane_takes_the_time_that_the_model_tells(number):
    told = history().arms[number].predicted_ms
    assert list(lane(number).times_ms) == pytest.approx([told[f"{rtt:g}"] for rtt in RTTS_MS])


def test_requests_one_after_the_other_stand_behind_each_other_at_any_distance():
    bars = lane(TEXTBOOK).bars
    assert [bar.before for bar in bars] == list(range(21))
    for rtt in RTTS_MS:
        ends = [bar.end_ms(rtt) for bar in bars]
        starts = [bar.start_ms + bar.before * rtt for bar in bars]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


def test_requests_side_by_side_begin_together():
    first, *others = exchanges = [exchange(0), *(exchange(1, 1) for _ in range(7))]
    one = replace(arm("rest/parallel", requests=8, rounds=3), exchanges=exchanges)
    bars = drawing(screen("s", one), SETTINGS).lanes[0].bars
    # Six at once: the seventh waits for a place.
    assert [bar.before for bar in bars] == [0, 1, 1, 1, 1, 1, 1, 2]
    assert (first.level, len(others)) == (0, 7)


def test_a_new_connection_takes_round_trips_of_its_own():
    one = replace(arm("rest/a"), exchanges=[replace(exchange(), connection_trips=2)])
    (bar,) = drawing(screen("s", one), SETTINGS).lanes[0].bars
    assert bar.trips == 3
    assert bar.end_ms(20) == pytest.approx(61)


def test_nothing_stands_outside_of_the_scale_and_its_marks_are_within():
    drawn = drawing(history(), SETTINGS)
    for index, rtt in enumerate(RTTS_MS):
        ends = [bar.end_ms(rtt) for one in drawn.lanes for bar in one.bars]
        assert max(ends) <= drawn.wide_ms[index]
        assert 3 <= len(drawn.ticks[index]) <= 7
        assert max(drawn.ticks[index]) <= drawn.wide_ms[index]


def test_bytes_take_their_time_where_the_link_is_slow():
    slow = replace(SETTINGS, bandwidth_mbit=1.0)
    bars, plain = lane(TEXTBOOK, slow).bars, lane(TEXTBOOK).bars
    bits = 21 * (150 + 260 + 250) * 8
    assert bars[-1].end_ms(0) - plain[-1].end_ms(0) == pytest.approx(bits / 1e3)


def test_a_label_is_method_and_path_or_the_operation_by_its_name():
    named = replace(exchange(path="/graphql?extensions=x"), method="POST", operation="OrderHistory")
    one = replace(arm("graphql/a"), exchanges=[exchange(path="/books?ids=1,2"), named])
    bars = drawing(screen("s", one), SETTINGS).lanes[0].bars
    assert [bar.label for bar in bars] == ["GET /books?ids=1,2", "POST /graphql OrderHistory"]
    assert bars[0].told == "server 0.30 ms · 1 SQL · 510 bytes"


def test_an_arm_without_times_has_those_of_its_exchanges():
    one = replace(arm("rest/a", timed=False), exchanges=[exchange(end_ms=3.0)])
    assert drawing(screen("s", one), SETTINGS).lanes[0].times_ms == [3, 4, 23, 103, 303]


def test_a_screen_without_exchanges_has_a_scale_all_the_same():
    one = replace(arm("rest/a", timed=False), exchanges=[])
    assert drawing(screen("s", one), SETTINGS).ticks[0] == [0.0]
