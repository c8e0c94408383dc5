"""A customer's order history: each order's date and status, each item's quantity, price, title."""

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint

CUSTOMER = 1
QUERY = compact("""
    query OrderHistory($id: Int!) {
      customer(id: $id) {
        orders { orderDate status items { quantity price book { title } } }
      }
    }
""")
FIELDS = (
    "orders.order_date,orders.status,"
    "orders.items.quantity,orders.items.price,orders.items.book.title"
)

screen = Screen("order-history", f"customer {CUSTOMER}'s orders with the items' book titles")


def view(orders: View, books: dict[int, View]) -> View:
    """The page, from full orders and the books by id."""
    return [
        {
            "date": order["order_date"],
            "status": order["status"],
            "items": [
                {
                    "quantity": item["quantity"],
                    "price": item["price"],
                    "title": books[item["book_id"]]["title"],
                }
                for item in order["items"]
            ],
        }
        for order in orders
    ]


def nested_view(orders: View, date: str) -> View:
    """The same page, from orders whose items hold their books' titles."""
    return [
        {
            "date": order[date],
            "status": order["status"],
            "items": [
                {
                    "quantity": item["quantity"],
                    "price": item["price"],
                    "title": item["book"]["title"],
                }
                for item in order["items"]
            ],
        }
        for order in orders
    ]


def book_ids(orders: View) -> list[int]:
    """The books of all items, each once."""
    return list(dict.fromkeys(item["book_id"] for order in orders for item in order["items"]))


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """The history, then each order, then each book: one after the other."""
    history = api.get(f"/customers/{CUSTOMER}/orders")
    orders = [api.get(f"/orders/{summary['id']}") for summary in history]
    books = {book_id: api.get(f"/books/{book_id}") for book_id in book_ids(orders)}
    return view(orders, books)


@screen.rest("parallel")
def parallel(api: RestApi) -> View:
    """The history, then all orders side by side, then all books side by side."""
    history = api.get(f"/customers/{CUSTOMER}/orders")
    orders = api.get_all([f"/orders/{summary['id']}" for summary in history])
    ids = book_ids(orders)
    books = api.get_all([f"/books/{book_id}" for book_id in ids])
    return view(orders, dict(zip(ids, books, strict=True)))


@screen.rest("batched")
def batched(api: RestApi) -> View:
    """The customer's orders with their items, then all their books by one list of ids."""
    orders = api.get("/orders", customer_id=CUSTOMER)
    ids = book_ids(orders)
    books = api.get("/books", ids=ids) if ids else []
    return view(orders, dict(zip(ids, books, strict=True)))


@screen.rest("fields")
def fields(api: RestApi) -> View:
    """One request that names what the page shows, across three relations."""
    return nested_view(api.get(f"/customers/{CUSTOMER}", fields=FIELDS)["orders"], "order_date")


@by_every_endpoint(screen)
def graphql(api: GraphqlApi, customer: int = CUSTOMER) -> View:
    """One query across three relations, to the books' titles."""
    return nested_view(api.query(QUERY, id=customer)["customer"]["orders"], "orderDate")
