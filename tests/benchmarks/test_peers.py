"""Every peer starts, and answers what it is asked as ours do."""

import json
from collections.abc import Iterator

import pytest

from benchmarks.peers.node import FOLDER
from benchmarks.speed.__main__ import ask, compare_answers
from benchmarks.speed.servers import NODE_PEERS, PEERS, NotStarted, peers_running
from benchmarks.speed.workloads import FLOORS, GRAPHQL, OURS, PLANNED, REST, TURNS, data_of, named
from benchmarks.wrk import LoadFailed
from tests.fixtures import Pair
from tests.programs import need_node

BY_NAME = {turn.name: turn for turn in TURNS}


@pytest.fixture(scope="module")
def ours(reading_pair: Pair) -> dict[str, str]:
    return {"rest": reading_pair.servers.rest_url, "graphql": reading_pair.servers.graphql_url}


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest, reading_pair: Pair) -> Iterator[tuple[str, str]]:
    name = request.param
    if name in NODE_PEERS:
        need_node()
    with peers_running([name], reading_pair.database) as urls:
        yield name, urls[name]


@pytest.mark.slow
def test_a_peer_answers_as_ours_do(peer, ours) -> None:
    name, url = peer
    asked = [turn for turn in TURNS if turn.server == name]
    assert asked, f"nothing asks {name}"
    for turn in asked:
        if turn.workload == FLOORS:
            assert data_of(ask({name: url}, turn)) == {"status": "ok"}
        else:
            first = OURS if turn.workload in REST else PLANNED
            compare_answers({**ours, name: url}, [BY_NAME[named(turn.workload, first)], turn])


def test_all_of_our_endpoints_answer_alike(ours) -> None:
    compare_answers(ours, [turn for turn in TURNS if turn.server in ours])


def test_the_workloads_are_as_large_as_they_say(ours) -> None:
    def asked(workload: str, contestant: str):
        return data_of(ask(ours, BY_NAME[named(workload, contestant)]))

    for orders in (
        asked("REST order history", OURS)["orders"],
        asked("GraphQL order history", PLANNED)["customer"]["orders"],
    ):
        assert [len(order["items"]) for order in orders] == [3] * 20
    assert len(asked("GraphQL author page", PLANNED)["author"]["books"]) == 10
    for size in (20, 100):
        assert len(asked(f"REST list of {size}", OURS)) == size
        assert len(asked(f"GraphQL list of {size}", PLANNED)["books"]) == size
    everything = set(asked("REST point", OURS))
    assert len(asked("GraphQL list of 100", PLANNED)["books"][0]) == len(everything)
    assert set(asked("REST list of 100", OURS)[0]) == everything


def test_other_data_is_no_answer(ours) -> None:
    one, other = (BY_NAME[named(name, PLANNED)] for name in list(GRAPHQL)[:2])
    lying = type(one)(one.workload, "a peer", other.server, other.path, other.query)
    with pytest.raises(LoadFailed, match="GraphQL point: a peer gives other data than planned"):
        compare_answers(ours, [one, lying])


@pytest.mark.parametrize(
    ("path", "query"), [("/books/0", None), ("/nowhere", None), ("/graphql", "{ nothing }")]
)
def test_an_error_is_no_answer(ours, path, query) -> None:
    turn = type(TURNS[0])("REST point", "wrong", "graphql" if query else "rest", path, query)
    with pytest.raises(LoadFailed, match="REST point: wrong: "):
        compare_answers(ours, [turn])


def test_a_peer_that_ends_is_named(tmp_path) -> None:
    with (
        pytest.raises(NotStarted, match="the peer nobody has ended with status 1"),
        peers_running(["nobody"], tmp_path / "no.db"),
    ):
        pass


def test_the_node_packages_have_exact_versions_and_no_addresses() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    for name, exact in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == exact
    assert not [name for name, package in locked.items() if "resolved" in package]
