"""Workloads, contestants and ratios fit each other."""

import pytest

from benchmarks.peers import node
from benchmarks.speed.__main__ import able
from benchmarks.speed.servers import NODE_PEERS, OURS, PEERS
from benchmarks.speed.workloads import FLOORS, GRAPHQL, RATIOS, REST, TURNS, chosen, data_of

BY_NAME = {turn.name: turn for turn in TURNS}


def contestants(workload: str) -> list[str]:
    return [turn.contestant for turn in TURNS if turn.workload == workload]


def test_every_turn_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(TURNS)


def test_every_server_has_turns_and_every_turn_a_server() -> None:
    assert {turn.server for turn in TURNS} == {*OURS, *PEERS}


@pytest.mark.parametrize("kind", [REST, GRAPHQL], ids=["REST", "GraphQL"])
def test_whoever_takes_part_takes_part_in_all_workloads(kind) -> None:
    first, *others = [contestants(workload) for workload in kind]
    assert all(other == first for other in others)


def test_every_ratio_is_of_turns_that_there_are() -> None:
    assert {name for ratio in RATIOS for name in (ratio.of, ratio.to)} <= set(BY_NAME)


def test_ours_are_compared_with_every_contestant() -> None:
    compared = {name for ratio in RATIOS for name in (ratio.of, ratio.to)}
    floors = {f"{FLOORS}: {name}" for name in ("Fastify on Node", "bare Node")}  # only shown
    assert compared | floors == set(BY_NAME)


def test_the_targets_are_those_of_the_issue() -> None:
    targets: dict[float, set[str]] = {}
    for ratio in RATIOS:
        if ratio.target is not None:
            of, to = BY_NAME[ratio.of], BY_NAME[ratio.to]
            targets.setdefault(ratio.target, set()).add(f"{of.workload} / {to.server}")
    assert targets == {
        2.5: {"REST point / flask_orm"},
        1.3: {"REST point / fastapi_orm", "REST point / fastapi_rows"},
        4.0: {f"{name} / {peer}" for name in GRAPHQL
              for peer in ("strawberry_plain", "ariadne_loaders")},
        1.0: {f"{name} / {peer}" for name in GRAPHQL for peer in ("apollo", "yoga")},
    }  # fmt: skip


def test_turns_are_chosen_by_parts_of_their_names() -> None:
    assert chosen([]) == list(TURNS)
    assert [turn.name for turn in chosen(["rest point: ours", "Author Page: Yoga"])] == [
        "REST point: ours",
        "GraphQL author page: Yoga",
    ]
    with pytest.raises(ValueError, match=r"'gibt' in its name; there are Floor .*, REST point"):
        chosen(["gibt"])


def test_without_node_its_peers_are_left_out_by_name(monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.speed.servers.shutil.which", lambda name: None)
    turns, left_out = able(list(TURNS))
    assert not {turn.server for turn in turns} & set(NODE_PEERS)
    assert left_out == ["Apollo", "Fastify on Node", "Mercurius", "Yoga", "bare Node"]
    with pytest.raises(ValueError, match="node and npm are not here"):
        able(chosen(["apollo"]))


def test_every_peer_on_node_is_a_program() -> None:
    programs = {path.stem for path in node.FOLDER.glob("*.mjs")} - {"bookstore"}
    assert programs == set(NODE_PEERS)


def test_what_an_answer_says_is_told_without_its_wrapping() -> None:
    assert data_of(b'{"data": {"book": null}}') == {"book": None}
    assert data_of(b'[{"id": 1}]') == [{"id": 1}]
    with pytest.raises(ValueError, match="the answer is an error"):
        data_of(b'{"data": null, "errors": []}')
