"""Requests of every kind that the servers answer, each other than the one before.

Half of them are such that a cache of everything that ever came would grow without bounds: query
texts, filters and ids that are never the same twice. Writes change what is there, and place some
orders; those make the database grow, which is no memory of the servers' own.
"""

import random
from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from benchmarks.memory.client import Request

BOOKS, AUTHORS, CUSTOMERS, ORDERS = 1000, 100, 200, 1000  # of the sample data
ENDPOINTS = ("/graphql", "/graphql/dataloader", "/graphql/unbatched")
_SORTS = ("id", "-id", "title", "-title", "price", "-price", "publication_date")
_MEMBERS = ("id", "title", "isbn", "price", "stock", "genre", "author.name", "author.email")
_FIELDS = ("id", "title", "isbn", "price", "stock", "genre", "publicationDate", "author { name }")


class Mix:
    """Both servers' requests; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = count(1)

    def rest(self) -> Iterator[Request]:
        """For the REST server, without end."""
        return self._endless(_REST)

    def graphql(self) -> Iterator[Request]:
        """For the GraphQL server, without end."""
        return self._endless(_GRAPHQL)

    def _endless(self, kinds: dict[Callable[["Mix"], Request], int]) -> Iterator[Request]:
        makers, weights = list(kinds), list(kinds.values())
        while True:
            for make in self._random.choices(makers, weights, k=1000):
                yield make(self)

    def one(self, most: int) -> int:
        """An id from 1 on."""
        return self._random.randint(1, most)

    def some(self, members: tuple[str, ...]) -> list[str]:
        """A few members, in any order."""
        return self._random.sample(members, self._random.randint(1, len(members)))

    def pick(self, options: tuple[str, ...]) -> str:
        """One of them."""
        return self._random.choice(options)

    def price(self) -> float:
        """Hardly ever the same twice."""
        return self._random.randint(1, 1_000_000) / 100

    def new(self) -> int:
        """Never the same twice."""
        return next(self._number)

    def key(self) -> str:
        """For placing an order once."""
        return str(UUID(int=self._random.getrandbits(128)))


# -- REST ------------------------------------------------------------------------------------


def _point(mix: Mix) -> Request:
    kinds = {"books": BOOKS, "authors": AUTHORS, "customers": CUSTOMERS, "orders": ORDERS}
    kind = mix.pick(tuple(kinds))
    return Request("GET", f"/{kind}/{mix.one(kinds[kind])}")


def _zipped(mix: Mix) -> Request:
    return Request("GET", f"/books?limit={mix.one(100)}", headers={"Accept-Encoding": "gzip"})


def _filtered(mix: Mix) -> Request:
    sort = mix.pick(_SORTS)
    return Request("GET", f"/books?min_price={mix.price()}&sort={sort}&limit={mix.one(40)}")


def _searched(mix: Mix) -> Request:
    return Request("GET", f"/books?search=Vol{mix.new()}")


def _fields(mix: Mix) -> Request:
    fields = ",".join(mix.some(_MEMBERS))
    return Request("GET", f"/books?fields={fields}&limit={mix.one(20)}&offset={mix.one(500)}")


def _history(mix: Mix) -> Request:
    fields = "name,orders.order_date,orders.items.quantity,orders.items.book.title"
    return Request("GET", f"/customers/{mix.one(CUSTOMERS)}?fields={fields}")


def _tagged(mix: Mix) -> Request:
    tag = {"If-None-Match": f'"{mix.new():x}"'}
    return Request("GET", f"/books/{mix.one(BOOKS)}", headers=tag)


def _wrong(mix: Mix) -> Request:
    number = mix.new()
    paths = (f"/books/{1_000_000 + number}", f"/no-such-{number}", f"/books?limit={1000 + number}",
             f"/books?fields=unknown{number}", f"/books/{'x' * (number % 40 + 1)}")  # fmt: skip
    return Request("GET", mix.pick(paths), expected=(404, 422))


def _bad_body(mix: Mix) -> Request:
    body = {"title": "", f"unknown{mix.new()}": mix.price(), "price": "dear"}
    return Request("POST", "/books", body, expected=(422,))


def _change(mix: Mix) -> Request:
    return Request("PATCH", f"/books/{mix.one(BOOKS)}", {"price": mix.price()})


def _order(mix: Mix) -> Request:
    items = [{"book_id": mix.one(BOOKS), "quantity": 1}]
    body = {"customer_id": mix.one(CUSTOMERS), "items": items}
    key = {"Idempotency-Key": mix.key()}
    return Request("POST", "/orders", body, key, expected=(201, 409))


def _stream(mix: Mix) -> Request:
    events = {"Accept": "text/event-stream"}
    return Request("GET", f"/orders/{mix.one(ORDERS)}/events", headers=events, manner="stream")


def _left_poll(mix: Mix) -> Request:
    return Request("GET", f"/orders/{mix.one(ORDERS)}/events?wait=1&after=0", manner="deaf")


def _cut(mix: Mix) -> Request:
    return Request("POST", "/books", {"title": "x" * mix.one(5000)}, manner="cut")


def _deaf(mix: Mix) -> Request:
    return Request("GET", f"/books?limit=100&offset={mix.one(900)}", manner="deaf")


_REST: dict[Callable[[Mix], Request], int] = {
    _point: 250, _zipped: 60, _filtered: 150, _searched: 40, _fields: 150, _history: 60,
    _tagged: 60, _wrong: 80, _bad_body: 30, _change: 60, _order: 20, _stream: 5, _left_poll: 2,
    _cut: 10, _deaf: 20,
}  # fmt: skip


# -- GraphQL ---------------------------------------------------------------------------------


def _operation(mix: Mix, query: str, fails: bool | None = False, **variables: object) -> Request:
    body: dict[str, object] = {"query": query}
    if variables:
        body["variables"] = variables
    expected = (200, 400) if fails else (200,)
    return Request("POST", mix.pick(ENDPOINTS), body, expected=expected, fails=fails)


def _variables(mix: Mix) -> Request:
    query = "query($id: Int!) { book(id: $id) { title price author { name } } }"
    return _operation(mix, query, id=mix.one(BOOKS))


def _new_text(mix: Mix) -> Request:
    fields = " ".join(mix.some(_FIELDS))
    return _operation(mix, f"query Q{mix.new()} {{ book(id: {mix.one(BOOKS)}) {{ {fields} }} }}")


def _new_list(mix: Mix) -> Request:
    fields = " ".join(mix.some(_FIELDS))
    arguments = f"limit: {mix.one(30)}, filter: {{ minPrice: {mix.price()} }}"
    return _operation(mix, f"{{ a{mix.new()}: books({arguments}) {{ {fields} }} }}")


def _new_filter(mix: Mix) -> Request:
    query = "query($f: BookFilter) { books(filter: $f, limit: 10) { title author { name } } }"
    return _operation(mix, query, f={"minPrice": mix.price(), "search": f"Vol{mix.new()}"})


def _orders(mix: Mix) -> Request:
    query = (
        "query($id: Int!, $n: Int!) { customer(id: $id) { name orders(limit: $n) "
        "{ orderDate items { quantity book { title } } } } }"
    )
    return _operation(mix, query, id=mix.one(CUSTOMERS), n=mix.one(20))


def _unparsed(mix: Mix) -> Request:
    return _operation(mix, f"{{ book(id: {mix.new()} {{ title }}", fails=True)


def _invalid(mix: Mix) -> Request:
    return _operation(mix, f"{{ book(id: 1) {{ unknown{mix.new()} }} }}", fails=True)


def _uncoerced(mix: Mix) -> Request:
    query = "query($id: Int!) { book(id: $id) { title } }"
    return _operation(mix, query, fails=True, id=f"x{mix.new()}")


def _unknown_hash(mix: Mix) -> Request:
    persisted = {"version": 1, "sha256Hash": f"{mix.new():064x}"}
    body = {"extensions": {"persistedQuery": persisted}}
    return Request("POST", "/graphql", body, expected=(200, 400, 404), fails=True)


def _introspection(mix: Mix) -> Request:
    return _operation(mix, f"query I{mix.new()} {{ __schema {{ types {{ name }} }} }}")


def _got(mix: Mix) -> Request:
    path = f"/graphql?query=%7Bbook(id:{mix.one(BOOKS)})%7Ba{mix.new()}:title%7D%7D"
    return Request("GET", path, fails=False)


def _mutation(mix: Mix) -> Request:
    query = "mutation($id: Int!, $input: BookUpdate!) { updateBook(id: $id, input: $input) { id } }"
    return _operation(mix, query, id=mix.one(BOOKS), input={"price": mix.price()})


def _placed(mix: Mix) -> Request:
    query = (
        "mutation($input: OrderCreate!, $key: String) "
        "{ placeOrder(input: $input, idempotencyKey: $key) { id items { book { title } } } }"
    )
    items = [{"bookId": mix.one(BOOKS), "quantity": 1}]
    order = {"customerId": mix.one(CUSTOMERS), "items": items}
    return _operation(mix, query, fails=None, input=order, key=mix.key())


def _subscribed(mix: Mix) -> Request:
    query = f"subscription {{ orderStatusChanged(orderId: {mix.one(ORDERS)}) {{ id status }} }}"
    events = {"Accept": "text/event-stream"}
    return Request("POST", "/graphql", {"query": query}, events, manner="stream")


def _cut_operation(mix: Mix) -> Request:
    return Request("POST", "/graphql", {"query": "x" * mix.one(5000)}, manner="cut")


def _deaf_operation(mix: Mix) -> Request:
    query = {"query": f"{{ books(limit: 100, offset: {mix.one(900)}) {{ title description }} }}"}
    return Request("POST", "/graphql", query, manner="deaf")


_GRAPHQL: dict[Callable[[Mix], Request], int] = {
    _variables: 200, _new_text: 200, _new_list: 120, _new_filter: 100, _orders: 60, _unparsed: 30,
    _invalid: 40, _uncoerced: 30, _unknown_hash: 20, _introspection: 10, _got: 40, _mutation: 60,
    _placed: 20, _subscribed: 5, _cut_operation: 10, _deaf_operation: 20,
}  # fmt: skip
