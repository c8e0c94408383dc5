"""Errors for values that do not fit their type, worded as the bookstore's own rules are.

graphql-core decides whether a value fits; this says where it does not, and what would.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NoReturn, cast

from graphql import (
    ArgumentNode,
    ConstValueNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLLeafType,
    GraphQLSchema,
    GraphQLType,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValidationRule,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    assert_leaf_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    print_ast,
    type_from_ast,
)
from graphql.utilities.validate_input_value import validate_input_literal

from graphql_api.validation.hidden_suggestions import GOT, ONE_OF, REQUIRED, UNKNOWN, discreet
from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.rules.sent_numbers import SentNumber
from shared.rules.values import shown

Path = tuple[str | int, ...]

_KINDS: Final = {
    "Int": "a whole number of at most 32 bits",
    "Float": "a number",
    "String": "a string",
    "Boolean": "true or false",
}
_NUMBERS: Final = (int, float, SentNumber)
_MOST_SHOWN: Final = 60  # characters of a literal that an error repeats


class ValuesRule(ValidationRule):
    """Checks that literals fit their types; replaces graphql-core's `ValuesOfCorrectTypeRule`."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Check what an argument is given."""
        self._check(node.name.value, node.value)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Check the default of a variable."""
        if node.default_value:
            self._check(node.variable.name.value, node.default_value)

    def _check(self, name: str, literal: ValueNode) -> None:
        type_ = self.context.get_input_type()
        if type_ is None:
            return  # an unknown argument, or one of a type that is none: other rules say so
        try:
            validate_input_literal(literal, type_, _stop)
        except _Unfit as unfit:
            found = violations(_opened(literal), type_, (name,))
            if self.context.hide_suggestions:
                found = discreet(found)
            self.report_error(values_error(found, literal) if found else unfit.error)


class _Unfit(Exception):
    """A literal does not fit its type."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__()
        self.error = error


def _stop(error: GraphQLError, _: object) -> NoReturn:
    # The first error is enough to know; thousands of them would take their time.
    raise _Unfit(error)


def variable_errors(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    given: Mapping[str, Any],
    *,
    hide_suggestions: bool = False,
) -> list[GraphQLError]:
    """What is wrong with the variables of an operation, an error for each, up to a limit."""
    errors = []
    for definition in operation.variable_definitions or ():
        name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
        if name in given:
            found = violations(given[name], type_, (name,))
        elif is_non_null_type(type_) and not definition.default_value:
            found = [Violation((name,), REQUIRED)]
        else:
            found = []
        if hide_suggestions:
            found = discreet(found)
        if found:
            errors.append(values_error(found, definition))
        if len(errors) == limits.MAX_VIOLATIONS:
            break
    return errors


def violations(value: Any, type_: GraphQLType | None, path: Path) -> list[Violation]:
    """Where and why a value does not fit a type, as far as one error can say."""
    return list(islice(_violations(value, type_, path), limits.MAX_VIOLATIONS))


def values_error(found: Sequence[Violation], node: Node) -> GraphQLError:
    """An error at a place of the document, whose cause tells code and fields."""
    cause = ValidationFailed(found)
    return GraphQLError(cause.message, node, original_error=cause)


def _opened(node: ValueNode) -> Any:
    """A literal as dicts and lists; its leaves stay nodes, which tell `1` from `"1"`."""
    if isinstance(node, ObjectValueNode):
        return {field.name.value: _opened(field.value) for field in node.fields}
    if isinstance(node, ListValueNode):
        return [_opened(value) for value in node.values]
    return None if isinstance(node, NullValueNode) else node


def _violations(value: Any, type_: Any, path: Path) -> Iterator[Violation]:
    if isinstance(value, VariableNode):
        return  # its value is checked where it is given
    if is_non_null_type(type_):
        if value is None:
            yield Violation(path, "must not be null")
        else:
            yield from _violations(value, type_.of_type, path)
    elif value is None:
        return
    elif is_list_type(type_):
        if isinstance(value, list):
            for position, item in enumerate(value):
                yield from _violations(item, type_.of_type, (*path, position))
        else:
            yield from _violations(value, type_.of_type, path)  # stands for a list of one
    elif is_input_object_type(type_):
        yield from _of_members(value, type_, path)
    elif not _fits(value, assert_leaf_type(type_)):
        yield Violation(path, f"{_wanted(type_, value)}{GOT}{_written(value)}")


def _of_members(value: Any, type_: GraphQLInputObjectType, path: Path) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield Violation(path, f"must be an object, got {_written(value)}")
        return
    for name, field in type_.fields.items():
        if name in value:
            yield from _violations(value[name], field.type, (*path, name))
        elif is_required_input_field(field):
            yield Violation((*path, name), REQUIRED)
    for name in value:
        if name not in type_.fields:
            known = ", ".join(type_.fields)
            yield Violation((*path, name), f"{UNKNOWN}: known are {known}")


def _fits(value: Any, leaf: GraphQLLeafType) -> bool:
    try:
        if not isinstance(value, ValueNode):
            leaf.coerce_input_value(value)
        elif leaf.coerce_input_literal is not None:
            leaf.coerce_input_literal(cast("ConstValueNode", value))  # it has no variables
        else:
            leaf.parse_literal(value)
    except Exception:  # whatever a scalar raises, it does not want the value
        return False
    return True


def _wanted(leaf: GraphQLLeafType, value: Any) -> str:
    if is_enum_type(leaf):
        unquoted = ", without quotes" if isinstance(value, StringValueNode) else ""
        return f"{ONE_OF}{', '.join(leaf.values)}{unquoted}"
    kind = _KINDS.get(leaf.name, leaf.name)
    if leaf.name == "Float" and type(value) in _NUMBERS:
        kind += " that 64 bits hold"
    return f"must be {kind}"


def _written(value: Any) -> str:
    if isinstance(value, StringValueNode):
        return shown(value.value)
    if isinstance(value, ValueNode):
        text = print_ast(value)
        return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return shown(value)
