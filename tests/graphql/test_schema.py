"""The schema: exported as it is, and in step with the bookstore that it shows."""

from enum import Enum

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_non_null_type,
    is_required_input_field,
)

from graphql_api.resources import authors, books, customers, orders
from graphql_api.resources.names import camel
from graphql_api.schema import EXPORT, executable, text
from shared import models
from shared.models import Input
from shared.reading.catalogue import ENTITIES
from shared.reading.listing import (
    AuthorQuery,
    BookQuery,
    CustomerQuery,
    ListQuery,
    OrderQuery,
    SortRule,
)

INPUTS = [
    models.AuthorCreate,
    models.AuthorUpdate,
    models.BookCreate,
    models.BookUpdate,
    models.CustomerCreate,
    models.CustomerUpdate,
    models.OrderCreate,
    models.OrderItemCreate,
]
TYPES = {"OrderItem": "order_item", **{name.title(): name for name in ENTITIES if "_" not in name}}
OWN = [type_ for name, type_ in executable.type_map.items() if not name.startswith("__")]


def test_the_committed_file_is_what_the_code_exports() -> None:
    assert EXPORT.read_text() == text(), "run python -m graphql_api.schema"


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_the_fields_and_relations_of_its_entity(name: str) -> None:
    entity, type_ = ENTITIES[TYPES[name]], executable.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    plain = {n for n, field in type_.fields.items() if is_leaf_type(get_named_type(field.type))}
    assert plain == {camel(field) for field in entity.fields}
    assert type_.fields.keys() - plain == set(entity.relations)


@pytest.mark.parametrize("model", INPUTS, ids=lambda model: model.__name__)
def test_an_input_has_the_members_of_its_model(model: type[Input]) -> None:
    type_ = executable.type_map[model.__name__]
    assert isinstance(type_, GraphQLInputObjectType)
    # What is read only has no place here: an answer is no input.
    members = {n: field for n, field in model.model_fields.items() if n not in model.read_only}
    assert list(type_.fields) == [camel(name) for name in members]
    for name, field in members.items():
        assert is_required_input_field(type_.fields[camel(name)]) == field.is_required(), name


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        (AuthorQuery, authors.AuthorSort),
        (BookQuery, books.BookSort),
        (CustomerQuery, customers.CustomerSort),
        (OrderQuery, orders.OrderSort),
    ],
)
def test_sorts_are_those_of_the_bookstore(query: type[ListQuery], sort: type[Enum]) -> None:
    assert [member.value for member in sort] == SortRule(query.entity).keys


@pytest.mark.parametrize(
    ("query", "filters"), [(BookQuery, books.BookFilter), (OrderQuery, orders.OrderFilter)]
)
def test_filters_are_those_of_the_bookstore(query: type[ListQuery], filters: type) -> None:
    type_ = executable.type_map[filters.__name__]
    assert isinstance(type_, GraphQLInputObjectType)
    assert list(type_.fields) == [camel(name) for name in query.conditions]


@pytest.mark.parametrize("name", ["authors", "books", "customers", "orders"])
def test_a_list_has_its_pages_by_cursors_beside_it(name: str) -> None:
    query = executable.query_type
    assert query
    listed, paged = query.fields[name], query.fields[f"{name}Connection"]
    cut = {"ids", "limit", "offset"}
    assert paged.args.keys() - {"first", "after"} == listed.args.keys() - cut
    for shared in paged.args.keys() & listed.args.keys():
        assert paged.args[shared].type == listed.args[shared].type
    edges = get_named_type(paged.type).fields["edges"]
    node = get_named_type(edges.type).fields["node"]
    assert is_non_null_type(node.type)
    assert get_named_type(node.type) == get_named_type(listed.type)


def test_an_order_has_the_same_words_for_its_status_as_in_rest() -> None:
    type_ = executable.type_map["OrderStatus"]
    assert isinstance(type_, GraphQLEnumType)
    assert list(type_.values) == [str(status) for status in models.OrderStatus]


@pytest.mark.parametrize("type_", OWN, ids=str)
def test_types_and_their_fields_are_described(type_: object) -> None:
    roots = (executable.query_type, executable.mutation_type, executable.subscription_type)
    if type_ not in roots:
        assert type_.description
    if isinstance(type_, GraphQLObjectType):
        assert all(field.description for field in type_.fields.values())


def test_lists_have_no_gaps() -> None:
    for type_ in OWN:
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                inner = field.type
                if is_non_null_type(inner) and hasattr(inner.of_type, "of_type"):
                    assert is_non_null_type(inner.of_type.of_type), f"{type_}.{name}"
