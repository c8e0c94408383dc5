"""The files that a comparison writes: checked before it runs, written after it."""

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import TypeVar

from rich.console import Console

from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.results.document import Document, to_json

Told = TypeVar("Told")  # a document: what there is to tell

RESULTS = Path("results")  # of the working folder; no part of a checkout
WIDTH, HEIGHT = 80, 24  # of a terminal's report, where nothing says how many there are


# Each format is imported when it is asked for, so that the program starts at once; Altair and its
# JavaScript alone take a second.


def console() -> Console:
    """Standard output: as wide as COLUMNS says, or else the terminal."""
    return Console(width=get_terminal_size((WIDTH, HEIGHT)).columns)


def print_report(document: Document, on: Console, *, verbose: bool = False) -> None:
    """The report in a terminal."""
    from client_examples.comparison.report import terminal

    terminal.print_report(document, on, verbose=verbose)


def html(document: Document) -> str:
    """A page that needs nothing but itself."""
    from client_examples.comparison.report.page.html import page

    return page(document)


def markdown(document: Document) -> str:
    """The report's tables and sentences as Markdown."""
    from client_examples.comparison.report.markdown import report_of

    return report_of(document)


def csv(document: Document) -> str:
    """A row per arm and screen with all numbers."""
    from client_examples.comparison.report.data.csv import rows_of

    return rows_of(document)


def junit(document: Document) -> str:
    """A test for each arm, and for each limit of a budget."""
    from client_examples.comparison.report.data.junit import junit_of

    return junit_of(document)


# The JSON first: it holds all that was measured, and the others can be made of it later.
FORMATS: Mapping[str, Callable[[Document], str]] = {
    "json": to_json,
    "html": html,
    "markdown": markdown,
    "csv": csv,
    "junit": junit,
}


def writable(text: str) -> Path:
    """A file that can be written, as an option's value; found out by opening it.

    Of folders that are missing, only `results` is made, which the documents name.
    """
    file = Path(text)
    try:
        if file.parent == RESULTS:
            file.parent.mkdir(exist_ok=True)
        if file.exists() and not file.is_file():
            if file.is_dir():
                raise IsADirectoryError(None, "it is a folder")
            return file  # a pipe or a device, which opening would change
        is_new = not file.exists()
        file.open("ab").close()
        if is_new:
            file.unlink()
    except FileNotFoundError as error:
        raise argparse.ArgumentTypeError(f"cannot write {text}: {_missing(file.parent)}") from error
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot write {text}: {error.strerror}") from error
    return file


def _missing(folder: Path) -> str:
    """What is to be done about a folder that is not there."""
    above = next(one for one in folder.absolute().parents if one.exists())
    if os.access(above, os.W_OK):
        return f"there is no folder {folder}"
    return f"there is no folder {folder}, nor may one be made in {above}; name a file elsewhere"


def write_all(
    document: Told, files: Mapping[str, Path], formats: Mapping[str, Callable[[Told], str]]
) -> tuple[list[Path], list[ComparisonError]]:
    """Write the document to the files, by their format; those written, and what went wrong."""
    written, wrong = [], []
    for name, make in formats.items():
        if name not in files:
            continue
        try:
            _write(files[name], make(document))
        except OSError as error:
            wrong.append(ComparisonError(f"cannot write {files[name]}: {error.strerror}"))
        else:
            written.append(files[name])
    return written, wrong


def _write(file: Path, text: str) -> None:
    """Whole or not at all, where it is a file."""
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")
        return
    file = file.resolve()  # what a link points to
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
