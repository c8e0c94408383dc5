"""Which module may import which, what each is for, and who reads the environment."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import own_files

ROOT = Path(__file__).parents[2]
FOLDERS = ("shared", "rest_api", "graphql_api", "client_examples", "launcher")
EDGE = "launcher/edge"
# What the launcher itself has of the edge.
LAUNCHERS_OF_EDGE = ("__init__.py", "nginx.py", "process.py")


def modules(folder: str) -> list[Path]:
    return own_files(ROOT / folder, ".py")


ALL = [path.relative_to(ROOT) for folder in FOLDERS for path in modules(folder)]


def imported(path: Path) -> Iterator[str]:
    """Every module that is imported, wherever in the file."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if node.level == 0 and node.module else ".".join(path.parts[:-1])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def test_the_contracts_of_imports_in_pyproject_are_kept() -> None:
    # In a process of its own: it switches off the loggers of the one that it runs in.
    program = (
        "import sys; from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def is_of_edge(path: Path) -> bool:
    """Whether a module is the edge's program, not the launcher that starts it."""
    return path.is_relative_to(EDGE) and path.name not in LAUNCHERS_OF_EDGE


LAUNCHER = [path for path in ALL if path.parts[0] == "launcher" and not is_of_edge(path)]


@pytest.mark.parametrize("path", LAUNCHER, ids=str)
def test_the_launcher_needs_nothing_installed(path: Path) -> None:
    for module in imported(path):
        top = module.partition(".")[0]
        assert top == "launcher" or top in sys.stdlib_module_names, f"{path} imports {module}"
        assert not is_of_edge(Path(*module.split(".")).with_suffix(".py")), f"{path} has {module}"


ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}


def reads_environment(path: Path) -> bool:
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ENVIRONMENT:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            names = {f"os.{alias.name}" for alias in node.names}
            if names & ENVIRONMENT:
                return True
        if isinstance(node, ast.Name) and node.id == "BaseSettings":
            return True
    return False


def test_the_environment_is_read_in_one_place() -> None:
    # The launcher, which has nothing installed, passes the environment on to the servers.
    others = [path for path in ALL if path.parts[0] != "launcher"]
    # The clients import nothing of shared; what they share of the settings stands in one module.
    assert {str(path) for path in others if reads_environment(path)} == {
        "shared/config.py",
        "client_examples/clients/settings.py",
    }


def test_operations_never_end_a_transaction() -> None:
    operations = {path for path in modules("shared/operations") if path.stem != "order_watch"}
    for path in sorted(operations | set(modules("shared/reading"))):
        text = path.read_text()
        for word in ("COMMIT", "ROLLBACK", ".commit(", ".rollback(", ".writing(", ".snapshot("):
            assert word not in text, f"{path} has {word}"


def test_every_module_says_what_it_is_for() -> None:
    parsed = {path: ast.parse((ROOT / path).read_text()) for path in ALL}
    silent = [str(path) for path, module in parsed.items() if module.body
              and not ast.get_docstring(module)]  # fmt: skip
    assert silent == []


def test_modules_stay_small() -> None:
    lines = {str(path): (ROOT / path).read_text().count("\n") for path in ALL}
    assert {path: number for path, number in lines.items() if number > 300} == {}


HALLS = sorted({ROOT / path.parent for path in ALL if path.parts[0] != "launcher"})


@pytest.mark.parametrize("folder", HALLS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_says_what_it_is_for_and_has_at_most_12_modules(folder: Path) -> None:
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= 12


# `python graphql_api/app.py` puts that folder first on sys.path, before the standard library.
@pytest.mark.parametrize(
    "folder", ["client_examples", "client_examples/foreign_example", "rest_api", "graphql_api"]
)
def test_nothing_beside_a_program_hides_a_module_of_the_standard_library(folder: str) -> None:
    names = {
        path.stem for path in (ROOT / folder).iterdir() if path.is_dir() or path.suffix == ".py"
    }
    assert names & sys.stdlib_module_names == set()
