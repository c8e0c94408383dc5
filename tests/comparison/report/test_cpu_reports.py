"""What a screen costs the servers, in each of the outputs."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.processor_time import pairs, processor_time
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.servers.cpu import caveats, published, section
from client_examples.comparison.results.cpu import (
    CpuArm,
    CpuResults,
    CpuScreen,
    CpuSettings,
    CpuTurn,
)
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.statistics import ENOUGH
from tests.comparison.made_documents import arm, document, screen
from tests.comparison.report.rendered import RENDERED, printed

COSTS = {
    "rest/textbook": 9.4,
    "rest/fields": 0.58,
    "graphql/unbatched": 2.1,
    "graphql/planned": 0.34,
}


def cost(name, ms, failed=0, turns=ENOUGH):
    samples = [ms * (1 + (number - turns // 2) / 1000) for number in range(turns)]
    turns = [CpuTurn(2.0, 100, failed, 110 * ms, 90 * ms, 20 * ms, 51_000_000, 0.5)] * turns
    return CpuArm(
        name, f"How {name} loads it", turns, samples, 1.0, ms, samples[0], samples[-1], 0.2,
        51_000_000, 0.05, 0.15,
    )  # fmt: skip


def measured(costs=COSTS, name="order-history", **more):
    requests = {"rest/textbook": 21}
    arms = [arm(each, 5.0, requests.get(each, 1)) for each in costs]
    made = document(screen(name, *arms), cpu=CpuSettings(turns=3, turn_s=2.0, users=200), **more)
    found = CpuScreen(name, 50.0, next(iter(costs)), 100.0, [cost(*one) for one in costs.items()])
    return replace(made, cpu=CpuResults(screens=[found]))


def test_few_turns_say_nothing_of_what_is_cheapest():
    few = [cost(name, ms, turns=ENOUGH - 1) for name, ms in COSTS.items()]
    made = replace(
        measured(), cpu=CpuResults(screens=[CpuScreen("order-history", 50.0, "a", 100.0, few)])
    )
    text = said(made)
    assert "Which way is the cheapest cannot be told from 5 turns of each; 6 are needed." in text
    assert "Here no pair of arms differs" not in text
    assert "costs the servers least" not in text
    assert "times as much" not in text


def said(made):
    return " ".join(printed(made, verbose=True).split())


@RENDERED
def test_every_output_has_the_numbers(text_of):
    text = text_of(measured())
    for number in ("9.4", "0.58", "0.34"):
        assert number in text
    assert "order-history" in text


def test_the_document_is_read_as_it_was_written():
    made = measured()
    assert from_json(to_json(made)) == made
    assert "--cpu" in commands(made)[-1]


def test_the_cheapest_of_each_api_are_compared_by_the_rule_of_ties():
    text = said(measured())
    assert "graphql/planned costs the servers least, rest/fields 1.71 times as much" in text
    assert "2,941" in text  # screens in a second of a processor
    near = said(measured({**COSTS, "rest/fields": 0.345}))
    assert "the cheapest of each API, tie: 0.340 and 0.345 ms of a processor" in near


def test_what_would_save_most_is_told_the_largest_first():
    text = said(measured())
    assert "rest/fields): 20 requests, 8.82 of 9.40 ms" in text
    assert text.index("8.82 of 9.40 ms") < text.index("1.76 of 2.10 ms")


def test_both_published_results_are_found_again_by_other_arms():
    made = measured()
    condition = processor_time(made)
    found = {(one.rest.name, one.graphql.name): one.share for one in pairs(made, condition)}
    assert found["rest/textbook", "graphql/planned"] == pytest.approx(0.34 / 9.4)
    assert found["rest/fields", "graphql/unbatched"] == pytest.approx(2.1 / 0.58)
    less, more = published(pairs(made, condition))
    assert "Lawi et al." in less
    assert "3 pairs of arms, most of all graphql/planned beside rest/textbook" in less
    assert "in 2 of them REST needs more requests" in less
    assert "Niswar et al." in more
    assert "1 pair of arms, graphql/unbatched beside rest/fields on order-history" in more
    assert "resolves each object on its own" in more


def test_of_arms_that_are_not_known_no_reason_is_made_up():
    made = measured({"rest/mine": 1.0, "graphql/mine": 3.0})
    (more,) = published(pairs(made, processor_time(made)))
    assert "resolves each object" not in more
    assert "Niswar" in more


def test_where_nothing_differs_neither_result_is_found():
    made = measured({"rest/mine": 1.0, "graphql/mine": 1.01})
    (neither,) = published(pairs(made, processor_time(made)))
    assert neither.endswith("Here no pair of arms differs materially.")


def test_servers_that_could_not_be_seen_are_one_line():
    made = replace(measured(), cpu=CpuResults("the server at http://a:1 is not on this machine"))
    assert "Not measured: the server at http://a:1 is not on this machine." in said(made)
    assert len(section(made).blocks) == 1


def test_without_it_there_is_no_section():
    assert section(replace(measured(), cpu=None)) is None


def test_a_database_with_processes_of_its_own_is_told():
    made = measured()
    assert not [one for one in caveats(made) if "PostgreSQL" in one]
    servers = {"http://127.0.0.1:8000": {"database": "postgresql"}, "http://127.0.0.1:8001": None}
    other = replace(made, environment={**made.environment, "servers": servers})
    assert [one for one in caveats(other) if "PostgreSQL works besides" in one]


def test_loads_that_failed_are_told():
    made = measured()
    (found,) = made.cpu.screens
    arms = [cost("rest/textbook", 9.4, failed=2), *found.arms[1:]]
    made = replace(made, cpu=CpuResults(screens=[replace(found, arms=arms)]))
    assert "Some loads failed: order-history (rest/textbook)." in caveats(made)
