"""What a browser took, in each of the outputs."""

import re
from dataclasses import replace

import pytest

from client_examples.comparison.report.contents import contents
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.beyond.browser import section
from client_examples.comparison.report.sections.section import Table
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
from tests.comparison.made_documents import arm, document, exchange, screen
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


@RENDERED
def test_a_run_that_ended_on_the_way_is_shown_with_what_it_has(text_of):
    made = measured(ALIKE)
    first, *others = made.browser.screens[0].arms
    arms = [replace(first, loads=first.loads[:1], work=[], origins=[]), *others]
    results = replace(made.browser, screens=[BrowserScreen("order-history", arms)])
    assert "351" in text_of(replace(made, browser=results, complete=False))
    bare = [replace(one, loads=one.loads[:1], work=[], origins=[]) for one in arms]
    results = replace(made.browser, screens=[BrowserScreen("order-history", bare)])
    assert "351" in text_of(replace(made, browser=results, complete=False))


def test_the_document_is_read_as_it_was_written():
    made = measured(ALIKE)
    assert from_json(to_json(made)) == made


def test_without_a_browser_there_is_no_section():
    assert section(document(screen("order-history"))) is None


def test_where_the_page_has_none_of_the_screens_that_is_told():
    made = measured(ALIKE)
    none = replace(made, browser=BrowserResults("chromium 156", [], ["book-detail"]))
    for verbose in (False, True):
        text = " ".join(printed(none, verbose=verbose).split())
        assert "The lab has no arms of book-detail: not loaded in the browser." in text


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


def columns_of(made):
    """The table of the protocols: headings, and the cells of each arm by them."""
    (told,) = [one for one in contents(made) if one.id == "protocols"]
    (table,) = [one for one in told.blocks if isinstance(one, Table) and "steps" in one.columns]
    headings = {column.heading: key for key, column in table.columns.items()}
    rows = {row["arm"]: row for group in table.groups for row in group.rows}
    return headings, rows


def test_its_times_stand_beside_those_of_the_python_client():
    headings, rows = columns_of(measured(ALIKE))
    names = list(headings)
    python, browser = "over 100 ms, ms HTTP/2", "browser over 100 ms, ms HTTP/2"
    assert names.index(browser) == names.index(python) + 1
    assert rows["rest/parallel"][headings[python]] == "350 ±<1"
    assert rows["rest/parallel"][headings[browser]] == "351 ±<1"
    plain = replace(measured(ALIKE), browser=None)
    assert not [one for one in columns_of(two_protocols(plain))[0] if "browser" in one]


def two_protocols(made):
    arms = [
        replace(one, protocols=[replace(one.protocols[0], protocol="http1-tls"), *one.protocols])
        for one in made.screens[0].arms
    ]
    return replace(made, screens=[replace(made.screens[0], arms=arms)])


def over_3g(made):
    """The same, where the link is the profile and a plain one of that round trip was left out."""
    arms = [
        replace(
            one,
            protocols=[
                replace(each, links=[replace(link, name="3g") for link in each.links])
                for each in one.protocols
            ],
        )
        for one in made.screens[0].arms
    ]
    found = [
        replace(arm, loads=[replace(one, name="3g") for one in arm.loads])
        for arm in made.browser.screens[0].arms
    ]
    results = replace(made.browser, screens=[BrowserScreen("order-history", found)])
    return replace(made, screens=[replace(made.screens[0], arms=arms)], browser=results)


def test_a_profile_is_told_apart_from_a_link_of_the_same_round_trip():
    headings, _ = columns_of(over_3g(measured(ALIKE)))
    assert "browser over 3g, ms HTTP/2" in headings
    assert "within 10% of each other in 3 of 3 pairs" in said(over_3g(measured(ALIKE)))
    other = replace(measured(ALIKE), browser=over_3g(measured(ALIKE)).browser)
    assert "of each other in" not in said(other)


def test_a_reason_is_named_where_it_is_known():
    slow = {"rest/parallel": 270.0}
    made = measured(ALIKE | slow)
    assert (
        "the Python client takes 3.81 ms more of its own for each of the requests, of which its "
        "processor works 0.0476 ms in all" in said(made)
    )


def test_a_new_http2_connection_on_which_python_waits_is_the_reason_where_it_is():
    made = measured(dict.fromkeys(ALIKE, 100.0))  # and three times as long over new connections
    python_ms = 420.0
    begun = {"rest/parallel": 2, "rest/fields": 1, "graphql/planned": 1}
    arms = [
        replace(
            arm,
            protocols=[over_http2(python_ms)],
            exchanges=[exchange() for _ in range(begun[arm.name])],
        )
        for arm in made.screens[0].arms
    ]
    cold = replace(
        made,
        screens=[replace(made.screens[0], arms=arms)],
        settings=replace(made.settings, cold=True),
    )
    text = said(cold)
    assert re.search(
        r"rest/parallel over HTTP/2 at 100 ms: .28.\d%: the Python client takes 120 ms more of its "
        "own, since on a new HTTP/2 connection it sends one request until the server "
        "has said how many it may",
        text,
    )
    assert "28.6%: the Python client takes 5.71 ms more of its own for each" in text


@pytest.mark.parametrize(
    ("browser_ms", "received", "reason"),
    [
        (150.0, 18_951, "the browser's 20,338 bytes than for the Python client's 11,338"),
        (61.0, 951, "the Python client's 11,338 bytes than for the browser's 2,338"),
    ],
)
def test_more_bytes_of_the_slower_client_are_named_before_the_others(browser_ms, received, reason):
    rated = over_3g(measured(ALIKE | {"rest/fields": browser_ms}))
    rate = {"down_mbit": 1.6, "up_mbit": 0.768}
    arms = [
        replace(arm, loads=[replace(one, **rate, received_bytes=received) for one in arm.loads])
        for arm in rated.browser.screens[0].arms
    ]
    known = [
        replace(
            arm,
            protocols=[
                replace(
                    one,
                    links=[replace(link, bandwidth_mbit=1.6, up_mbit=0.768) for link in one.links],
                )
                for one in arm.protocols
            ],
        )
        for arm in rated.screens[0].arms
    ]
    rated = replace(
        rated,
        screens=[replace(rated.screens[0], arms=known)],
        browser=replace(rated.browser, screens=[BrowserScreen("order-history", arms)]),
    )
    (told,) = re.findall(r"rest/fields over HTTP/2 on 3g: .\d+\.\d%: (.*) On a proc", said(rated))
    assert told == f"the link takes 45.0 ms more for {reason}"


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
