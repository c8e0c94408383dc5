"""Puts the functions of a screen's module into JavaScript: those few forms that arms are made of.

What an arm asks an API for becomes a promise that is awaited, one after the other where a
comprehension asks. A condition can only be whether a list has members. What has no form here is
refused by name and line, so that nothing is put wrong silently.
"""

import ast
import json
from collections.abc import Callable, Sequence
from typing import Any

_API = "api"  # what every arm calls its first argument
_WIDTH = 96
_INDENT = "  "
_METHODS = {"get": "get", "get_all": "getAll", "query": "query"}


class NotTranslatable(Exception):
    """A form of Python that has no counterpart here."""


def function(node: ast.FunctionDef, *, exported: bool) -> str:
    """The function in JavaScript, its docstring as a comment above it."""
    awaits = any(argument.arg == _API for argument in node.args.args)
    said = (ast.get_docstring(node) or "").partition("\n")[0]
    comment = f"/** {said} */\n" if said else ""
    begins = f"{'export ' * exported}{'async ' * awaits}function {node.name}({_parameters(node)})"
    body = node.body[1:] if said else node.body
    lines = "\n".join(_INDENT + _statement(one) for one in body)
    return f"{comment}{begins} {{\n{lines}\n}}"


def constant(value: object) -> str:
    """A constant of the module: a number, a text, or a tuple of them."""
    return json.dumps(value, ensure_ascii=False)


def _parameters(node: ast.FunctionDef) -> str:
    arguments = node.args.args
    defaults = [None] * (len(arguments) - len(node.args.defaults)) + node.args.defaults
    return ", ".join(
        argument.arg + (f" = {expression(default)}" if default is not None else "")
        for argument, default in zip(arguments, defaults, strict=True)
    )


def _statement(node: ast.stmt) -> str:
    match node:
        case ast.Return(value=value) if value is not None:
            return f"return {expression(value, 1)};"
        case ast.Assign(targets=[target], value=value):
            return f"const {expression(target)} = {expression(value, 1)};"
        case ast.AnnAssign(target=target, value=value) if value is not None:
            return f"const {expression(target)} = {expression(value, 1)};"
    raise _refused(node)


def expression(node: ast.expr, depth: int = 0) -> str:
    """One expression; `depth` is how far the lines that it may need are indented."""
    translate = _FORMS.get(type(node))
    if translate is None:
        raise _refused(node)
    return translate(node, depth)


def _subscript(node: ast.Subscript, depth: int) -> str:
    value = expression(node.value, depth)
    if value.startswith("await "):
        value = f"({value})"
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return f"{value}.{node.slice.value}"
    return f"{value}[{expression(node.slice, depth)}]"


def _template(node: ast.JoinedStr, depth: int) -> str:
    parts = [
        f"${{{expression(part.value, depth)}}}"
        if isinstance(part, ast.FormattedValue)
        else ast.literal_eval(part)
        for part in node.values
    ]
    return f"`{''.join(parts)}`"


def _object(node: ast.Dict, depth: int) -> str:
    members = []
    for key, value in zip(node.keys, node.values, strict=True):
        text = expression(value, depth + 1)
        if key is None:
            members.append(f"...{text}")
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            members.append(text if key.value == text else f"{key.value}: {text}")
        else:
            members.append(f"[{expression(key, depth + 1)}]: {text}")
    return _listed("{ ", members, " }", depth)


def _array(node: ast.List | ast.Tuple, depth: int) -> str:
    return _listed("[", [expression(one, depth + 1) for one in node.elts], "]", depth)


def _listed(begin: str, members: Sequence[str], end: str, depth: int) -> str:
    """On one line where that is short, else a line for each."""
    line = f"{begin}{', '.join(members)}{end}"
    if "\n" not in line and len(line) + len(_INDENT) * depth < _WIDTH - 24:
        return line
    inner = _INDENT * (depth + 1)
    rows = "".join(f"{inner}{member},\n" for member in members)
    return f"{begin.strip()}\n{rows}{_INDENT * depth}{end.strip()}"


def _list_of(node: ast.ListComp | ast.GeneratorExp, depth: int) -> str:
    return _mapped(node.generators, node.elt, expression(node.elt, depth), depth)


def _dict_of(node: ast.DictComp, depth: int) -> str:
    pair = f"[{expression(node.key, depth)}, {expression(node.value, depth)}]"
    return f"Object.fromEntries({_mapped(node.generators, node.value, pair, depth)})"


def _mapped(
    generators: Sequence[ast.comprehension], element: ast.expr, text: str, depth: int
) -> str:
    """The list that a comprehension makes; what it asks for is asked one after the other."""
    first, *rest = generators
    if first.ifs or first.is_async:
        raise _refused(first.target)
    name, values = expression(first.target), expression(first.iter, depth)
    if rest:
        return f"{values}.flatMap(({name}) => {_mapped(rest, element, text, depth)})"
    if _asks(element):
        return f"await inTurn({values}, async ({name}) => {text})"
    if text.startswith("{"):
        text = f"({text})"
    return f"{values}.map(({name}) => {text})"


def _asks(node: ast.expr) -> bool:
    """Whether it asks an API for something."""
    return any(isinstance(one, ast.Name) and one.id == _API for one in ast.walk(node))


def _call(node: ast.Call, depth: int) -> str:
    match node.func, node.args:
        case ast.Name("list"), [ast.Call(func=made, args=[keys])] if _is_from_keys(made):
            return f"[...new Set({expression(keys, depth)})]"
        case ast.Name("dict"), [pairs]:
            return f"Object.fromEntries({expression(pairs, depth)})"
        case ast.Name(name), args:
            # `strict=True` of zip goes: the one here is always strict
            values = ", ".join(expression(one, depth) for one in args)
            return f"{'new ' * (name == 'Get')}{name}({values})"
        case ast.Attribute(ast.Name("api"), method), args if method in _METHODS:
            named = _keywords(node.keywords, depth)
            values = ", ".join([*(expression(one, depth) for one in args), *named])
            return f"await {_API}.{_METHODS[method]}({values})"
    raise _refused(node)


def _is_from_keys(node: ast.expr) -> bool:
    return ast.unparse(node) == "dict.fromkeys"


def _keywords(keywords: Sequence[ast.keyword], depth: int) -> list[str]:
    """Keyword arguments as one object behind the others."""
    if not keywords:
        return []
    if len(keywords) == 1 and keywords[0].arg is None:
        return [expression(keywords[0].value, depth)]
    keys = [None if one.arg is None else ast.Constant(one.arg) for one in keywords]
    return [_object(ast.Dict(list(keys), [one.value for one in keywords]), depth)]


def _conditional(node: ast.IfExp, depth: int) -> str:
    test, then, other = (expression(one, depth) for one in (node.test, node.body, node.orelse))
    return f"{test}.length ? {then} : {other}"


def _refused(node: ast.stmt | ast.expr) -> NotTranslatable:
    return NotTranslatable(
        f"line {node.lineno}: {ast.unparse(node)!r} has no form in JavaScript here; write it as "
        "other arms do, or teach client_examples/browser_arms/translation.py"
    )


_FORMS: dict[type[ast.expr], Callable[[Any, int], str]] = {
    ast.Constant: lambda node, _: constant(node.value),
    ast.Name: lambda node, _: str(node.id),
    ast.Starred: lambda node, depth: f"...{expression(node.value, depth)}",
    ast.Attribute: lambda node, depth: f"{expression(node.value, depth)}.{node.attr}",
    ast.Subscript: _subscript,
    ast.JoinedStr: _template,
    ast.Dict: _object,
    ast.List: _array,
    ast.Tuple: _array,
    ast.ListComp: _list_of,
    ast.GeneratorExp: _list_of,
    ast.DictComp: _dict_of,
    ast.Call: _call,
    ast.IfExp: _conditional,
}
