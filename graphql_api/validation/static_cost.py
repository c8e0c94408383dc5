"""The most objects that an operation can return, as a function of its variables.

An object counts 1, plus what is selected below it. A list counts that times its greatest length:
its limit, the number of its ids, or the most items of an order. `Selection.cost` is the same for
REST's trees. For both APIs, `shared.reading.cost` adds what it costs to find the rows of a list.

Only GraphQL has aliases. Each alias of an object, of a connection's edges and of their nodes
counts. The first time, a field without fields of its own, such as a description, costs nothing;
under each further name in the same selection set it counts like an object, since it is sent again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    value_from_ast_untyped,
)

from graphql_api.validation.finding_cost import RootFinding, finding_of, whole
from shared import limits
from shared.reading.cost import Load, cost_of_offset

Fragments = Mapping[str, FragmentDefinitionNode]
Variables = Mapping[str, Any]
Cost = Callable[[Variables], Load]

INTROSPECTION: Final = frozenset({"__schema", "__type"})
# What stands between a connection and its objects (Relay's specification): no levels of their own.
WRAPPERS: Final = frozenset({"edges", "node", "pageInfo"})

# A number where no variable decides it.
_Number: TypeAlias = int | Callable[[Variables], int]
_Groups = dict[str, list[FieldNode]]
_MISSING: Final = object()


def cost_of(
    schema: GraphQLSchema, fragments: Fragments, operation: OperationDefinitionNode
) -> Cost:
    """The cost of a valid operation.

    It is worked out once, unless directives depend on variables: then for each request.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None

    def walked(variables: Variables) -> "tuple[_Number, _Walk]":
        walk = _Walk(fragments, operation, variables)
        return walk.below(root, [operation.selection_set]), walk

    cost, walk = walked({})
    if walk.is_conditional:
        return lambda variables: _load(*walked(variables), variables)
    if isinstance(cost, int) and not any(found.varies for found in walk.findings):
        constant = _load(cost, walk, {})
        return lambda _: constant
    return lambda variables: _load(cost, walk, variables)


class _Walk:
    """Walks through the fields of an operation as its execution would, with fragments expanded."""

    def __init__(
        self, fragments: Fragments, operation: OperationDefinitionNode, variables: Variables
    ) -> None:
        self._fragments = fragments
        self._variables = variables
        self._defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in operation.variable_definitions or ()
            if definition.default_value
        }
        self.is_conditional = False
        self.findings: list[RootFinding] = []

    def with_defaults(self, variables: Variables) -> Variables:
        """The given variables, and the defaults of the others."""
        return {**self._defaults, **variables} if self._defaults else variables

    def below(self, type_: GraphQLObjectType, selections: list[SelectionSetNode]) -> _Number:
        """The cost of what is selected below one object, without the object itself."""
        groups: _Groups = {}
        seen: set[str] = set()
        for selection in selections:
            self._collect(selection, groups, seen)
        leaves = [nodes[0].name.value for nodes in groups.values() if not nodes[0].selection_set]
        again = len(leaves) - len(set(leaves))
        return _sum((again, *(self._field(type_, nodes) for nodes in groups.values())))

    def _field(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> _Number:
        name = nodes[0].name.value
        sets = [node.selection_set for node in nodes if node.selection_set]
        # A page has one pageInfo, whatever the length of the list.
        if not sets or name in INTROSPECTION or name == "pageInfo":
            return 0
        field, offset = type_.fields[name], self._offset(type_, nodes[0])
        target = get_named_type(field.type)
        assert isinstance(target, GraphQLObjectType)
        below = self.below(target, sets)
        if name == "edges":  # as many as the connection is long, which counts them
            return _at_least_one(below)
        if "first" in field.args:  # its nodes count themselves; the rows are read without them too
            return _product(self._length(field, nodes[0]), _at_least_one(below))
        return _sum((offset, _product(self._length(field, nodes[0]), _sum((1, below)))))

    def _offset(self, type_: GraphQLObjectType, node: FieldNode) -> _Number:
        """What the offset of a nested list costs; those of root fields are in `findings`."""
        if type_.name == "Query":
            found = finding_of(node)
            if found is not None:
                self.findings.append(found)
            return 0
        for argument in node.arguments or ():
            if argument.name.value == "offset":
                if not isinstance(argument.value, VariableNode):
                    return cost_of_offset(whole(value_from_ast_untyped(argument.value)))
                name = argument.value.name.value
                default = self._defaults.get(name)
                return lambda variables: cost_of_offset(whole(variables.get(name, default)))
        return 0

    def _length(self, field: GraphQLField, node: FieldNode) -> _Number:
        """The most objects that a field can give."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if "first" in field.args:
            return self._limit(given.get("first"))
        if not is_list_type(get_nullable_type(field.type)):
            return 1
        if "limit" not in field.args:
            return limits.MAX_ORDER_ITEMS
        limit = self._limit(given.get("limit"))
        return self._ids(given["ids"], limit) if "ids" in given else limit

    def _limit(self, given: ValueNode | None) -> _Number:
        if isinstance(given, IntValueNode):
            return _most(int(given.value))
        if not isinstance(given, VariableNode):  # left out, or null
            return limits.DEFAULT_LIMIT
        name, default = given.name.value, self._defaults.get(given.name.value)
        return lambda variables: _most(variables.get(name, default))

    def _ids(self, given: ValueNode, limit: _Number) -> _Number:
        if isinstance(given, ListValueNode):
            return min(len(given.values), limits.MAX_IDS)
        if isinstance(given, NullValueNode):
            return limit
        if not isinstance(given, VariableNode):
            return 1  # one value stands for a list of one
        name, default = given.name.value, self._defaults.get(given.name.value)

        def length(variables: Variables) -> int:
            ids = variables.get(name, default)
            if ids is None:
                return _at(limit, variables)
            return min(len(ids), limits.MAX_IDS) if isinstance(ids, list) else 1

        return length

    def _collect(self, selections: SelectionSetNode, groups: _Groups, seen: set[str]) -> None:
        for node in selections.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                groups.setdefault(key, []).append(node)
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    self._collect(fragment.selection_set, groups, seen)
            elif isinstance(node, InlineFragmentNode):
                self._collect(node.selection_set, groups, seen)

    def _is_included(self, node: Any) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                condition = directive.arguments[0].value
                if isinstance(condition, VariableNode):
                    self.is_conditional = True
                    variable = condition.name.value
                    value = self._variables.get(variable, self._defaults.get(variable, _MISSING))
                else:
                    value = condition.value
                if value is (name == "skip"):
                    return False
        return True


def _load(cost: _Number, walk: _Walk, variables: Variables) -> Load:
    given = walk.with_defaults(variables)
    findings = tuple([one for found in walk.findings if (one := found(given)) is not None])
    return Load(_at(cost, variables) + sum(found.cost for found in findings), findings)


def _most(value: Any) -> int:
    """The most objects that a limit allows; execution refuses limits that are out of range."""
    if value is None:
        return limits.DEFAULT_LIMIT
    return max(0, min(whole(value), limits.MAX_LIMIT))


def _at(number: _Number, variables: Variables) -> int:
    return number if isinstance(number, int) else number(variables)


def _sum(numbers: Iterable[_Number]) -> _Number:
    known, unknown = 0, []
    for number in numbers:
        if isinstance(number, int):
            known += number
        else:
            unknown.append(number)
    if not unknown:
        return known
    return lambda variables: known + sum(number(variables) for number in unknown)


def _at_least_one(number: _Number) -> _Number:
    if isinstance(number, int):
        return max(1, number)
    return lambda variables: max(1, number(variables))


def _product(length: _Number, cost: _Number) -> _Number:
    if isinstance(length, int) and isinstance(cost, int):
        return length * cost
    return lambda variables: _at(length, variables) * _at(cost, variables)
