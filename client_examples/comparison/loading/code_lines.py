"""Counts the lines of client code of an arm.

Counted, each once, are the arm's own function and whatever it needs of its module: functions that
it calls directly or indirectly, and constants that these name, such as a GraphQL document or a list
of `fields`. Not counted are docstrings, comments, blank lines, decorators (they declare the arm to
the comparison), and imported code.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from inspect import getsourcefile, unwrap
from pathlib import Path
from types import FunctionType
from typing import Any

from client_examples.comparison.arms.live.screen import WatchArm
from client_examples.comparison.arms.screen import Arm

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NOT_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


def code_lines(arm: Arm | WatchArm) -> int | None:
    """The lines of an arm; None where its source is not at hand."""
    load: Any = unwrap(arm.load)
    file = getsourcefile(load) if isinstance(load, FunctionType) else None
    if file is None or not Path(file).is_file():
        return None
    source = Path(file).read_text(encoding="utf-8")
    module = ast.parse(source)
    own = _function_at(module, load.__code__.co_firstlineno)
    if own is None:
        return None
    counted = {line for node in _reached(module, own) for line in _span(node)}
    return len(counted & _lines_with_code(source) - _docstring_lines(module))


def _function_at(module: ast.Module, first_line: int) -> _Function | None:
    """The function that begins in this line, with its first decorator if it has one."""
    for node in ast.walk(module):
        if isinstance(node, _Function):
            begins = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if begins == first_line:
                return node
    return None


def _reached(module: ast.Module, own: _Function) -> list[ast.stmt]:
    """The function and all of its module's statements that it needs."""
    defined = {name: node for node in module.body for name in _names_defined(node)}
    reached: list[ast.stmt] = [own]
    for node in reached:  # grows as it goes
        for name in _names_used(node):
            found = defined.get(name)
            if found is not None and found not in reached:
                reached.append(found)
    return reached


def _names_defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, _Function | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _names_used(node: ast.stmt) -> set[str]:
    """The names that a statement reads when it runs: not in decorators and annotations."""
    used: set[str] = set()
    waiting: list[ast.AST] = [node]
    for part in waiting:  # grows as it goes
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            used.add(part.id)
        left_out = [getattr(part, name, None) for name in ("annotation", "returns")]
        left_out += getattr(part, "decorator_list", [])
        waiting += [child for child in ast.iter_child_nodes(part) if child not in left_out]
    return used


def _span(node: ast.stmt) -> range:
    """The lines of a statement, from the `def` on."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _docstring_lines(module: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, _Function | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            lines |= set(_span(node.body[0]))
    return lines


def _lines_with_code(source: str) -> set[int]:
    """Lines that hold more than a comment, and lines of a long text; none that is blank."""
    lines, texts = set(), source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NOT_CODE:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return {line for line in lines if texts[line - 1].strip()}
