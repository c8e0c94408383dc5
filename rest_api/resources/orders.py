"""Orders over REST."""

from rest_api.framework import Resource
from rest_api.openapi.operation_responses import changed, created, deleted, one, page_of
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import reading, shown, writing
from rest_api.web.parameters import IdPath, OrderFields, OrderList
from rest_api.web.preconditions import expected, given_key, unless_known
from rest_api.web.responses import represent_created, represent_one, represent_page
from shared.models import Order, OrderCreate, OrderUpdate
from shared.operations import orders as bookstore
from shared.operations.idempotency import place_order_once
from shared.reading.catalogue import ORDER

orders = Resource("orders", "Orders, from pending over paid and shipped to delivered.")


@orders.get("/orders", responses=page_of(Order))
def list_orders(query: OrderList) -> Answer:
    """List orders.

    A page of the orders that pass all filters, or those with the `ids`.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = bookstore.list_orders(connection, query, view.selection)
    return represent_page(page, query, view)


@orders.post("/orders", responses=created(Order, 404))  # the order that the key has placed
def place_order(query: OrderFields, body: OrderCreate) -> Answer:
    """Place an order.

    It takes the copies from the stock and keeps the prices of the day. With an
    `Idempotency-Key` it does so once, however often the request comes.
    """
    view, key = shown(query), given_key()
    with writing() as connection:
        order = place_order_once(connection, key, body, view.tagged)
    return represent_created(order, view)


@orders.get("/orders/<id>", responses=one(Order))
def get_order(path: IdPath, query: OrderFields) -> Answer:
    """Get an order.

    With `fields`, only these members, and those of its customer, items and books.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        unless_known(connection, view, path.id)
        order = bookstore.get_order(connection, path.id, view.tagged)
    return represent_one(order, view)


@orders.patch("/orders/<id>", responses=changed(Order))
def set_order_status(path: IdPath, query: OrderFields, body: OrderUpdate) -> Answer:
    """Move an order on.

    From pending to paid, shipped, delivered; a pending or paid one may be cancelled, which
    returns its copies to the stock. The status that it has already is refused like any other that
    cannot follow (409), so that of two clients one alone has moved it.
    """
    view, versions = shown(query), expected(ORDER, path.id)
    with writing() as connection:
        order = bookstore.set_order_status(
            connection, path.id, body.status, view.tagged, expected=versions, own=body.own()
        )
    return represent_one(order, view)


@orders.delete("/orders/<id>", responses=deleted())
def delete_order(path: IdPath) -> Answer:
    """Delete an order.

    Only one that is cancelled; others stay: 409.
    """
    versions = expected(ORDER, path.id)
    with writing() as connection:
        bookstore.delete_order(connection, path.id, expected=versions)
    return NoContent()
