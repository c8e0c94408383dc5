"""Customers over REST."""

from rest_api.framework import Resource
from rest_api.openapi.operation_responses import changed, created, deleted, one, page_of, replaced
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import reading, shown, writing
from rest_api.web.parameters import CustomerFields, CustomerList, IdPath, OrdersOfCustomerList
from rest_api.web.preconditions import expected, unless_known
from rest_api.web.responses import (
    represent_created,
    represent_one,
    represent_page,
    represent_replaced,
)
from shared.models import Customer, CustomerCreate, CustomerReplace, CustomerUpdate, OrderSummary
from shared.operations import customers as bookstore
from shared.operations.orders import list_orders_of_customer as orders_of_customer
from shared.reading.catalogue import CUSTOMER

customers = Resource("customers", "Customers, and the orders that each has placed.")


@customers.get("/customers", responses=page_of(Customer))
def list_customers(query: CustomerList) -> Answer:
    """List customers.

    A page of all customers, or those with the `ids`.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = bookstore.list_customers(connection, query, view.selection)
    return represent_page(page, query, view)


@customers.post("/customers", responses=created(Customer))
def create_customer(query: CustomerFields, body: CustomerCreate) -> Answer:
    """Add a customer.

    The e-mail address must be new.
    """
    view = shown(query)
    with writing() as connection:
        customer = bookstore.create_customer(connection, body, view.tagged)
    return represent_created(customer, view)


@customers.get("/customers/<id>", responses=one(Customer))
def get_customer(path: IdPath, query: CustomerFields) -> Answer:
    """Get a customer.

    With `fields`, only these members, and those of their orders.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        unless_known(connection, view, path.id)
        customer = bookstore.get_customer(connection, path.id, view.tagged)
    return represent_one(customer, view)


@customers.put("/customers/<id>", responses=replaced(Customer))
def replace_customer(path: IdPath, query: CustomerFields, body: CustomerReplace) -> Answer:
    """Replace a customer.

    What the body leaves out becomes empty.
    """
    view, versions = shown(query), expected(CUSTOMER, path.id)
    with writing() as connection:
        customer = bookstore.replace_customer(
            connection, path.id, body, view.tagged, expected=versions
        )
    return represent_replaced(customer, view)


@customers.patch("/customers/<id>", responses=changed(Customer))
def update_customer(path: IdPath, query: CustomerFields, body: CustomerUpdate) -> Answer:
    """Change a customer.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    view, versions = shown(query), expected(CUSTOMER, path.id)
    with writing() as connection:
        customer = bookstore.update_customer(
            connection, path.id, body, view.tagged, expected=versions
        )
    return represent_one(customer, view)


@customers.delete("/customers/<id>", responses=deleted())
def delete_customer(path: IdPath) -> Answer:
    """Delete a customer.

    One who has orders stays: 409.
    """
    versions = expected(CUSTOMER, path.id)
    with writing() as connection:
        bookstore.delete_customer(connection, path.id, expected=versions)
    return NoContent()


@customers.get("/customers/<id>/orders", responses=page_of(OrderSummary, within=True))
def list_orders_of_customer(path: IdPath, query: OrdersOfCustomerList) -> Answer:
    """List a customer's orders.

    The order history: summaries without items, unless `fields` asks for them.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = orders_of_customer(connection, path.id, query, view.selection)
    return represent_page(page, query, view)
