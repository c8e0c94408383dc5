"""GraphQL in a request's body or address: by its content, whatever the path is called."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    ValueNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NameNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    VariableNode,
    Visitor,
)

from client_examples.advice.recording.call import UNTOLD, Operation, Value
from client_examples.advice.recording.values import kind_of, leaves

_PERSISTED = "{ persisted }"  # in place of the name of an operation that is asked for by its hash
_BY_ID = ("documentId", "doc_id", "queryId", "query_id", "queryHash", "query_hash")
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")  # as GraphQL has it; anything else is a value
_NAMED_ROOTS = 3  # fields that stand for an operation without a name
_LITERALS = (
    IntValueNode,
    FloatValueNode,
    StringValueNode,
    BooleanValueNode,
    EnumValueNode,
    NullValueNode,
    ListValueNode,
    ObjectValueNode,
)


def asked(sent: Any) -> Iterator[tuple[Operation, list[Value]]]:
    """The operations in a decoded body, and the values of each; none if it is not GraphQL's."""
    for one in sent if isinstance(sent, list) else [sent]:
        found = _asked(one) if isinstance(one, dict) else None
        if found is None:
            return
        yield found


def _asked(sent: dict[str, Any]) -> tuple[Operation, list[Value]] | None:
    document, variables = sent.get("query"), _decoded(sent.get("variables"))
    name = sent.get("operationName") or sent.get("fb_api_req_friendly_name")  # of Meta's
    name = name if isinstance(name, str) and _NAME.fullmatch(name) else ""
    size = len(json.dumps(variables, separators=(",", ":"))) if variables else 0
    values = list(leaves("variables", variables))
    persisted = _persisted(sent)
    if isinstance(document, str) and document.strip():
        parsed = _parsed(document, name)
        if parsed is None:
            return None
        told, text, kind, literals = parsed
        written = len(document.encode())
        return Operation(told, text, kind, written, size, persisted), values + literals
    if persisted:
        return Operation(name or _PERSISTED, "", UNTOLD, 0, size, persisted), values
    return None


def _decoded(value: Any) -> Any:
    """What an address holds of it is JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value


def _persisted(sent: dict[str, Any]) -> str:
    """What stands for a document that the server has: Apollo's hash, `documentId`, Relay's `id`."""
    extensions = _decoded(sent.get("extensions"))
    apollos = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if isinstance(apollos, dict):
        return str(apollos.get("sha256Hash", _PERSISTED))
    names = (*_BY_ID, "id", "hash") if "variables" in sent else _BY_ID
    found = (str(sent[name]) for name in names if isinstance(sent.get(name), str | int))
    return next((one for one in found if kind_of(one) == "id"), "")


@lru_cache(maxsize=1_000)
def _parsed(document: str, name: str) -> tuple[str, str, str, list[Value]] | None:
    """Name, normalised text, kind and literal values of what is asked; None if it is no GraphQL."""
    try:
        parsed = parse(document, no_location=True)
    except (GraphQLError, RecursionError):
        return None
    chosen = _chosen(parsed, name)
    if chosen is None:
        return None
    text, literals = _normalised(parsed)
    told = chosen.name.value if chosen.name else _roots(chosen)
    return told, text, chosen.operation.value, literals


def _chosen(document: DocumentNode, name: str) -> OperationDefinitionNode | None:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    named = [one for one in found if one.name and one.name.value == name]
    return next(iter(named or found), None)


def _roots(operation: OperationDefinitionNode) -> str:
    """`{ author books }`: the names of the first fields, without what they are asked with."""
    roots = [one.name.value for one in operation.selection_set.selections
             if isinstance(one, FieldNode)]  # fmt: skip
    shown = list(dict.fromkeys(roots))
    more = " ..." if len(shown) > _NAMED_ROOTS else ""
    return f"{{ {' '.join(shown[:_NAMED_ROOTS])}{more} }}"


class _Literals(Visitor):
    """Takes each literal value of a document, and puts a variable in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Value] = []

    def enter(self, node: Any, key: Any, *_: Any) -> Any:
        if key != "value" or not isinstance(node, _LITERALS):
            return None
        place = f"document:{len(self.found)}"  # by its number
        self.found += [(place, one) for one in _scalars(node)]
        return VariableNode(name=NameNode(value="value"))


def _scalars(node: ValueNode) -> Iterator[str]:
    if isinstance(node, ListValueNode):
        for one in node.values:
            yield from _scalars(one)
    elif isinstance(node, ObjectValueNode):
        for member in node.fields:
            yield from _scalars(member.value)
    elif isinstance(node, IntValueNode | StringValueNode):
        yield node.value


def _normalised(document: DocumentNode) -> tuple[str, list[Value]]:
    """The document as text with a variable in place of each literal value; and these values."""
    literals = _Literals()
    return " ".join(print_ast(visit(document, literals)).split()), literals.found
