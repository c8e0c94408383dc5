"""One module of JavaScript for each screen of the lab, and one that lists them."""

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from types import ModuleType

from client_examples.browser_arms.translation import constant, function
from client_examples.comparison.arms.screen import GraphqlArm, Screen
from client_examples.comparison.screens import SCREENS
from client_examples.comparison.statistics import MATERIAL, RESAMPLES

SHOWN = ("author-page", "order-history", "book-list", "search-results", "storefront")
COMMAND = "python -m client_examples.browser_arms graphql_api/lab/screens"

_HELPERS = {"loading/api": ("Get",), "loading/helpers": ("inTurn", "zip")}
_LIST = "index.js"


def modules() -> dict[str, str]:
    """The text of each file, by its name."""
    screens = [screen for screen in SCREENS if screen.name in SHOWN]
    found = {f"{_module_name(screen)}.js": _module(screen) for screen in screens}
    return found | {_LIST: _index(screens)}


def _module(screen: Screen) -> str:
    """A screen's arms, and what of their module they need."""
    module = _source_module(screen)
    defined = {
        node.name: node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
    }
    needed = _needed(screen, defined)
    exported = {arm.load.__name__ for arm in screen.arms}
    functions = [
        function(node, exported=name in exported)
        for name, node in defined.items()
        if name in needed
    ]
    text = "\n".join(functions)
    constants = [
        f"const {name} = {constant(value)};"
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | str | tuple) and name in needed
    ]
    begins = f"// {module.__name__.replace('.', '/')}.py, put into JavaScript by\n// `{COMMAND}`."
    parts = [begins, *_imports(text), "", *constants, "", "\n\n".join(functions)]
    return "\n".join(parts) + "\n"


def _imports(text: str) -> Iterator[str]:
    """What the module takes from the page's own."""
    for place, names in _HELPERS.items():
        used = [name for name in names if f"{name}(" in text]
        if used:
            yield f'import {{ {", ".join(used)} }} from "../{place}.js";'


def _needed(screen: Screen, defined: dict[str, ast.FunctionDef]) -> set[str]:
    """The names that the arms use, directly or by functions of their module."""
    waiting = [arm.load.__name__ for arm in screen.arms]
    found = set(waiting)
    for name in waiting:  # grows as it goes
        for node in ast.walk(defined[name]) if name in defined else ():
            if isinstance(node, ast.Name) and node.id not in found:
                found.add(node.id)
                waiting.append(node.id)
    return found


def _index(screens: list[Screen]) -> str:
    """What is known of the screens and arms, and the limits that a tie is told by."""
    imports = [
        f'import * as {_module_name(screen)} from "./{_module_name(screen)}.js";'
        for screen in screens
    ]
    entries = ",\n".join(_entry(screen) for screen in screens)
    return (
        f"// What the comparison knows of its screens, put into JavaScript by\n// `{COMMAND}`.\n"
        + "\n".join(imports)
        + f"\n\nexport const MATERIAL = {MATERIAL};\nexport const RESAMPLES = {RESAMPLES};\n\n"
        + f"export const SCREENS = [\n{entries},\n];\n"
    )


def _entry(screen: Screen) -> str:
    arms = "".join(
        f"      {{ name: {json.dumps(arm.name)}, "
        + (f"path: {json.dumps(arm.path)}, " if isinstance(arm, GraphqlArm) else "")
        + f"load: {_module_name(screen)}.{arm.load.__name__},\n"
        + f"        description: {json.dumps(arm.description, ensure_ascii=False)} }},\n"
        for arm in screen.arms
    )
    return f"  {{\n    name: {json.dumps(screen.name)},\n    arms: [\n{arms}    ],\n  }}"


def _module_name(screen: Screen) -> str:
    return _source_module(screen).__name__.rpartition(".")[2]


def _source_module(screen: Screen) -> ModuleType:
    return sys.modules[screen.arms[0].load.__module__]
