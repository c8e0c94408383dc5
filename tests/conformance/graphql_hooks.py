"""What schemathesis is told beyond the GraphQL schema, which says types but no rules.

A document that keeps the schema is given values that keep the rules too, so that a refusal of its
values is a failure. One that breaks the schema on purpose stays as it was made.
"""

from collections.abc import Callable
from typing import Any

import graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import Failure
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLClientError, GraphQLServerError

from shared import limits
from shared.reading.catalogue import ENTITIES
from tests.conformance import values

Values = st.SearchStrategy[Any]

# Which rule each argument and each member of an input keeps, by its name.
RULES: dict[str, Values] = {
    **dict.fromkeys(["id", "authorId", "bookId", "customerId", "orderId"], values.ids()),
    **dict.fromkeys(["limit", "first"], st.integers(1, 3) | st.integers(1, limits.MAX_LIMIT)),
    "offset": st.integers(0, limits.MAX_OFFSET),
    **dict.fromkeys(["price", "minPrice", "maxPrice"], values.amounts()),  # two decimals
    "stock": st.integers(0, limits.MAX_STOCK),
    "quantity": st.integers(1, 3) | st.integers(1, limits.MAX_QUANTITY),
    "isbn": values.isbns(),  # its check digit
    "email": values.emails(),
    **dict.fromkeys(["name", "title"], values.names(limits.MAX_NAME)),
    **dict.fromkeys(["bio", "description"], values.texts(1, limits.MAX_TEXT)),
    "genre": values.names(limits.MAX_GENRE),
    "phone": values.texts(1, limits.MAX_PHONE),
    "address": values.texts(1, limits.MAX_ADDRESS),
    **dict.fromkeys(["search", "query"], values.texts(limits.MIN_SEARCH, limits.MAX_SEARCH)),
    "expectedVersion": st.integers(1, 3),
    "idempotencyKey": values.keys(),
}
NODES: dict[type[graphql.ValueNode], Callable[[Any], graphql.ValueNode]] = {
    graphql.IntValueNode: nodes.Int,
    graphql.FloatValueNode: nodes.Float,
    graphql.StringValueNode: nodes.String,
}
# Members of an input that null empties; for the others it is refused.
MAY_BE_EMPTY = {"bio", "description", "phone", "address"}
# What `ids` exclude.
NOT_WITH_IDS = {"limit", "offset", "sort", "filter"}
# What the lists by cursors list.
LISTED = {f"{name}sConnection": entity for name, entity in ENTITIES.items()}
# What only the bookstore's rows decide, or the limit of what a request may cost.
DECIDED_BY_ROWS = {
    "NOT_FOUND",  # nothing to change or to remove has this id
    "UNKNOWN_REFERENCE",  # an author, a book or a customer that does not exist
    "DUPLICATE",  # an e-mail address or an ISBN that is taken
    "IN_USE",  # others refer to what is to be removed
    "OUT_OF_STOCK",  # fewer copies than ordered
    "INVALID_TRANSITION",  # not that status from this one
    "PRECONDITION_FAILED",  # `expectedVersion` is not the present one
    "IDEMPOTENCY_MISMATCH",  # the key was used for another order
    "TOO_COMPLEX",  # the most objects of all lists multiply
}


@schemathesis.hook
def flatmap_body(context: schemathesis.HookContext, body: graphql.DocumentNode) -> Values:
    """The document with values that keep the rules, if it keeps the schema."""
    assert context.operation is not None
    kept = not graphql.validate(context.operation.schema.client_schema, body)
    return _fitting(body) if kept else st.just(body)


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext,
    failure: Failure,
    case: schemathesis.Case,
    response: schemathesis.Response,
) -> bool:
    """Every failure counts, but for refusals that only the rows decide."""
    if not isinstance(failure, GraphQLClientError | GraphQLServerError):
        return True
    return any(error["extensions"]["code"] not in DECIDED_BY_ROWS for error in failure.errors)


@st.composite
def _fitting(draw: st.DrawFn, body: graphql.DocumentNode) -> graphql.DocumentNode:
    return graphql.visit(body, _Fitting(draw))


class _Fitting(graphql.Visitor):
    """Gives each field of a document arguments that keep the rules."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__()
        self.draw = draw

    def leave_field(self, node: graphql.FieldNode, *_: Any) -> graphql.FieldNode | None:
        given = {argument.name.value: argument.value for argument in node.arguments}
        fitted = {name: self.fit(name, value) for name, value in given.items()}
        if _is_given(fitted.get("ids")):
            fitted = {n: value for n, value in fitted.items() if n not in NOT_WITH_IDS}
        if _is_given(fitted.get("after")):
            fitted["after"] = nodes.String(self.draw(_cursors(node.name.value, fitted.get("sort"))))
        arguments = [
            graphql.ArgumentNode(name=graphql.NameNode(value=name), value=value)
            for name, value in fitted.items()
        ]
        return _changed(node, arguments=tuple(arguments)) if arguments else None

    def fit(self, name: str, value: graphql.ValueNode) -> graphql.ValueNode:
        """A value of the same kind that keeps the rule of this name."""
        if name == "items":
            return nodes.List([_item(*one) for one in self.draw(ITEMS)])
        if name == "ids" and _is_given(value):
            return nodes.List([nodes.Int(one) for one in self.draw(IDS)])
        if isinstance(value, graphql.ObjectValueNode):
            members = [(member.name.value, member.value) for member in value.fields]
            return nodes.Object(
                [
                    _member(inner, self.fit(inner, one))
                    for inner, one in members
                    if _is_given(one) or name != "input" or inner in MAY_BE_EMPTY
                ]
            )
        if name in RULES and type(value) in NODES:
            return NODES[type(value)](self.draw(RULES[name]))
        return value


IDS = st.lists(values.ids(), min_size=1, max_size=limits.MAX_IDS)
# An order has 1 to 20 items, each another book.
ITEMS = st.lists(
    st.tuples(RULES["bookId"], RULES["quantity"]),
    min_size=1,
    max_size=limits.MAX_ORDER_ITEMS,
    unique_by=lambda item: item[0],
)


def _item(book: int, quantity: int) -> graphql.ObjectValueNode:
    return nodes.Object(
        [_member("bookId", nodes.Int(book)), _member("quantity", nodes.Int(quantity))]
    )


def _member(name: str, value: graphql.ValueNode) -> graphql.ObjectFieldNode:
    return graphql.ObjectFieldNode(name=graphql.NameNode(value=name), value=value)


def _is_given(value: graphql.ValueNode | None) -> bool:
    return value is not None and not isinstance(value, graphql.NullValueNode)


def _cursors(field: str, sort: graphql.ValueNode | None) -> st.SearchStrategy[str]:
    """A cursor continues the list that was sorted in the same way."""
    key = sort.value.lower() if isinstance(sort, graphql.EnumValueNode) else "id"
    if key.endswith("_desc"):
        key = f"-{key.removesuffix('_desc')}"
    column = LISTED[field].sorts[key.removeprefix("-")]
    return values.cursors(key, column.type.python_type)


def _changed(node: Any, **changes: Any) -> Any:
    """A copy with other attributes: nodes are immutable."""
    return type(node)(**{key: getattr(node, key) for key in node.keys} | changes)
