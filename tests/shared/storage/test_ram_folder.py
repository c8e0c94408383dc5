"""The life of the database in RAM, with real processes."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.config import CHECKOUT
from shared.errors import StartError
from shared.serving.bookstore import open_bookstore
from shared.storage.ram_folder import SHARED_MEMORY, RamFolder, folder_for
from tests.shared.conftest import private_settings
from tests.shared.holder import Holder
from tests.waiting import LIMIT_S, wait_until

HERE = Path(__file__).parent


Hold = Callable[..., Holder]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Start processes; those that are left at the end are killed."""
    started: list[Holder] = []

    def start(instance: str, **given: int) -> Holder:
        started.append(Holder(private_settings(**{"books": 30, "instance": instance, **given})))
        return started[-1]

    yield start
    for holder in started:
        holder.kill()


@pytest.fixture
def instance() -> Iterator[str]:
    """The name of an instance; what a test that failed has left of it is removed."""
    name = private_settings().instance
    yield name
    shutil.rmtree(folder_of(name), ignore_errors=True)


def folder_of(instance: str) -> Path:
    return folder_for(CHECKOUT, instance, 0)


def test_two_processes_share_and_the_last_one_leaves_nothing(hold: Hold, instance: str) -> None:
    first, second = hold(instance), hold(instance)
    found = first.found()
    assert found == second.found()
    assert found["books"] == 30
    assert folder_of(instance).is_dir()
    assert first.leave() == 0
    assert (folder_of(instance) / "bookstore.db").exists()
    assert second.leave() == 0
    assert not folder_of(instance).exists()


def test_two_pairs_side_by_side_keep_apart(hold: Hold) -> None:
    names = [private_settings().instance for _ in range(2)]
    pairs = [[hold(name), hold(name)] for name in names]
    seen = [{holder.found()["instance"] for holder in pair} for pair in pairs]
    assert [len(one) for one in seen] == [1, 1]
    assert seen[0] != seen[1]
    for holder in pairs[0]:
        assert holder.leave() == 0
    assert not folder_of(names[0]).exists()
    assert folder_of(names[1]).exists()
    for holder in pairs[1]:
        assert holder.leave() == 0
    assert not folder_of(names[1]).exists()


def test_a_start_after_sigkill_finds_fresh_data(hold: Hold, instance: str) -> None:
    killed = hold(instance)
    before = killed.found()
    killed.kill()
    assert folder_of(instance).exists()
    (folder_of(instance) / "left-over").touch()
    fresh = hold(instance, books=40, seed=7)  # nothing binds it any more
    after = fresh.found()
    assert after["instance"] != before["instance"]
    assert after["books"] == 40
    assert not (folder_of(instance) / "left-over").exists()
    assert fresh.leave() == 0
    assert not folder_of(instance).exists()


def test_who_outlives_a_process_that_was_killed_keeps_the_data(hold: Hold, instance: str) -> None:
    first, second = hold(instance), hold(instance)
    assert first.found() == second.found()
    first.kill()
    third = hold(instance)
    assert third.found()["books"] == 30
    assert second.leave() == 0
    assert third.leave() == 0
    assert not folder_of(instance).exists()


@pytest.mark.parametrize(("setting", "value"), [("books", 31), ("seed", 2)])
def test_another_size_or_seed_is_refused(
    hold: Hold, instance: str, setting: str, value: int
) -> None:
    first = hold(instance)
    first.found()
    other = hold(instance, **{setting: value})
    error = other.found()["error"]
    assert error.startswith(f"BOOKSTORE_{setting.upper()} is {value} here but ")
    assert "BOOKSTORE_INSTANCE" in error
    assert other.ended() == 0
    assert first.leave() == 0
    assert not folder_of(instance).exists()


@pytest.mark.slow
def test_many_that_come_and_go_at_once_never_meet_half_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    program = [sys.executable, str(HERE / "comer_and_goer.py"), str(folder), "2000"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    processes = [
        subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=LIMIT_S)[1] for process in processes]
    assert errors == [""] * 4
    assert [process.returncode for process in processes] == [0] * 4
    assert not folder.exists()


def test_several_that_start_and_stop_at_once_see_whole_data(hold: Hold, instance: str) -> None:
    holders = [hold(instance) for _ in range(4)]
    for holder in holders[:2]:
        assert holder.found()["books"] == 30
        holder.ask_to_leave()
    holders += [hold(instance) for _ in range(2)]
    assert [holder.found()["books"] for holder in holders[2:]] == [30] * 4
    for holder in holders[2:]:
        holder.ask_to_leave()
    assert [holder.ended() for holder in holders] == [0] * 6
    assert not folder_of(instance).exists()


def test_the_folder_and_its_files_are_private(instance: str) -> None:
    opened = open_bookstore(private_settings(instance=instance, books=30))
    found = folder_of(instance)
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    assert found.stat().st_uid == os.getuid()
    assert {file.name for file in found.iterdir()} >= {"bookstore.db", "gate", "users"}
    opened.close()
    opened.close()  # once more does no harm
    assert not found.exists()


def test_it_lies_in_shared_memory_where_there_is_one(instance: str) -> None:
    if not os.access(SHARED_MEMORY, os.W_OK):
        pytest.skip(f"{SHARED_MEMORY} is not there or not writable")
    assert folder_of(instance).parent == SHARED_MEMORY


def test_without_room_there_the_temporary_folder_serves(
    instance: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.storage.ram_folder.SHARED_MEMORY", tmp_path / "none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert folder_for(CHECKOUT, instance, 0).parent == tmp_path
    with pytest.raises(StartError, match="no room for the bookstore: it needs about 1"):
        folder_for(CHECKOUT, instance, 10**18)


def test_user_checkout_and_instance_each_have_their_own_folder(tmp_path: Path) -> None:
    folders = {folder_for(checkout, name, 0).name for checkout in (CHECKOUT, tmp_path)
               for name in ("a", "b")}  # fmt: skip
    assert len(folders) == 4
    assert all(name.startswith(f"bookstore-{os.getuid()}-") for name in folders)


def never(_alone: bool) -> None:
    raise AssertionError("it must not come so far")


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701])
def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(StartError, match=r"is not a folder of this user's alone \(mode 0700\)"):
        RamFolder(folder, never)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, 65_534, 65_534)
    with pytest.raises(StartError, match="is not a folder of this user's alone"):
        RamFolder(folder, never)


@pytest.mark.parametrize("kind", ["link", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    place = tmp_path / "place"
    if kind == "link":
        place.symlink_to(tmp_path / "real")
    else:
        place.touch(mode=0o700)
    with pytest.raises(StartError, match="is not a folder of this user's alone"):
        RamFolder(place, never)


def test_a_start_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(alone: bool) -> None:
        assert alone
        (tmp_path / "folder" / "half").touch()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RamFolder(tmp_path / "folder", fail)
    assert not (tmp_path / "folder").exists()


def test_a_second_one_waits_while_the_first_makes_the_data(tmp_path: Path) -> None:
    folder, order = tmp_path / "folder", tmp_path / "order"
    program = (
        "import sys\nfrom pathlib import Path\nfrom shared.storage.ram_folder import RamFolder\n"
        "order = Path(sys.argv[2])\n"
        "def prepare(alone):\n    assert not alone\n    order.write_text('second')\n"
        "RamFolder(Path(sys.argv[1]), prepare).close()\n"
    )
    started: list[subprocess.Popen[bytes]] = []

    def prepare(alone: bool) -> None:
        assert alone
        command = [sys.executable, "-c", program, str(folder), str(order)]
        started.append(subprocess.Popen(command, cwd=CHECKOUT))
        # It waits in the kernel for the gate: /proc/locks shows who waits by "->".
        if Path("/proc/locks").exists():
            wait_until(lambda: waits(started[0].pid), "the second one waits")
        assert not order.exists()

    first = RamFolder(folder, prepare)
    assert started[0].wait(LIMIT_S) == 0
    assert order.read_text() == "second"
    first.close()
    assert not folder.exists()


def waits(pid: int) -> bool:
    lines = Path("/proc/locks").read_text().splitlines()
    return any("->" in line and line.split()[5] == str(pid) for line in lines)
