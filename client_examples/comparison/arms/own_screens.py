"""A user's own screens, from a Python file that declares them as the modules in `screens/` do."""

import importlib.util
import inspect
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from client_examples.comparison.arms.screen import Screen

MODULE = "own_screens"


class BadScreens(Exception):
    """The file declares no screens that could be compared; says where, and what is wrong."""


def load_screens(file: Path) -> list[Screen]:
    """The screens that the file's module holds, in the order in which it names them.

    They may stand in lists, tuples and dictionaries, too.

    Those that do not say by `session` how to log in do so by its function `login`, if it has one.

    Raises:
        BadScreens: the file cannot be read or run, or what it declares does not fit together.
    """
    module = _run(file)
    screens = list({id(screen): screen for screen in _among(vars(module).values())}.values())
    login = getattr(module, "login", None)
    for wrong in _wrong(screens, login):
        raise BadScreens(f"{file}: {wrong}")
    for screen in screens:
        screen.beginning = screen.beginning or login
    return screens


def _among(values: Iterable[object]) -> Iterator[Screen]:
    """The screens among a module's values; one may be there several times."""
    for value in values:
        if isinstance(value, Screen):
            yield value
        elif isinstance(value, list | tuple | dict):
            inner = value.values() if isinstance(value, dict) else value
            yield from (one for one in inner if isinstance(one, Screen))


def _run(file: Path) -> ModuleType:
    path = file.resolve()
    loader = _AsWritten(MODULE, str(path))
    spec = importlib.util.spec_from_loader(MODULE, loader)
    if not file.is_file() or file.suffix != ".py" or spec is None:
        raise BadScreens(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module  # as classes look up their module by its name
    sys.path.append(str(path.parent))  # for modules of the user's beside it
    try:
        loader.exec_module(module)
    except SyntaxError as error:
        raise BadScreens(f"{file}, line {error.lineno}: {error.msg}") from error
    except Exception as error:
        raise BadScreens(f"{file}{_line(file, error)}: {type(error).__name__}: {error}") from error
    return module


class _AsWritten(SourceFileLoader):
    """Runs what the file says now.

    Python keeps compiled code for as long as a file has its length and the second of its last
    change, so that a digit changed at once after a run would not count.
    """

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def _line(file: Path, error: Exception) -> str:
    """Where in the file an error came up."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == file.resolve()]
    return f", line {lines[-1]}" if lines else ""


def _wrong(screens: list[Screen], login: object) -> list[str]:
    if login is not None and not callable(login):
        return ["login must be a function that takes an api, and logs in by it"]
    if not screens:
        return ['declares no screens, like: page = Screen("page", "what it shows")']
    wrong = [f"two screens have the name {name!r}" for name in _twice([s.name for s in screens])]
    for screen in screens:
        if not screen.arms:
            wrong.append(f"screen {screen.name!r} has no arms")
        wrong += [
            f"arm {arm.name!r} of screen {screen.name!r} is an async function; an arm is a plain "
            "one, in which api.get_all sends requests side by side"
            for arm in screen.arms
            if inspect.iscoroutinefunction(arm.load)
        ]
        names = _twice([arm.name for arm in [*screen.arms, *screen.caching]])
        wrong += [f"two arms of screen {screen.name!r} have the name {name!r}" for name in names]
    return wrong


def _twice(names: list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
