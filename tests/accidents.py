"""What can happen to a SQLite file that is open."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from shared.config import Settings
from shared.serving.bookstore import open_bookstore

Accident = Callable[[Path], None]

ENDINGS: Final = ("", "-wal", "-shm")  # of the names of its files


def move_away(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def move_all_away(path: Path) -> None:
    for ending in ENDINGS:
        Path(f"{path}{ending}").rename(path.with_name(f"moved.db{ending}"))


def delete(path: Path) -> None:
    path.unlink()


def delete_the_log(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def delete_the_index_of_the_log(path: Path) -> None:
    Path(f"{path}-shm").unlink()


def put_a_link_in_its_place(path: Path) -> None:
    path.symlink_to(path.rename(path.with_name("moved.db")))


def another(path: Path) -> Path:
    """A bookstore beside it."""
    other = path.with_name("other.db")
    open_bookstore(Settings(database_url=f"sqlite:///{other}", books=300)).close()
    return other


def replace(path: Path) -> None:
    another(path).rename(path)


def write_another_over_it(path: Path) -> None:
    shutil.copyfile(another(path), path)


def write_noise_over_it(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def write_noise_over_its_pages(path: Path) -> None:
    """All but the first: the beginning of the file is as it was."""
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(os.urandom(path.stat().st_size - 4_096))


def truncate(path: Path) -> None:
    os.truncate(path, 8_192)


def empty(path: Path) -> None:
    os.truncate(path, 0)


ACCIDENTS: Final[list[Accident]] = [
    *(move_away, move_all_away, put_a_link_in_its_place, delete, delete_the_log),
    *(delete_the_index_of_the_log, replace, write_another_over_it),
    *(write_noise_over_it, write_noise_over_its_pages, truncate, empty),
]
