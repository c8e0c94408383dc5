"""A shop's home page, which has several roots: new books, cheap ones, a customer's last order."""

from client_examples.comparison.arms.api import Get, GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.screens.endpoints import by_every_endpoint

CUSTOMER = 1
BOOKS = 5  # in each list
GENRES = ("Programming", "Travel")
QUERY = compact("""
    query Storefront($books: Int!, $first: String!, $second: String!, $customer: Int!) {
      newest: books(sort: PUBLICATION_DATE_DESC, limit: $books) { title price }
      first: books(filter: {genre: $first}, sort: PRICE, limit: $books) { title price }
      second: books(filter: {genre: $second}, sort: PRICE, limit: $books) { title price }
      customer(id: $customer) {
        orders(sort: ORDER_DATE_DESC, limit: 1) { orderDate status totalAmount }
      }
    }
""")

screen = Screen(
    "storefront",
    f"the {BOOKS} newest books, the {BOOKS} cheapest of {' and of '.join(GENRES)}, and "
    f"customer {CUSTOMER}'s latest order",
)


def view(newest: View, first: View, second: View, latest_order: View) -> View:
    """The page, from three lists of books and an order as it is shown."""
    return {
        "newest": shown(newest),
        "cheapest": {GENRES[0]: shown(first), GENRES[1]: shown(second)},
        "latest_order": latest_order,
    }


def shown(books: View) -> View:
    """Title and price of each book."""
    return [{"title": book["title"], "price": book["price"]} for book in books]


def rest_order(orders: View) -> View:
    """The latest order, from the first page of the customer's orders."""
    order = orders[0]
    return {
        "date": order["order_date"],
        "status": order["status"],
        "total": order["total_amount"],
    }


def requests(book_fields: str | None = None, order_fields: str | None = None) -> list[Get]:
    """What the page needs, none of which waits for another."""
    cut: dict[str, object] = {"limit": BOOKS, "fields": book_fields}
    return [
        Get("/books", {"sort": "-publication_date", **cut}),
        *(Get("/books", {"genre": genre, "sort": "price", **cut}) for genre in GENRES),
        Get(
            f"/customers/{CUSTOMER}/orders",
            {"sort": "-order_date", "limit": 1, "fields": order_fields},
        ),
    ]


@screen.rest("textbook")
def textbook(api: RestApi) -> View:
    """Each part of the page, one after the other."""
    newest, first, second, orders = [api.get(one.path, **one.params) for one in requests()]
    return view(newest, first, second, rest_order(orders))


@screen.rest("parallel")
def parallel(api: RestApi) -> View:
    """All parts of the page side by side."""
    newest, first, second, orders = api.get_all(requests())
    return view(newest, first, second, rest_order(orders))


@screen.rest("fields")
def fields(api: RestApi) -> View:
    """All parts side by side, each with the fields that the page shows."""
    newest, first, second, orders = api.get_all(
        requests("title,price", "order_date,status,total_amount")
    )
    return view(newest, first, second, rest_order(orders))


@by_every_endpoint(screen)
def graphql(api: GraphqlApi) -> View:
    """One query with all parts of the page."""
    genres: View = {"first": GENRES[0], "second": GENRES[1]}
    page = api.query(QUERY, books=BOOKS, customer=CUSTOMER, **genres)
    order = page["customer"]["orders"][0]
    latest = {"date": order["orderDate"], "status": order["status"], "total": order["totalAmount"]}
    return view(page["newest"], page["first"], page["second"], latest)
