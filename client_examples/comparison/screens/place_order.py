"""Placing an order, and what the page shows then: customer, status, total, the books' titles."""

from client_examples.comparison.arms.api import Get, GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint
from client_examples.comparison.screens.shop import Shop, open_shop

FIELDS = "status,total_amount,customer.name,items.book.title"
MUTATION = compact("""
    mutation PlaceOrder($order: OrderCreate!) {
      placeOrder(input: $order) { status totalAmount customer { name } items { book { title } } }
    }
""")

screen = Screen("place-order", "an order of three books is placed, and shown")
screen.prepare(open_shop)


def view(customer: View, order: View, books: View, total: str = "total_amount") -> View:
    """The page, from an order, its customer and its books."""
    return {
        "customer": customer["name"],
        "status": order["status"],
        "total": order[total],
        "titles": [book["title"] for book in books],
    }


def nested_view(order: View, total: str) -> View:
    """The same page, from an order that holds its customer and books."""
    return view(order["customer"], order, [item["book"] for item in order["items"]], total)


def new_order(shop: Shop) -> dict[str, object]:
    """The body of the order."""
    items = [{"book_id": book, "quantity": 1} for book in shop.books]
    return {"customer_id": shop.customer, "items": items}


@screen.rest("textbook")
def textbook(api: RestApi, shop: Shop) -> View:
    """Place it, then read the customer, then each book."""
    api.afterwards(shop.cancel_orders)
    order = api.post("/orders", new_order(shop))
    customer = api.get(f"/customers/{order['customer_id']}")
    books = [api.get(f"/books/{item['book_id']}") for item in order["items"]]
    return view(customer, order, books)


@screen.rest("parallel")
def parallel(api: RestApi, shop: Shop) -> View:
    """Place it, then read the customer and the books side by side."""
    api.afterwards(shop.cancel_orders)
    order = api.post("/orders", new_order(shop))
    paths = [f"/books/{item['book_id']}" for item in order["items"]]
    customer, *books = api.get_all([f"/customers/{order['customer_id']}", *paths])
    return view(customer, order, books)


@screen.rest("batched")
def batched(api: RestApi, shop: Shop) -> View:
    """Place it, then read the customer and, by one list of ids, the books side by side."""
    api.afterwards(shop.cancel_orders)
    order = api.post("/orders", new_order(shop))
    ids = [item["book_id"] for item in order["items"]]
    customer, books = api.get_all(
        [f"/customers/{order['customer_id']}", Get("/books", {"ids": ids})]
    )
    return view(customer, order, books)


@screen.rest("fields")
def fields(api: RestApi, shop: Shop) -> View:
    """Place it, and have what the page shows in the answer."""
    api.afterwards(shop.cancel_orders)
    return nested_view(api.post("/orders", new_order(shop), fields=FIELDS), "total_amount")


@by_every_endpoint(screen)
def graphql(api: GraphqlApi, shop: Shop) -> View:
    """One mutation that places it and asks for what the page shows."""
    api.afterwards(shop.cancel_orders)
    items = [{"bookId": book, "quantity": 1} for book in shop.books]
    data = api.mutate(MUTATION, order={"customerId": shop.customer, "items": items})
    return nested_view(data["placeOrder"], "totalAmount")
