"""Collects the fields of an operation by response key: fragments opened, directives applied.

After "Field Collection" of the GraphQL specification (6.3.2), for documents that are valid.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

Variables = Mapping[str, Any]


class Unplannable(Exception):
    """This operation cannot be planned; resolvers execute it, as they can any."""


@dataclass(frozen=True)
class Group:
    """The fields with one response key; validation has ensured that they ask for the same."""

    key: str
    node: FieldNode
    selection_sets: list[SelectionSetNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.node.name.value


class Collector:
    """Collects the fields of a document's selection sets."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def groups(self, selection_sets: Iterable[SelectionSetNode], values: Variables) -> list[Group]:
        """The fields by response key, in the order of the answer.

        Raises:
            Unplannable: a directive is not known here.
        """
        groups: dict[str, Group] = {}
        spread: set[str] = set()  # each once, or fragments that spread others twice never end
        for selection_set in selection_sets:
            for node in self._fields(selection_set, values, spread):
                key = (node.alias or node.name).value
                group = groups.setdefault(key, Group(key, node))
                if node.selection_set:
                    group.selection_sets.append(node.selection_set)
        return list(groups.values())

    def _fields(
        self, selection_set: SelectionSetNode, values: Variables, spread: set[str]
    ) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if not _is_included(node, values):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set, values, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments[node.name.value]
                yield from self._fields(fragment.selection_set, values, spread)

    def structural_variables(self, operation: OperationDefinitionNode) -> list[str]:
        """The variables on which the selections depend: of directives and of nested arguments.

        The arguments of a root field do not change what is selected.
        """
        found: set[str] = set()
        sets = [(operation.selection_set, True)]
        sets += [(f.selection_set, _is_of_query(f)) for f in self._fragments.values()]
        while sets:
            selection_set, is_root = sets.pop()
            for node in selection_set.selections:
                found.update(variables_in(node.directives or ()))
                if isinstance(node, FieldNode) and not is_root:
                    found.update(variables_in(node.arguments or ()))
                below = getattr(node, "selection_set", None)
                if below is not None:
                    sets.append((below, is_root and isinstance(node, InlineFragmentNode)))
        return sorted(found)


def _is_of_query(fragment: FragmentDefinitionNode) -> bool:
    return fragment.type_condition.name.value == "Query"


def variables_in(nodes: Iterable[Any]) -> Iterator[str]:
    """The variables in the arguments, or in those of the directives, wherever they stand."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            yield node.name.value
        for name in ("arguments", "value", "values", "fields"):
            below = getattr(node, name, None)
            if below is not None and not isinstance(below, str | bool):
                waiting.extend(below if isinstance(below, tuple | list) else [below])


def _is_included(node: SelectionNode, values: Variables) -> bool:
    is_included = True
    for directive in node.directives or ():  # all of them: each may have a value that is refused
        name = directive.name.value
        if name not in ("include", "skip"):
            raise Unplannable
        if _condition(directive, values) is (name == "skip"):
            is_included = False
    return is_included


def _condition(directive: DirectiveNode, values: Variables) -> bool:
    value = (directive.arguments or ())[0].value  # validation has seen that there is one
    if isinstance(value, BooleanValueNode):
        return value.value
    if isinstance(value, VariableNode) and type(values.get(value.name.value)) is bool:
        return bool(values[value.name.value])
    raise Unplannable
