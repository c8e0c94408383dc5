"""Customers over REST."""

from rest_api.documentation import changed, created, deleted, one, page_of
from rest_api.framework import Resource, reading, writing
from rest_api.inputs import CustomerFields, CustomerList, IdPath, OrdersOfCustomerList
from rest_api.representations import (
    Answer,
    NoContent,
    represent,
    represent_created,
    represent_page,
    with_id,
)
from shared import customers as bookstore
from shared.models import Customer, CustomerCreate, CustomerUpdate, OrderSummary
from shared.orders import list_orders_of_customer as orders_of_customer

customers = Resource("customers", "Customers, and the orders that each has placed.")


@customers.get("/customers", responses=page_of(Customer))
def list_customers(query: CustomerList) -> Answer:
    """List customers.

    A page of all customers, or those with the `ids`.
    """
    with reading(query.fields) as connection:
        page = bookstore.list_customers(connection, query, query.fields)
    return represent_page(page, query)


@customers.post("/customers", responses=created(Customer))
def create_customer(query: CustomerFields, body: CustomerCreate) -> Answer:
    """Add a customer.

    The e-mail address must be new.
    """
    with writing() as connection:
        customer = bookstore.create_customer(connection, body, with_id(query.fields))
    return represent_created(customer, query.fields)


@customers.get("/customers/<id>", responses=one(Customer))
def get_customer(path: IdPath, query: CustomerFields) -> Answer:
    """Get a customer.

    With `fields`, only these members, and those of their orders.
    """
    with reading(query.fields) as connection:
        customer = bookstore.get_customer(connection, path.id, query.fields)
    return represent(customer)


@customers.put("/customers/<id>", responses=changed(Customer))
def replace_customer(path: IdPath, query: CustomerFields, body: CustomerCreate) -> Answer:
    """Replace a customer.

    What the body leaves out becomes empty.
    """
    with writing() as connection:
        customer = bookstore.replace_customer(connection, path.id, body, query.fields)
    return represent(customer)


@customers.patch("/customers/<id>", responses=changed(Customer))
def update_customer(path: IdPath, query: CustomerFields, body: CustomerUpdate) -> Answer:
    """Change a customer.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    with writing() as connection:
        customer = bookstore.update_customer(connection, path.id, body, query.fields)
    return represent(customer)


@customers.delete("/customers/<id>", responses=deleted())
def delete_customer(path: IdPath) -> Answer:
    """Delete a customer.

    One who has orders stays: 409.
    """
    with writing() as connection:
        bookstore.delete_customer(connection, path.id)
    return NoContent()


@customers.get("/customers/<id>/orders", responses=page_of(OrderSummary, within=True))
def list_orders_of_customer(path: IdPath, query: OrdersOfCustomerList) -> Answer:
    """List a customer's orders.

    The order history: summaries without items, unless `fields` asks for them.
    """
    with reading(query.fields) as connection:
        page = orders_of_customer(connection, path.id, query, query.fields)
    return represent_page(page, query)
