"""What the reports say of protocols, on documents of every outcome."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.conditions import conditions
from client_examples.comparison.analysis.protocols.gains import gains
from client_examples.comparison.analysis.protocols.over import measured, over
from client_examples.comparison.analysis.standings import columns
from client_examples.comparison.report.contents import contents
from client_examples.comparison.report.http2 import by_arm, findings, over_which
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.beyond import protocols
from client_examples.comparison.report.sections.section import Table
from client_examples.comparison.report.unsettled import limits
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.protocols import (
    Handshake,
    LeftOut,
    ProtocolCounts,
    ProtocolFloor,
    ProtocolResult,
)
from client_examples.comparison.results.timing import LinkResult
from client_examples.comparison.statistics import summarize
from tests.comparison import made_documents as made
from tests.comparison.report.rendered import RENDERED

ALL = ["http1", "http1-tls", "http2"]
PLAIN = ["http1", "http2"]
EDGE = {"edge_url": "https://localhost:8443", "protocols": ALL}


def result(protocol, steps, median_ms, requests=1):
    is_http2 = protocol == "http2"
    counts = ProtocolCounts(
        requests=requests,
        steps=steps,
        trips=steps,
        connections=1 if is_http2 else min(6, requests),
        handshake_trips=1 if protocol == "http1" else 2,
        sent_bytes=(60 if is_http2 else 180) * requests,
        received_bytes=510 * requests,
    )
    taken = made.samples(median_ms, 10, seed=protocol)
    summary = summarize([one.elapsed_ns for one in taken])
    predicted = median_ms + 20 * steps
    link = LinkResult(20.0, None, False, [], predicted * 1.04e6, predicted * 1e6, -0.04 / 1.04)
    return ProtocolResult(protocol, counts, taken, summary, 0.8, [link])


def arm(name, median_ms, requests=1, steps=None, http2=None):
    """An arm with so many steps over HTTP/1.1 and over HTTP/2; a millisecond more with each."""
    steps = requests if steps is None else steps
    each = {"http1": steps, "http1-tls": steps, "http2": steps if http2 is None else http2}
    results = [
        result(protocol, each[protocol], median_ms + more, requests)
        for more, protocol in enumerate(ALL)
    ]
    return replace(made.arm(name, median_ms, requests, steps), protocols=results)


def opened(one):
    """The same over new connections; none over HTTP/1.1 with TLS, which was not asked for."""
    if one.protocol == "http1-tls":
        return replace(one, samples=[], summary=None, links=[])
    counts = replace(one.counts, trips=one.counts.steps + one.counts.handshake_trips)
    return replace(one, counts=counts)


def floors():
    return [
        ProtocolFloor(protocol, "floor/rest", [], summarize([int((0.5 + n) * 1e6)] * 5), 0.4)
        for n, protocol in enumerate(ALL)
    ]


def screen(name, *arms):
    return replace(made.screen(name, *arms), protocol_floors=floors())


def history(parallel_http2=3):
    return screen(
        "order-history",
        arm("rest/textbook", 14.0, 21),
        arm("rest/parallel", 11.0, 21, 5, parallel_http2),
        arm("rest/fields", 2.0),
        arm("graphql/planned", 2.0),
    )


def document(*screens):
    return made.document(*(screens or [history()]), **EDGE)


def test_what_http2_buys_and_leaves_is_told_with_its_numbers():
    said = findings(document())
    assert said == (
        "Over HTTP/2, rest/parallel on order-history takes 3 steps instead of 5: 72.8 instead of "
        "112 ms at 20 ms, still 3.03 times as long as the faster of rest/fields (24.0) and "
        "graphql/planned (24.0). The other ways take about as long as before, and who is ahead "
        "stays the same."
    )


def test_of_new_connections_what_opening_them_takes_is_told():
    whole = history()
    arms = [replace(one, protocols=[opened(each) for each in one.protocols]) for one in whole.arms]
    cold = made.document(replace(whole, arms=arms), cold=True, **EDGE | {"protocols": PLAIN})
    assert (
        "The other ways take 53% more time, since their new connections take 1 round trip more "
        "with TLS, and who is ahead stays the same."
    ) in findings(cold)
    told = " ".join(getattr(one, "text", "") for one in protocols.section(cold).blocks)
    assert "An empty request on a new connection takes" in told
    assert "and what opening the connections takes, anew in each load" in told
    assert "connections that are open" not in told


def test_few_loads_say_nothing_of_who_is_ahead():
    whole = document()
    few = [
        replace(one, protocols=[replace(each, samples=each.samples[:5]) for each in one.protocols])
        for one in whole.screens[0].arms
    ]
    short = replace(whole, screens=[replace(whole.screens[0], arms=few)])
    assert findings(short) == (
        "Over HTTP/2, rest/parallel on order-history takes 3 steps instead of 5."
    )
    assert by_arm(short) == ""
    (section,) = [one for one in contents(short) if one.id == "protocols"]
    told = " ".join(getattr(block, "text", "") for block in section.blocks)
    assert (
        "too seldom over HTTP/2 to say which API is ahead: 5 loads of an arm, and it takes 6."
        in told
    )
    assert "overtakes" not in told


def test_nothing_is_claimed_where_no_step_is_saved():
    said = findings(document(history(parallel_http2=5)))
    assert said.startswith(
        "No way takes fewer steps over HTTP/2. They take about as long as before"
    )


def test_a_change_of_who_is_ahead_is_named():
    moved = screen("page", arm("rest/parallel", 1.0, 12, 2, 1), arm("graphql/planned", 1.0))
    assert findings(document(moved)).endswith(
        "who is ahead changes on page (tie instead of GraphQL)."
    )


def test_an_arm_that_is_as_fast_as_the_fastest_is_told_so():
    level = screen(
        "page",
        arm("rest/parallel", 2.0, 12, 2, 1),
        arm("rest/fields", 2.0),
        arm("graphql/planned", 2.0),
    )
    assert "as fast as" in findings(document(level))


def test_one_api_alone_has_findings():
    alone = screen("page", arm("rest/textbook", 2.0, 3), arm("rest/parallel", 2.0, 3, 2, 1))
    said = findings(document(alone))
    assert "rest/parallel on page takes 1 step instead of 2" in said
    assert "who is ahead" not in said


def test_each_arm_s_gain_is_the_median_over_its_screens():
    two = document(history(), screen("page", arm("rest/parallel", 11.0, 21, 5, 5)))
    factors = [one.factor for one in gains(two, 20.0) if one.after.name == "rest/parallel"]
    assert len(factors) == 2
    assert f"rest/parallel {sum(factors) / 2:.2f}" in by_arm(two)


def test_times_counts_floors_and_pairs_are_those_of_the_protocol():
    before, after = document(), over(document(), "http2")
    parallel = after.screens[0].arms[1]
    assert (parallel.counts.rounds, parallel.counts.trips) == (3, 3)
    assert parallel.counts.wire_bytes == (60 + 510) * 21
    assert parallel.counts.statements == before.screens[0].arms[1].counts.statements
    assert parallel.predicted_ms["100"] == pytest.approx(parallel.predicted_ms["0"] + 300, abs=1)
    assert [one.summary.median_ns for one in after.screens[0].floors] == [2.5e6]
    assert {(pair.left, pair.right) for pair in after.screens[0].pairs} == {
        (pair.left, pair.right) for pair in before.screens[0].pairs
    }
    at_100 = columns(after, conditions(after))[3]
    assert at_100.of("order-history").ahead == "tie"


def test_break_even_knows_the_protocol():
    """Over HTTP/1.1 fewer steps overtake at once; over HTTP/2 both take one."""
    one = screen("page", arm("rest/parallel", 1.0, 12, 2, 1), arm("graphql/planned", 3.0))
    kinds = [over(document(one), protocol).screens[0].pairs[0].break_even.kind for protocol in ALL]
    assert kinds == ["at", "at", "always"]


def test_a_document_without_protocols_has_none_of_it():
    plain = made.whole()
    assert (findings(plain), by_arm(plain), measured(plain), over_which(plain)) == ("", "", [], "")
    assert protocols.section(plain) is None
    assert "name a proxy by --edge-url" in " ".join(limits(plain))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (["http1"], "A browser, HTTP/2, TLS, lost packets: {}. For HTTP/2 and TLS use --protocol."),
        (["http1", "http1-tls"], "A browser, HTTP/2, lost packets: {}. For HTTP/2 use --protocol."),
    ],
)
def test_where_there_is_a_proxy_the_option_that_leaves_protocols_out_is_named(found, says):
    whole = screen("page", arm("rest/fields", 1.0))
    (fields,) = whole.arms
    kept = [one for one in fields.protocols if one.protocol in found and len(found) > 1]
    only = replace(whole, arms=[replace(fields, protocols=kept)])
    settings = replace(made.whole().settings, edge_url="https://localhost:8443", protocols=found)
    said = limits(replace(made.whole(), screens=[only], settings=settings))
    assert says.format("one Python client over HTTP/1.1 here") in said


def test_what_was_left_out_is_told_with_the_reason():
    left = replace(made.whole(), left_out=[LeftOut("http2", "b.example:443 does not offer it")])
    assert "HTTP/2 was left out: b.example:443 does not offer it." in " ".join(limits(left))


def test_an_earlier_document_with_handshakes_of_each_protocol_tells_them_once():
    each = [Handshake(one, False, 2, 700, 2300) for one in ("http1-tls", "http2")]
    resumed = [replace(one, is_resumed=True, sent_bytes=900, received_bytes=300) for one in each]
    old = [each[0], resumed[0], each[1], resumed[1]]
    assert protocols.handshakes(replace(document(), handshakes=old)) == (
        "Opening a connection (TCP, then TLS) takes from nothing 2 round trips and 3,000 bytes and "
        "with a resumed session 2 round trips and 1,200 bytes."
    )


def test_the_lead_tables_say_for_which_protocol_they_hold():
    (section,) = [one for one in contents(document()) if one.id == "protocols"]
    intros = [block.intro for block in section.blocks if getattr(block, "intro", "")]
    assert intros == [
        "On how many of the screens each API is ahead over HTTP/2, by the round-trip time (RTT):"
    ]
    assert over_which(document()) == " All over HTTP/1.1."


@RENDERED
def test_each_report_has_steps_and_times_of_each_protocol(text_of):
    text = " ".join(text_of(document()).split())
    if text_of.__name__ != "csv":
        assert "5 \N{RIGHTWARDS ARROW} 3" in text
        assert "3 steps instead of 5" in text
    else:
        assert "http2: sent_bytes" in text


def test_the_client_s_own_cost_is_told_beside_the_floor():
    said = protocols.client_cost(document(), measured(document()))
    assert "1.50 ms over HTTP/1.1 with TLS (0.400)" in said


def test_a_run_is_repeated_over_the_same_protocols():
    assert f"--protocol {' '.join(ALL)}" in commands(document())[-1]
    elsewhere = replace(document().settings, edge_url="https://shop.example")
    command = commands(replace(document(), settings=elsewhere))[-1]
    assert "--edge-url https://shop.example --ca-file ..." in command


def test_a_document_is_read_as_it_was_written():
    made_one = replace(document(), left_out=[LeftOut("http2", "nobody offers it")])
    assert from_json(to_json(made_one)) == made_one


def test_links_of_the_same_round_trip_time_have_columns_of_their_own():
    whole = document()
    plain, named = (
        LinkResult(300.0, None, False, [], ms * 1e6, None, None, name)
        for ms, name in ((301.0, ""), (345.0, "3g"))
    )
    arms = [
        replace(one, protocols=[replace(each, links=[plain, named]) for each in one.protocols])
        for one in whole.screens[0].arms
    ]
    both = replace(whole, screens=[replace(whole.screens[0], arms=arms)])
    (section,) = [one for one in contents(both) if one.id == "protocols"]
    (table,) = [one for one in section.blocks if isinstance(one, Table) and "steps" in one.columns]
    headings = {column.heading: key for key, column in table.columns.items()}
    row = table.groups[0].rows[0]
    assert row[headings["over 300 ms, ms HTTP/2"]] == "301"
    assert row[headings["over 3g, ms HTTP/2"]] == "345"
