"""The answer of a run: who is ahead, what would be faster; on documents of every outcome."""

from dataclasses import replace
from itertools import combinations

import pytest

from client_examples.comparison.analysis.attribution import attribution
from client_examples.comparison.analysis.conditions import conditions
from client_examples.comparison.analysis.decisions import decided
from client_examples.comparison.analysis.opportunities import opportunities
from client_examples.comparison.analysis.standings import columns, usual_column
from client_examples.comparison.network.link import PROFILES
from client_examples.comparison.report.contents import contents
from client_examples.comparison.report.sections.answer import (
    by_servers,
    matrix_of,
    opportunity,
    sentences,
    typical,
)
from client_examples.comparison.report.sections.section import Items, Paragraph, Table
from client_examples.comparison.report.sections.summary import ways
from client_examples.comparison.report.unsettled import limits, unsettled
from client_examples.comparison.results.timing import LinkResult
from client_examples.comparison.statistics import ENOUGH, summarize
from tests.comparison import made_documents as made
from tests.comparison.report.rendered import printed


def columns_of(document):
    return columns(document, conditions(document))


def said(document):
    return sentences(document, columns_of(document))


def one_screen(*arms, name="page", floors=(0.5, 0.5)):
    screen = made.screen(name, *arms)
    both = [made.floor(api, ms) for api, ms in zip(("rest", "graphql"), floors, strict=True)]
    return replace(screen, floors=both)


def test_a_tie_on_all_screens_is_said_for_all_distances():
    document = made.document(
        one_screen(made.arm("rest/fields", 1.0), made.arm("graphql/planned", 1.0), name="a"),
        one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 2.01), name="b"),
    )
    assert said(document)[0] == (
        "From a round trip of 20 ms on, the fastest ways by REST and by GraphQL tie on "
        "both screens."
    )


def test_who_is_ahead_at_a_usual_distance_is_named_with_the_screen_and_the_ratio():
    document = made.document(
        one_screen(made.arm("rest/textbook", 5.0, 3), made.arm("graphql/planned", 5.0), name="a"),
        one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 2.0), name="b"),
    )
    assert said(document)[0] == (
        "From a round trip of 20 ms on, the fastest ways by REST and by GraphQL tie on "
        "1 of 2 screens; "
        "GraphQL is ahead on a, 2.60 times as fast."
    )


def test_a_lead_that_distance_levels_is_told_with_where_it_goes():
    document = made.document(
        one_screen(made.arm("rest/fields", 10.0), made.arm("graphql/planned", 2.0), name="a")
    )
    assert said(document)[0] == (
        "At a round trip of 20 ms, GraphQL is ahead on a, 1.36 times as fast; at 300 ms they tie."
    )


def test_who_is_ahead_nearer_is_told_where_it_is_not_as_at_the_usual_distance():
    document = made.document(
        one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.5), name="a"),
        one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 2.0), name="b"),
    )
    first, nearer, *_ = said(document)
    assert first.endswith(" tie on both screens.")
    assert nearer == (
        "Nearer, at loopback and 1 ms, GraphQL is ahead on a, up to 1.33 times as fast."
    )


def test_a_lead_that_distance_makes_is_told_with_the_tie_before_it():
    document = made.document(
        one_screen(made.arm("rest/fields", 50.0, 2), made.arm("graphql/planned", 50.0), name="a")
    )
    assert said(document)[1] == "Nearer, at loopback and 1 ms, they tie on the one screen."


def test_typical_arms_are_beside_each_other_whatever_is_faster():
    document = made.document(
        one_screen(
            made.arm("rest/textbook", 5.0, 3),
            made.arm("rest/fields", 1.0),
            made.arm("graphql/dataloader", 5.0),
            made.arm("graphql/planned", 1.0),
            name="a",
        )
    )
    assert typical(document, conditions(document)) == (
        "With typical APIs (rest/textbook, graphql/dataloader), at 20 ms GraphQL is ahead on a, "
        "2.60 times as fast."
    )


def test_arms_of_other_names_are_not_called_typical():
    document = made.document(one_screen(made.arm("rest/textbook"), made.arm("graphql/planned")))
    assert typical(document, conditions(document)) == ""
    (section,) = [one for one in contents(document) if one.id == "answer"]
    assert not [block for block in section.blocks if isinstance(block, Paragraph) and block.more]


def test_a_cell_of_the_matrix_names_its_arms_and_their_times():
    document = made.document(
        one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.5), name="a")
    )
    found = matrix_of(document)
    assert found is not None
    ((_, cells),) = found.rows
    assert cells[0].arms == "graphql/planned 1.50 ms, rest/fields 2.00 ms"
    assert cells[2].arms == "graphql/planned 21.5 ms, rest/fields 22.0 ms"


def test_the_arms_behind_the_answer_stand_in_a_table_with_their_times():
    (table,) = [one for one in ways(made.whole()) if isinstance(one, Table)]
    (group,) = [one for one in table.groups if one.screen == "order-history"]
    assert [row["api"] for row in group.rows] == [
        "REST, fastest",
        "GraphQL, fastest",
        "REST, typical",
        "GraphQL, typical",
    ]
    arms = [row["20 ms"].partition(" ")[0] for row in group.rows]
    assert arms == ["fields", "dataloader", "textbook", "dataloader"]
    assert group.rows[2]["20 ms"] == "textbook 434"


def test_rest_can_be_ahead_on_more_screens_than_are_worth_naming():
    screens = [
        one_screen(made.arm("rest/fields", 5.0), made.arm("graphql/planned", 5.0, 2), name=name)
        for name in "abcd"
    ]
    first = said(made.document(*screens))[0]
    assert first == "From a round trip of 20 ms on, REST is ahead on 4 screens, 1.80 times as fast."


def test_leads_of_both_are_told_together():
    document = made.document(
        one_screen(made.arm("rest/fields", 5.0), made.arm("graphql/planned", 5.0, 2), name="a"),
        one_screen(made.arm("rest/fields", 5.0, 3), made.arm("graphql/planned", 5.0), name="b"),
    )
    assert said(document)[0] == (
        "From a round trip of 20 ms on, REST is ahead on a, 1.80 times as fast; GraphQL is ahead "
        "on b, 2.60 times as fast."
    )


def test_arms_of_one_api_alone_have_no_answer():
    document = made.document(one_screen(made.arm("rest/fields"), made.arm("rest/textbook", 2.0, 2)))
    first, lagging = said(document)
    assert first == "No screen was timed over both REST and GraphQL, so neither can be ahead."
    assert lagging.startswith("At 20 ms, rest/textbook (one resource per request")
    (section,) = [one for one in contents(document) if one.id == "answer"]
    assert [block.title for block in section.blocks if isinstance(block, Items)] == [
        "What would speed up the slowest arms, and what that saves at 20 ms",
        "What this does not show",
    ]


def test_untimed_arms_have_no_answer():
    arms = [made.arm(name, timed=False) for name in ("rest/fields", "graphql/planned")]
    assert len(said(made.document(one_screen(*arms)))) == 1


def test_the_slowest_arm_of_all_screens_is_named_with_its_requests():
    text = said(made.whole())[-2]
    opening = "How an API is used makes more difference: at 20 ms, rest/textbook (one resource per"
    assert text.startswith(opening)
    assert "on order-history, with 21 requests instead of 1." in text


def test_an_api_that_leads_by_more_than_an_arm_lags_makes_the_difference():
    slow, fast = made.arm("rest/fields", 200.0, 2), made.arm("graphql/planned", 5.0)
    text = said(made.document(one_screen(slow, fast)))[-2]
    assert text.startswith("At 20 ms, rest/fields takes ")


def test_what_who_is_ahead_has_said_is_not_said_again():
    slow, fast = made.arm("rest/fields", 200.0), made.arm("graphql/planned", 5.0)
    ahead, *others = said(made.document(one_screen(slow, fast)))
    assert "GraphQL is ahead on page, 8.86 times as fast" in ahead
    assert "8.86" not in " ".join(others)


def test_on_how_many_screens_they_tie_farther_away_is_said_as_at_the_usual_distance():
    def farther(*medians):
        screens = [
            one_screen(made.arm("rest/a", ms), made.arm("graphql/b", 9.0), name=f"s{index}")
            for index, ms in enumerate(medians)
        ]
        return said(made.document(*screens))[0].partition("; at 300 ms ")[2]

    assert farther(1.0, 9.0) == "they tie on both screens."
    assert farther(1.0, 9.0, 9.0) == "they tie on all 3 screens."
    assert farther(1.0, 90.0) == "they tie on 1 of 2 screens."


def test_round_trips_are_why_only_where_the_slowest_arm_has_more_of_them():
    slow, fast = made.arm("rest/textbook", 2.0, 3), made.arm("graphql/planned", 2.0)
    assert said(made.document(one_screen(slow, fast)))[-1].startswith("Round trips are why: even")


def test_round_trips_matter_only_where_they_are_most_of_the_time():
    def last(median_ms):
        arms = made.arm("rest/fields", median_ms), made.arm("graphql/planned", median_ms)
        return said(made.document(one_screen(*arms)))[-1]

    assert last(1.0) == (
        "Round trips matter most: at 20 ms, even the fastest ways wait for the network 95% of the "
        "time."
    )
    assert (
        last(80.0) == "At 20 ms, round trips are 20% of the fastest ways' time; the rest is work."
    )


def test_a_difference_no_larger_than_that_of_the_servers_is_a_tie_of_the_styles():
    arms = made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.5)
    near = columns_of(made.document(one_screen(*arms, name="a", floors=(1.2, 0.6))))[0]
    assert near.of("a").verdict == "GraphQL"  # which stays in the table
    assert near.of("a").ahead == "tie"
    assert (by_servers(near) or "").startswith("a counts as a tie at loopback")


@pytest.mark.parametrize("floors", [(0.8, 0.6), (0.6, 1.2)], ids=["smaller", "the other way"])
def test_a_larger_difference_than_that_of_the_servers_is_the_styles(floors):
    arms = made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.5)
    near = columns_of(made.document(one_screen(*arms, name="a", floors=floors)))[0]
    assert near.of("a").ahead == "GraphQL"
    assert by_servers(near) is None


def test_without_floors_nothing_is_put_down_to_the_servers():
    arms = made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.5)
    screen = replace(made.screen("a", *arms), floors=[])
    assert columns_of(made.document(screen))[0].of("a").ahead == "GraphQL"


def test_the_simplest_step_that_brings_most_is_the_opportunity():
    document = made.document(made.history())
    at_20 = usual_column(columns_of(document)).condition
    first, *others = opportunities(document, at_20)
    assert (first.before.name, first.after.name) == ("rest/textbook", "rest/batched")
    assert opportunity(first).startswith(
        "order-history: lists of ids (rest/batched): 19 requests, "
    )
    assert opportunity(first).endswith(" ms")
    assert [(one.before.name, one.after.name) for one in others] == [
        ("graphql/unbatched", "graphql/dataloader")
    ]
    assert ": 18 SQL statements, " in opportunity(others[0])


def test_opportunities_stand_in_the_order_of_what_they_save():
    document = made.whole()
    at_20 = usual_column(columns_of(document)).condition
    saved = [one.saved_ms for one in opportunities(document, at_20)]
    assert saved == sorted(saved, reverse=True)
    assert len(saved) > 1


def test_an_own_arm_is_told_by_its_name():
    document = made.document(
        one_screen(made.arm("rest/naive", 5.0, 6), made.arm("rest/joined", 5.0), name="tickets")
    )
    found = opportunities(document, conditions(document)[2])
    assert opportunity(found[0]).startswith(
        "tickets: load it as rest/joined does, not as rest/naive: 5 requests, "
    )


def test_what_a_run_does_not_show_depends_on_what_it_measured():
    document = made.whole()
    told = " ".join(limits(document))
    assert "HTTP/2, TLS" in told
    assert "up to 2% off at 20 ms" in told
    assert "Slow links" in told
    settings = replace(
        document.settings,
        rest_url="https://a.example",
        graphql_url="https://b.example",
        bandwidth_mbit=10.0,
    )
    unchecked = [
        replace(screen, arms=[replace(arm, links=[]) for arm in screen.arms])
        for screen in document.screens
    ]
    told = " ".join(limits(replace(document, settings=settings, screens=unchecked)))
    assert "TLS" not in told
    assert "not checked (see --rtt)" in told
    assert "Slow links" not in told


def with_exchanges(arm, *exchanges):
    return replace(arm, exchanges=list(exchanges))


def test_one_call_that_takes_most_of_the_time_is_named():
    arm = with_exchanges(
        made.arm("rest/naive", 86.0, 2),
        made.exchange(0, 0, 0.0, 4.0, path="/tickets/1"),
        made.exchange(1, 1, 4.5, 85.5, path="/tickets/1/comments?page=2"),
    )
    found = attribution(arm, 0.5)
    assert found is not None
    assert (found.part, found.call, round(found.ms)) == ("exchange", "GET /tickets/1/comments", 81)


def test_calls_side_by_side_that_all_take_long_are_not_one_call():
    arm = with_exchanges(
        made.arm("rest/parallel", 86.0, 2, 1),
        made.exchange(0, 0, 0.0, 80.0, path="/a"),
        made.exchange(0, 0, 0.0, 79.0, path="/b"),
    )
    assert attribution(arm, 0.5) is None


def test_the_clients_own_work_is_named_where_it_takes_most():
    arm = with_exchanges(made.arm("rest/naive", 50.0), made.exchange(0, 0, 0.0, 2.0))
    found = attribution(arm, 0.5)
    assert found is not None
    assert (found.part, round(found.ms)) == ("client", 48)


def test_the_servers_work_is_named_where_it_is_far_more_than_a_constant_answer():
    slow = replace(made.exchange(0, 0, 0.0, 85.0), server_ms=80.0)
    found = attribution(with_exchanges(made.arm("rest/naive", 86.0), slow), 0.5)
    assert found is not None
    assert (found.part, found.ms) == ("server", 80.0)
    framework = replace(made.exchange(0, 0, 0.0, 0.9), server_ms=0.8)
    assert attribution(with_exchanges(made.arm("rest/naive", 1.0), framework), 0.5) is None


def test_a_servers_own_time_that_is_longer_than_its_exchange_says_nothing():
    told = replace(made.exchange(0, 0, 0.0, 60.0), server_ms=90.0)
    assert attribution(with_exchanges(made.arm("rest/naive", 62.0), told), 0.5) is None


def few(screen, loads):
    """The screen as if its arms had been loaded that often."""
    arms = [replace(arm, samples=arm.samples[:loads]) for arm in screen.arms]
    times = [[one.elapsed_ns for one in arm.samples] for arm in arms]
    arms = [replace(arm, summary=summarize(each)) for arm, each in zip(arms, times, strict=True)]
    pairs = [made.pair(a, b) for a, b in combinations(arms, 2)]
    return replace(screen, arms=arms, pairs=pairs)


def test_too_few_loads_name_no_winner_anywhere():
    enough = made.history()
    for loads, is_told in ((ENOUGH, True), (ENOUGH - 1, False), (1, False)):
        document = made.document(few(enough, loads))
        text = " ".join(printed(document, verbose=True).split())
        told = [
            "ahead at loopback",
            "times as long",
            "overtakes",
            "Which arm to take",
            "would speed up",
        ]
        assert [one in text for one in told] == [is_told] * len(told), (loads, text)
        assert ("Which API is ahead cannot be told from" in text) == (not is_told)
        assert ("too few loads: order-history" in (unsettled(document) or [""])[0]) == (not is_told)


def test_a_screen_that_was_loaded_too_seldom_is_left_out_of_the_answer_by_name():
    often = one_screen(made.arm("rest/fields", 2.0), made.arm("graphql/planned", 1.0), name="a")
    document = made.document(often, few(made.history(), 3))
    assert [row[0] for row in matrix_of(document).rows] == ["a"]
    assert said(document)[-1] == (
        "Which API is ahead on order-history cannot be told from 3 loads of an arm; 6 are needed."
    )
    assert [*decided(document).by_screen] == ["a"]


def test_links_of_the_same_round_trip_time_are_told_apart():
    links = [
        LinkResult(300.0, None, False, made.samples(1.0), 1e9, 1.1e9, error, name, up)
        for error, name, up in ((0.02, "", None), (0.1, "3g", 0.768))
    ]
    arm = replace(made.arm("rest/fields", 1.0), links=links)
    (told,) = [one for one in limits(made.document(made.screen("page", arm))) if "distances" in one]
    assert told.endswith("up to 10% off at 300 ms and 3g.")
    near = replace(arm, links=[replace(links[0], relative_error=0.001)])
    found = limits(made.document(made.screen("page", near)))
    assert any(one.endswith("first column, less than 1% off at 300 ms.") for one in found)
    rated = replace(links[0], rtt_ms=0.0, bandwidth_mbit=10.0)
    arm = replace(arm, links=[rated])
    (told,) = [one for one in limits(made.document(made.screen("page", arm))) if "distances" in one]
    assert told.endswith("up to 2% off at 10/10 Mbit/s.")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "Loopback: on one machine."),
        ({"bandwidth_mbit": 1.0, "up_mbit": 0.5}, "All distances at 1/0.5 Mbit/s down/up."),
        (
            {"profiles": [PROFILES["lte"], PROFILES["cable"]]},
            (
                "Loopback: on one machine. Links: lte (70 ms, 12/12 Mbit/s down/up) and cable "
                "(28 ms, 5/1 Mbit/s down/up)."
            ),
        ),
    ],
)
def test_the_columns_are_told_with_their_rates(settings, says):
    screen = one_screen(made.arm("rest/fields"), made.arm("graphql/planned"))
    document = made.document(screen, **settings)
    told = " ".join(printed(document).split())
    assert f"or uncertain. {says} An arm: a way to load" in told
    origin = "first column" if "Loopback" in says else "median without a link"
    assert f"Real distances: computed from the {origin}, " in told


def test_wire_bytes_inside_tls_are_told_as_such():
    screen = one_screen(made.arm("rest/fields"), made.arm("graphql/planned"))
    inside = "Wire bytes of a screen's own table are inside TLS"
    for url, is_told in (("http://a.example", False), ("https://a.example", True)):
        told = " ".join(printed(made.document(screen, rest_url=url), verbose=True).split())
        assert (inside in told) == is_told
