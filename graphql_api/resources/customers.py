"""Customers: queries and mutations."""

from asyncio import Future
from enum import Enum

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resources.argument_rules import (
    checked,
    checked_id,
    connection_query,
    expected,
    in_input,
    listing,
)
from graphql_api.resources.arguments import (
    ExpectedVersion,
    Given,
    Id,
    Ids,
    Offset,
    RootLimit,
)
from graphql_api.resources.connections import After, Connection, First, connection_of
from graphql_api.resources.decorators import field, mutation
from graphql_api.resources.objects import Customer
from shared import limits, models
from shared.operations import customers
from shared.reading.catalogue import CUSTOMER
from shared.reading.fetching import Record
from shared.reading.listing import CustomerQuery


@strawberry.enum(description="What customers are sorted by; equal ones by id.")
class CustomerSort(Enum):
    """The sort keys of customers."""

    ID = "id"
    ID_DESC = "-id"
    NAME = "name"
    NAME_DESC = "-name"


@strawberry.input(description="A new customer.")
class CustomerCreate:
    """Mirrors `shared.models.CustomerCreate`, which has the rules."""

    name: str
    email: str
    phone: str | None = UNSET
    address: str | None = UNSET


@strawberry.input(description="Changes of a customer: what is left out stays, null empties.")
class CustomerUpdate:
    """Mirrors `shared.models.CustomerUpdate`, which has the rules."""

    name: str | None = UNSET
    email: str | None = UNSET
    phone: str | None = UNSET
    address: str | None = UNSET


@strawberry.type
class CustomerQueries:
    """What `Query` has of customers."""

    @field(
        Customer | None,
        "The customer with this id; null if there is none.",
    )
    def customer(self, info: Info, customer_id: Id) -> Future[Record | None]:
        return info.context.one(CUSTOMER, checked_id(customer_id))

    @field(list[Customer], "A page of all customers.")
    def customers(
        self,
        info: Info,
        ids: Ids = UNSET,
        sort: CustomerSort | None = UNSET,
        limit: RootLimit = UNSET,
        offset: Offset = 0,
    ) -> Soon[list[Record]]:
        query = listing(CustomerQuery, ids=ids, sort=sort, limit=limit, offset=offset)
        fields = info.context.fields(CUSTOMER)
        return info.context.read(
            lambda connection: customers.list_customers(connection, query, fields).records
        )

    @field(Connection[Customer], "All customers, by cursors.")
    def customers_connection(
        self,
        info: Info,
        first: First = limits.DEFAULT_LIMIT,
        after: After = UNSET,
        sort: CustomerSort | None = UNSET,
    ) -> Soon[Record]:
        query = connection_query(CustomerQuery, first=first, after=after, sort=sort)
        fields = info.context.fields(CUSTOMER)
        return info.context.read(
            lambda connection: connection_of(
                query, customers.list_customers(connection, query, fields)
            )
        )


@strawberry.type
class CustomerMutations:
    """What `Mutation` has of customers."""

    @mutation(Customer, "Add a customer.")
    async def create_customer(self, info: Info, given: Given[CustomerCreate]) -> Record:
        customer, fields = checked(models.CustomerCreate, given), info.context.fields(CUSTOMER)
        with in_input():
            return await info.context.write(
                lambda connection: customers.create_customer(connection, customer, fields)
            )

    @mutation(Customer, "Change a customer.")
    async def update_customer(
        self,
        info: Info,
        customer_id: Id,
        given: Given[CustomerUpdate],
        expected_version: ExpectedVersion = UNSET,
    ) -> Record:
        row_id, changes = checked_id(customer_id), checked(models.CustomerUpdate, given)
        versions, fields = expected(info, expected_version), info.context.fields(CUSTOMER)
        with in_input():
            return await info.context.write(
                lambda connection: customers.update_customer(
                    connection, row_id, changes, fields, expected=versions
                )
            )

    @mutation(int, "Remove a customer who has no orders; gives the id.")
    async def delete_customer(
        self, info: Info, customer_id: Id, expected_version: ExpectedVersion = UNSET
    ) -> int:
        row_id, versions = checked_id(customer_id), expected(info, expected_version)
        await info.context.write(
            lambda connection: customers.delete_customer(connection, row_id, expected=versions)
        )
        return row_id
