"""Free space is looked for before a bookstore is made, and the error says what there is."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from shared.config import CHECKOUT
from shared.errors import StartError
from shared.serving.bookstore import open_bookstore
from shared.storage import ram_folder
from shared.storage.ram_folder import SHARED_MEMORY, folder_for, free_bytes, require_room
from tests.shared.conftest import private_settings


class Usage(NamedTuple):
    """As shutil.disk_usage gives it."""

    total: int
    used: int
    free: int


MB = 1_000_000


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file system has 50 MB left."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 50 * MB))


@pytest.mark.usefixtures("full")
def test_without_room_in_ram_the_error_says_how_much_is_where() -> None:
    with pytest.raises(StartError) as raised:
        open_bookstore(private_settings(books=1_000_000))
    said = str(raised.value)
    assert said.startswith("no room for the bookstore: it needs about 1,620 MB, and ")
    assert f"{SHARED_MEMORY} has 50 MB free and " in said
    assert "set BOOKSTORE_BOOKS lower, or BOOKSTORE_DATABASE_URL" in said


@pytest.mark.usefixtures("full")
def test_a_file_has_to_have_room_too(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with pytest.raises(StartError) as raised:
        open_bookstore(private_settings(books=1_000_000, database_url=f"sqlite:///{path}"))
    said = str(raised.value)
    assert f"it needs about 1,620 MB, and {tmp_path} has 50 MB free; set BOOKSTORE_BOOKS" in said
    small = open_bookstore(private_settings(books=30, database_url=f"sqlite:///{path}"))
    small.close()


@pytest.mark.usefixtures("full")
def test_what_it_has_already_counts_as_room(tmp_path: Path) -> None:
    require_room(tmp_path, 60 * MB, taken=20 * MB)
    with pytest.raises(StartError, match=r"it needs about 51 MB, and .* has 50 MB free"):
        require_room(tmp_path, 60 * MB, taken=9 * MB)


def test_a_folder_that_is_there_already_is_no_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = private_settings(books=1_000_000)
    folder = folder_for(CHECKOUT, settings.instance, 0)
    folder.mkdir(mode=0o700)
    try:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 50 * MB))
        with pytest.raises(StartError, match="no room for the bookstore: it needs about 1,620 MB"):
            open_bookstore(settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_folder_in_ram_has_no_more_room_than_the_ram_that_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ram_folder, "SHARED_MEMORY", tmp_path / "shared")
    monkeypatch.setattr(ram_folder, "_available_memory", lambda: 7 * MB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 50 * MB))
    assert free_bytes(tmp_path / "shared" / "folder") == 7 * MB
    assert free_bytes(tmp_path / "elsewhere") == 50 * MB
    monkeypatch.setattr(
        ram_folder, "_available_memory", lambda: None
    )  # a system that does not tell
    assert free_bytes(tmp_path / "shared") == 50 * MB


def test_what_is_said_to_be_needed_is_enough() -> None:
    opened = open_bookstore(private_settings(books=3_000))
    size = Path(opened.database.engine.url.database or "").stat().st_size
    opened.close()
    assert 0.5 < size / (3_000 * 1_600) < 1
