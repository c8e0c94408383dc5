"""Customers: queries and mutations."""

from asyncio import Future
from enum import Enum

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field, mutation
from graphql_api.resources.argument_rules import checked, checked_id, connection_query, listing
from graphql_api.resources.arguments import ExpectedVersion, Given, Id, Ids, Offset, RootLimit
from graphql_api.resources.connections import After, Connection, First
from graphql_api.resources.objects import Customer
from graphql_api.resources.operation_calls import create, delete, read_connection, read_list, update
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
    """The fields of `Query` for customers."""

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
        return read_list(info, CUSTOMER, query, customers.list_customers)

    @field(Connection[Customer], "All customers, by cursors.")
    def customers_connection(
        self,
        info: Info,
        first: First = limits.DEFAULT_LIMIT,
        after: After = UNSET,
        sort: CustomerSort | None = UNSET,
    ) -> Soon[Record]:
        query = connection_query(CustomerQuery, first=first, after=after, sort=sort)
        return read_connection(info, CUSTOMER, query, customers.list_customers)


@strawberry.type
class CustomerMutations:
    """The fields of `Mutation` for customers."""

    @mutation(Customer, "Add a customer.")
    async def create_customer(self, info: Info, given: Given[CustomerCreate]) -> Record:
        return await create(
            info, CUSTOMER, checked(models.CustomerCreate, given), customers.create_customer
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
        return await update(
            info, CUSTOMER, row_id, changes, expected_version, customers.update_customer
        )

    @mutation(int, "Remove a customer who has no orders; gives the id.")
    async def delete_customer(
        self, info: Info, customer_id: Id, expected_version: ExpectedVersion = UNSET
    ) -> int:
        return await delete(info, customer_id, expected_version, customers.delete_customer)
