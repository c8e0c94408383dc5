"""Generates the clients of a contract, and asks mypy about the pages that use them."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.claims.contract_changes import deployed, programs
from benchmarks.claims.contract_changes.results import Types
from client_examples.type_safety.tools import (
    CODEGEN_PYTHON,
    LIMIT_S,
    REST_TYPES,
    ToolFailed,
    generate_graphql_types,
    generate_rest_client,
    type_errors,
)

_PROGRAM: Final = Path(deployed.__file__)


@dataclass(frozen=True)
class Kind:
    """An API's generated client: how it is made of a contract, and the pages that use it."""

    generate: Callable[[Any, Path], list[str]]
    pages: Mapping[str, tuple[str, str]]  # by the name in the results: file and text


REST: Final = Kind(
    generate_rest_client,
    {
        "rest": ("rest_page", programs.REST),
        "rest/fields": ("rest_fields_page", programs.REST_FIELDS),
    },
)
GRAPHQL: Final = Kind(
    lambda schema, folder: generate_graphql_types(schema, programs.QUERY, folder),
    {"graphql": ("graphql_page", programs.GRAPHQL)},
)


class Clients:
    """The clients of one kind in a folder: those in use, and those of one contract after another.

    Raises:
        ToolFailed: the pages do not fit the contract as it is.
    """

    def __init__(self, kind: Kind, contract: Any, folder: Path) -> None:
        self._kind = kind
        self._in_use, self._anew = folder / "in_use", folder / "anew"
        self._in_use.mkdir()
        self._warned = kind.generate(contract, self._in_use)
        shutil.copytree(self._in_use, self._anew)
        for name, text in kind.pages.values():
            if errors := _mypy(name, text, self._anew):
                raise ToolFailed(f"{name} does not fit its contract: {errors[0]}")
            (self._in_use / f"{name}.py").write_text(text)

    def types(self, contract: Any) -> dict[str, Types]:
        """What generator and mypy say of each page, with a client of the changed contract."""
        try:
            warned = self._kind.generate(contract, self._anew)
        except ToolFailed as error:
            return dict.fromkeys(self._kind.pages, Types("generator", str(error)))
        new = [line for line in warned if line not in self._warned]
        if new:
            return dict.fromkeys(self._kind.pages, Types("generator", new[0]))
        return {
            api: Types("mypy", errors[0]) if (errors := _mypy(name, text, self._anew)) else NONE
            for api, (name, text) in self._kind.pages.items()
        }

    def marks_deprecated(self) -> bool:
        """Whether the models that were generated last have more deprecated members than before."""
        before, after = (_marks(folder) for folder in (self._in_use, self._anew))
        return after > before

    def outcomes(self, urls: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """What becomes of each page with the clients in use, by page and server."""
        return {api: _run(name, self._in_use, urls) for api, (name, _) in self._kind.pages.items()}

    def outcome_anew(self, api: str, url: str) -> dict[str, Any]:
        """What becomes of a page with the client that was generated last."""
        told: dict[str, Any] = _run(self._kind.pages[api][0], self._anew, {"": url})[""]
        return told


NONE: Final = Types("", "")


def _mypy(name: str, text: str, folder: Path) -> list[str]:
    return type_errors(text, f"{name}.py", folder, CODEGEN_PYTHON)


def _run(page: str, folder: Path, urls: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - a program of this folder
        [str(CODEGEN_PYTHON), str(_PROGRAM), page],
        cwd=folder,
        input=json.dumps(dict(urls)),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _marks(folder: Path) -> int:
    models = folder / f"{REST_TYPES}.py"
    return len(re.findall(r"\bdeprecated=True\b", models.read_text())) if models.is_file() else 0
