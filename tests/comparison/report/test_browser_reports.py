"""What a browser took, in each of the outputs."""

from dataclasses import replace

import pytest

from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.beyond.browser import section
from client_examples.comparison.report.unsettled import limits
from client_examples.comparison.results.browser import (
    WAYS,
    BrowserArm,
    BrowserLoads,
    BrowserResults,
    BrowserScreen,
    BrowserSettings,
    BrowserWork,
    OriginLoads,
)
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.protocols import ProtocolCounts, ProtocolResult
from client_examples.comparison.results.timing import LinkResult, Sample
from client_examples.comparison.statistics import ENOUGH, summarize
from tests.comparison.made_documents import arm, document, screen
from tests.comparison.report.rendered import RENDERED, printed

PYTHON_MS = {"rest/parallel": 350.0, "rest/fields": 106.0, "graphql/planned": 107.0}
COUNTS = ProtocolCounts(21, 3, 3, 1, 2, 1387, 9951)


def samples(ms, number=ENOUGH):
    return [Sample(each, round((ms + each / 10) * 1e6), None) for each in range(number)]


def loads(ms, connections="warm", number=ENOUGH):
    made = samples(ms, number)
    summary = summarize([one.elapsed_ns for one in made])
    opened = 0 if connections == "warm" else 1
    return BrowserLoads("http2", 100.0, connections, made, summary, opened, 1387, 9951)


def across(name, way, ms):
    asked = way == "preflight"
    made = samples(2 * ms if asked else ms)
    summary = summarize([one.elapsed_ns for one in made])
    preflights = (21 if "parallel" in name else 1) if asked else 0
    return OriginLoads(way, 100.0, preflights, made, summary)


def over_http2(ms):
    link = LinkResult(100.0, None, False, samples(ms), ms * 1e6, ms * 1e6, 0.0)
    own = samples(5.0)
    summary = summarize([one.elapsed_ns for one in own])
    return ProtocolResult("http2", COUNTS, own, summary, 1.0, [link])


def measured(browser_ms, number=ENOUGH):
    arms = [
        replace(arm(name, 5.0, 21 if "parallel" in name else 1), protocols=[over_http2(ms)])
        for name, ms in PYTHON_MS.items()
    ]
    found = [
        BrowserArm(
            name,
            [loads(ms, number=number), loads(3 * ms, "cold", number)],
            [BrowserWork(1.0, 0.03, 1.2), BrowserWork(4.0, 0.123, 5.67)],
            [across(name, way, ms) for way in WAYS],
        )
        for name, ms in browser_ms.items()
    ]
    made = document(screen("order-history", *arms), browser=BrowserSettings(5, 5))
    results = BrowserResults(
        "chromium 156", [BrowserScreen("order-history", found)], ["book-detail"]
    )
    return replace(made, browser=results)


def said(made):
    return " ".join(printed(made, verbose=True).split())


ALIKE = {name: ms + 1 for name, ms in PYTHON_MS.items()}


@RENDERED
def test_every_output_has_the_numbers(text_of):
    text = text_of(measured(ALIKE))
    for number in ("351", "107", "108"):
        assert number in text


def test_the_document_is_read_as_it_was_written():
    made = measured(ALIKE)
    assert from_json(to_json(made)) == made


def test_without_a_browser_there_is_no_section():
    assert section(document(screen("order-history"))) is None


def test_it_says_where_both_clients_agree_and_where_not():
    text = said(measured(ALIKE))
    assert "within 10% of each other in 3 of 3 pairs" in text
    assert "Where both clients differ most" not in text
    text = said(measured(ALIKE | {"rest/parallel": 434.0}))
    assert "within 10% of each other in 2 of 3 pairs" in text
    assert (
        "order-history rest/parallel over HTTP/2 at 100 ms: +24.0%: the browser takes 4.00 ms"
        in text
    )


@pytest.mark.parametrize("number", [1, ENOUGH - 1])
def test_of_few_loads_it_names_neither_winners_nor_reasons(number):
    text = said(measured({name: 2 * ms for name, ms in PYTHON_MS.items()}, number))
    assert "of too few loads to tell why" in text
    assert "In the browser, over" not in text


def test_who_is_ahead_is_told_by_protocol_and_kind_of_connection():
    slow = {"rest/parallel": 351.0, "rest/fields": 150.0, "graphql/planned": 107.0}
    text = said(measured(slow))
    for opened in ("", " and new connections"):
        assert (
            f"In the browser, over HTTP/2 at 100 ms{opened}, the fastest way of each API: "
            "GraphQL's is ahead on order-history, up to 1.40 times as fast." in text
        )
    assert "a tie on every screen" in said(measured(ALIKE))


def test_preflights_are_told_with_their_number_and_time():
    text = said(measured(ALIKE))
    assert "at most 21 (order-history, rest/parallel)" in text
    assert "they take 108 ms in the median" in text  # of 351, 107 and 108
    assert "By a page of another origin, over HTTP/2 at 100 ms" in text


def test_the_page_and_the_limits_tell_what_was_measured():
    made = measured(ALIKE)
    assert "0.123" in said(made)
    assert "5.67" in said(made)
    assert "no arms of book-detail" in said(made)
    assert limits(made)[0].startswith("Lost packets")
    assert "--browser" in commands(made)[-1]
