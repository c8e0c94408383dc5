"""Orders over REST."""

from rest_api.documentation import changed, created, deleted, one, page_of
from rest_api.framework import Resource, reading, writing
from rest_api.inputs import IdPath, OrderFields, OrderList
from rest_api.representations import (
    Answer,
    NoContent,
    represent,
    represent_created,
    represent_page,
    with_id,
)
from shared import orders as bookstore
from shared.models import Order, OrderCreate, OrderUpdate

orders = Resource("orders", "Orders, from pending over paid and shipped to delivered.")


@orders.get("/orders", responses=page_of(Order))
def list_orders(query: OrderList) -> Answer:
    """List orders.

    A page of the orders that pass all filters, or those with the `ids`.
    """
    with reading(query.fields) as connection:
        page = bookstore.list_orders(connection, query, query.fields)
    return represent_page(page, query)


@orders.post("/orders", responses=created(Order))
def place_order(query: OrderFields, body: OrderCreate) -> Answer:
    """Place an order.

    It takes the copies from the stock and keeps the prices of the day.
    """
    with writing() as connection:
        order = bookstore.place_order(connection, body, with_id(query.fields))
    return represent_created(order, query.fields)


@orders.get("/orders/<id>", responses=one(Order))
def get_order(path: IdPath, query: OrderFields) -> Answer:
    """Get an order.

    With `fields`, only these members, and those of its customer, items and books.
    """
    with reading(query.fields) as connection:
        order = bookstore.get_order(connection, path.id, query.fields)
    return represent(order)


@orders.patch("/orders/<id>", responses=changed(Order))
def set_order_status(path: IdPath, query: OrderFields, body: OrderUpdate) -> Answer:
    """Move an order on.

    From pending to paid, shipped, delivered; a pending or paid one may be cancelled, which
    returns its copies to the stock.
    """
    with writing() as connection:
        order = bookstore.set_order_status(connection, path.id, body.status, query.fields)
    return represent(order)


@orders.delete("/orders/<id>", responses=deleted())
def delete_order(path: IdPath) -> Answer:
    """Delete an order.

    Only one that is cancelled; others stay: 409.
    """
    with writing() as connection:
        bookstore.delete_order(connection, path.id)
    return NoContent()
