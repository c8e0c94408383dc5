"""With `--compare`, servers and client have processors of their own. With stand-ins."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from launcher import affinity as module
from launcher.affinity import Affinity, affinity, held_on
from tests.launcher.launched import Launch
from tests.waiting import wait_until


def cores(tmp_path: Path, core_of: Sequence[int]) -> Path:
    """What Linux tells of processors, by the core of each."""
    for processor, core in enumerate(core_of):
        folder = tmp_path / f"cpu{processor}" / "topology"
        folder.mkdir(parents=True)
        (folder / "physical_package_id").write_text("0\n")
        (folder / "core_id").write_text(f"{core}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("core_of", "allowed", "expected"),
    [
        ([0, 1], {0, 1}, Affinity((0,), (1,))),
        ([0, 1, 2], {0, 1, 2}, Affinity((0, 1), (2,))),
        ([0, 1, 0, 1], {0, 1, 2, 3}, Affinity((0, 2), (1, 3))),  # two of one core stay together
        ([0, 1, 2, 0, 1, 2], {0, 1, 2, 3, 4, 5}, Affinity((0, 1, 3, 4), (2, 5))),
        ([0, 1, 2, 3], {1, 3}, Affinity((1,), (3,))),  # only what this process may use
        ([0, 1], {1}, None),
        ([], {4, 5}, Affinity((4,), (5,))),  # the system does not tell their cores
    ],
)
def test_each_side_has_half_of_the_processors(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    core_of: Sequence[int],
    allowed: set[int],
    expected: Affinity | None,
) -> None:
    monkeypatch.setattr(module, "_TOPOLOGY", cores(tmp_path, core_of))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: allowed, raising=False)
    assert affinity() == expected


def test_a_system_that_cannot_hold_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert affinity() is None
    with held_on(None):  # and this needs nothing of it
        pass


def test_a_comparison_and_its_servers_are_held_apart(launch: Launch) -> None:
    launched = launch("--compare", "--wait")
    launched.wait_for("compared with")
    held = affinity()
    if held is None:
        assert "servers on" not in launched.output
        return
    launched.wait_for("servers on")
    servers, client = (",".join(map(str, side)) for side in held)
    assert f"servers on {servers}, client on {client}\n" in launched.output
    (first, second) = launched.pids()
    assert os.sched_getaffinity(first) == os.sched_getaffinity(second) == set(held.servers)
    # The launcher itself, and so all that it starts later, is where it was.
    assert os.sched_getaffinity(launched.process.pid) == os.sched_getaffinity(0)


@pytest.mark.parametrize("before", [True, False])
def test_not_where_the_user_says_so(launch: Launch, before: bool) -> None:
    order = ["--no-affinity", "--compare"] if before else ["--compare", "--no-affinity"]
    launched = launch(*order, "--wait")
    launched.wait_for("compared with []\n")
    assert "servers on" not in launched.output
    if hasattr(os, "sched_getaffinity"):
        for pid in launched.pids():
            assert os.sched_getaffinity(pid) == os.sched_getaffinity(0)


def test_servers_alone_may_use_all_processors(launch: Launch) -> None:
    launched = launch()
    pids = wait_until(lambda: p if len(p := launched.pids()) == 2 else None, "both servers start")
    if hasattr(os, "sched_getaffinity"):
        assert all(os.sched_getaffinity(pid) == os.sched_getaffinity(0) for pid in pids)


def test_without_a_comparison_the_option_is_refused(launch: Launch) -> None:
    launched = launch("--no-affinity")
    assert launched.status() == 2
    assert "without --compare, --no-affinity has no effect" in launched.errors
