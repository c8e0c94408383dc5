"""Servers that end each connection after its answer, as those for development do."""

from dataclasses import replace

import pytest

from client_examples.comparison.analysis.caveats import run_caveats
from client_examples.comparison.arms.screen import RestArm, Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.report.unsettled import limits
from tests.comparison import made_documents as made
from tests.comparison.counting_server import CountingServer, answer

screen = Screen("page", "")
arm = RestArm("rest/one", "", lambda api: api.get("/"))


@pytest.mark.parametrize("closes", [True, False])
def test_all_arms_are_counted_alike_however_many_loads_were_before(closes):
    headers = [b"Connection: close"] if closes else []
    with CountingServer(lambda _: replace(answer(b"1", *headers), close=closes)) as server:
        loader = Loader(server.url, None)
        counted = [loader.load_counted(screen, arm) for _ in range(8)]  # six were open at first
        loader.close()
    assert {(counts.new_connections, counts.trips) for _, counts in counted} == {(0, 1)}
    assert {one.closes for load, _ in counted for one in load.exchanges} == {closes}


def document(rest: bool, graphql: bool, *, cold: bool = False):
    arms = [
        replace(made.arm(name), exchanges=[replace(made.exchange(), closes=closes)])
        for name, closes in (("rest/one", rest), ("graphql/one", graphql))
    ]
    found = made.document(made.screen("page", *arms))
    return replace(found, settings=replace(found.settings, cold=cold))


@pytest.mark.parametrize(
    ("closing", "cold", "says"),
    [
        ((True, True), False, "both servers end each connection after its answer"),
        ((True, False), False, "REST's server ends each connection after its answer"),
        ((False, True), False, "GraphQL's server ends each connection after its answer"),
        ((False, False), False, ""),
        ((True, True), True, ""),  # they are in the times
    ],
)
def test_what_their_clients_would_wait_for_is_told(closing, cold, says):
    made_document = document(*closing, cold=cold)
    told = " ".join(limits(made_document))
    caveats = run_caveats(made_document.settings, {}, made_document.screens)
    noted = " ".join(one.text for one in caveats)
    for text in (told, noted):
        assert (says.lower() in text.lower()) if says else ("each connection" not in text)
