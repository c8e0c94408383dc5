"""Connections in plans: what a query selects of edges, cursors and page info."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from graphql import GraphQLObjectType, get_named_type

from graphql_api.planning.field_collection import Collector, Group, Unplannable, Variables
from graphql_api.resources.names import camel

_MEMBERS: Final[Mapping[str, str]] = {
    camel(name): name
    for name in (
        *("edges", "cursor", "node", "page_info"),
        *("has_next_page", "has_previous_page", "start_cursor", "end_cursor"),
    )
}


class Member(NamedTuple):
    """A member of a page in the answer.

    Attributes:
        name: the member's name in what `connection_of` gives; None for `__typename`.
        text: the name of the type.
        below: what is selected of it; None where it has no fields.
    """

    key: str
    name: str | None
    text: str = ""
    below: "Shape | None" = None


Shape = tuple[Member, ...]


def shape_of(
    collector: Collector, type_: GraphQLObjectType, group: Group, values: Variables
) -> tuple[Shape, Group | None, GraphQLObjectType]:
    """What a field selects of a page, and the field that selects its objects, if there is one.

    Raises:
        Unplannable: the objects are selected more than once, by aliases, or nothing is selected.
    """
    nodes: list[Group] = []

    def shape(type_: GraphQLObjectType, group: Group) -> Shape:
        groups = collector.groups(group.selection_sets, values)
        return tuple([member(type_, below) for below in groups])

    def member(type_: GraphQLObjectType, group: Group) -> Member:
        if group.name == "__typename":
            return Member(group.key, None, type_.name)
        name = _MEMBERS[group.name]
        below = cast("GraphQLObjectType", get_named_type(type_.fields[group.name].type))
        if name == "node":
            nodes.append(group)
        elif group.selection_sets:
            return Member(group.key, name, below=shape(below, group))
        return Member(group.key, name)

    found = shape(type_, group)
    if len(nodes) > 1 or not found:
        raise Unplannable
    edge = cast("GraphQLObjectType", get_named_type(type_.fields["edges"].type))
    target = cast("GraphQLObjectType", get_named_type(edge.fields["node"].type))
    return found, nodes[0] if nodes else None, target


def shaped(shape: Shape, page: Mapping[str, Any]) -> dict[str, Any]:
    """What is selected of a page, or of a part of it."""
    return {member.key: _value(member, page) for member in shape}


def _value(member: Member, page: Mapping[str, Any]) -> Any:
    if member.name is None:
        return member.text
    value, below = page[member.name], member.below
    if below is None:
        return value
    if isinstance(value, list):
        return [shaped(below, part) for part in value]
    return shaped(below, value)
