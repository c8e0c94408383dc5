"""The programs that make client types of a contract, and the one that checks what uses them.

ariadne-codegen needs other versions of libraries than the bookstore: it has an environment of its
own, `.venv-codegen`, which is made when it is needed, and which generated clients run in.
"""

import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("codegen-requirements.txt")
CODEGEN = ROOT / ".venv-codegen"
CODEGEN_PYTHON = CODEGEN / "bin" / "python"

REST_TYPES = "rest_types"  # the generated module, and
REST_CLIENT, GRAPHQL_TYPES = "rest_client", "graphql_types"  # packages
LIMIT_S = 300.0
_WARNING = re.compile(r"\b\w*Warning: .*")

_ARIADNE = f"""\
[tool.ariadne-codegen]
schema_path = "schema.graphql"
queries_path = "queries.graphql"
target_package_name = "{GRAPHQL_TYPES}"
async_client = false
include_comments = "none"
"""


class ToolFailed(Exception):
    """A program has ended with an error; holds the last line that it wrote."""


def prepare_codegen() -> None:
    """Make the environment of ariadne-codegen, unless it is there with the right versions."""
    stamp = CODEGEN / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(CODEGEN, ignore_errors=True)
    venv.create(CODEGEN, with_pip=True)
    pip = [str(CODEGEN_PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run([*pip, "--requirement", str(REQUIREMENTS)], ROOT)
    stamp.write_text(wanted)


def generate_rest_types(openapi: dict[str, Any], folder: Path) -> None:
    """Write a module of types for the resources of an OpenAPI document."""
    _generate_of_openapi(openapi, folder)


def generate_rest_client(openapi: dict[str, Any], folder: Path) -> list[str]:
    """Write the same module, and a package with a client for the operations; its warnings.

    What is written uses httpx2, which the environment of ariadne-codegen has too. The same document
    gives the same files.

    Raises:
        ToolFailed: the document cannot be read.
    """
    options = ["--generate-client", "httpx2", "--client-output", REST_CLIENT]
    options += ["--client-package", REST_CLIENT, "--client-model-package", REST_TYPES]
    options += ["--client-server-base-url", "http://127.0.0.1:8000", "--disable-timestamp"]
    return _generate_of_openapi(openapi, folder, *options, "--use-operation-id-as-name")


def _generate_of_openapi(openapi: dict[str, Any], folder: Path, *options: str) -> list[str]:
    document = folder / "openapi.json"
    document.write_text(json.dumps(openapi))
    command = [sys.executable, "-m", "datamodel_code_generator"]
    command += ["--input", document.name, "--input-file-type", "openapi"]
    command += ["--output", f"{REST_TYPES}.py", "--output-model-type", "pydantic_v2.BaseModel"]
    command += ["--use-annotated", "--formatters", "builtin", "--target-python-version", "3.11"]
    return _run([*command, *options], folder)


def generate_graphql_types(schema: str, queries: str, folder: Path) -> list[str]:
    """Write a package with a client for these queries; its warnings.

    Raises:
        ToolFailed: the schema cannot answer them.
    """
    (folder / "schema.graphql").write_text(schema)
    (folder / "queries.graphql").write_text(queries)
    (folder / "pyproject.toml").write_text(_ARIADNE)
    return _run([str(CODEGEN_PYTHON), "-m", "ariadne_codegen"], folder)


def type_errors(program: str, name: str, folder: Path, python: Path | str) -> list[str]:
    """What mypy finds in a program that uses generated types; `python` has what these import."""
    (folder / name).write_text(program)
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
    command += ["--config-file=", "--no-error-summary", "--hide-error-context", "--no-pretty"]
    command += [f"--python-executable={python}", "--cache-dir=.mypy_cache", name]
    found = subprocess.run(  # noqa: S603 - programs of this environment
        command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    if found.returncode > 1:
        raise ToolFailed(found.stderr or found.stdout)
    return [line for line in found.stdout.splitlines() if ": error:" in line]


def _run(command: Sequence[str], folder: Path) -> list[str]:
    """The program's warnings, each without the place in the program that gives it."""
    done = subprocess.run(  # noqa: S603 - programs of this environment
        command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        raise ToolFailed(said[-1])
    return [found[0] for line in done.stderr.splitlines() if (found := _WARNING.search(line))]
