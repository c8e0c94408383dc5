"""The arms in JavaScript: as up to date as those in Python, and nothing put wrong silently."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from client_examples.browser_arms.__main__ import main
from client_examples.browser_arms.modules import modules
from client_examples.browser_arms.translation import NotTranslatable, function

FOLDER = Path(__file__).parents[2] / "graphql_api" / "lab" / "screens"


def translated(source: str) -> str:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return function(node, exported=True)


def test_those_of_the_lab_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(FOLDER)]) == 0, capsys.readouterr().out


def test_a_changed_file_is_named_and_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "of_before.js").write_text("")
    assert main([str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == set(modules())
    changed = tmp_path / "book_list.js"
    changed.write_text(changed.read_text().replace("fields", "field"))
    assert main(["--check", str(tmp_path)]) == 1
    assert str(changed) in capsys.readouterr().out
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0


def test_what_is_asked_for_in_turn_is_awaited_in_turn() -> None:
    text = translated("def f(api, ids):\n    return [api.get(f'/books/{one}') for one in ids]")
    assert "await inTurn(ids, async (one) => await api.get(`/books/${one}`))" in text
    assert text.startswith("export async function f(api, ids)")


def test_a_part_of_an_answer_is_taken_once_it_has_come() -> None:
    text = translated("def f(api):\n    return api.query(Q, id=1)['author']")
    assert "return (await api.query(Q, { id: 1 })).author;" in text


@pytest.mark.parametrize(
    "line",
    [
        "while True: pass",
        "return [one for one in books if one]",
        "return books + books",
        "return sorted(books, key=len)[0:1]",
        "return api.post('/books', {})",
        "return {**books}['a'] if not books else 1",
    ],
)
def test_what_has_no_form_is_refused_by_line(line: str) -> None:
    with pytest.raises(NotTranslatable, match=r"^line 2: "):
        translated(f"def f(api, books):\n    {line}")


def test_the_command_runs_by_its_name(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "client_examples.browser_arms", str(tmp_path)], check=True
    )
    assert (tmp_path / "index.js").is_file()
