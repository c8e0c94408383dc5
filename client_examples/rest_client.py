"""A typed client for the REST API; run as a script, a walk through its problems and their fixes.

with RestClient() as bookstore:
    author = bookstore.authors.get(1)
    books = bookstore.books.list(author_id=author["id"], sort="-price")
"""

import runpy
from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar, Unpack, cast
from uuid import uuid4

from client_examples.clients import rest_types as t
from client_examples.clients.api_errors import BadAnswer, rest_answer
from client_examples.clients.http_client import HttpClient

REST_URL = "http://127.0.0.1:8000"

Resource = TypeVar("Resource")
Input = TypeVar("Input")
Changes = TypeVar("Changes")


class RestClient(HttpClient):
    """The four resources as typed collections, and `get` for any other answer.

    What may be repeated without harm (GET, PUT, DELETE, placing an order by its key) is retried;
    other POSTs, and PATCH, never are. All methods raise `ApiError`: `ProblemError` where the
    server says why, `Unreachable` where it does not answer.

    `if_match` is the ETag of what the caller has seen (`get_with_etag`): the server changes
    nothing if somebody else was there first, code `PRECONDITION_FAILED`. That may also be said by
    a retry, where the answer to the attempt that made the change was lost.
    """

    def __init__(self, url: str = REST_URL, **options: Any) -> None:
        super().__init__(url, **options)
        self.authors = Authors(self, "/authors")
        self.books = Books(self, "/books")
        self.customers = Customers(self, "/customers")
        self.orders = Orders(self, "/orders")

    def get(self, path: str, /, **params: object) -> Any:
        """The answer of a GET, e.g. `get("/customers/1", fields="name,orders.order_date")`."""
        return rest_answer(self.exchange("GET", path, params=params, repeatable=True))

    def post(self, path: str, body: object, /, **params: object) -> Any:
        """The answer of a POST, which is sent once."""
        return rest_answer(self.exchange("POST", path, params=params, body=body, repeatable=False))

    def put(
        self, path: str, body: object, /, *, if_match: str | None = None, **params: object
    ) -> Any:
        """The answer of a PUT."""
        condition = {"If-Match": if_match}
        return rest_answer(
            self.exchange("PUT", path, params=params, body=body, headers=condition, repeatable=True)
        )

    def patch(
        self, path: str, body: object, /, *, if_match: str | None = None, **params: object
    ) -> Any:
        """The answer of a PATCH, which is sent once."""
        condition = {"If-Match": if_match}
        return rest_answer(
            self.exchange(
                "PATCH", path, params=params, body=body, headers=condition, repeatable=False
            )
        )

    def delete(self, path: str, *, if_match: str | None = None) -> None:
        """Delete; when an attempt's answer was lost, the next one may say `NOT_FOUND`."""
        condition = {"If-Match": if_match}
        rest_answer(self.exchange("DELETE", path, headers=condition, repeatable=True))

    def health(self) -> dict[str, Any]:
        """What the server says of itself and its database."""
        return cast("dict[str, Any]", self.get("/health"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class Collection(Generic[Resource]):
    """A collection whose members can be read and deleted by id."""

    def __init__(self, client: RestClient, path: str) -> None:
        self._client = client
        self._path = path

    def get(self, id_: int) -> Resource:
        """One resource; `ProblemError` with code `NOT_FOUND` where there is none."""
        return cast("Resource", self._client.get(f"{self._path}/{id_}"))

    def get_with_etag(self, id_: int) -> tuple[Resource, str]:
        """One resource, and the ETag to pass as `if_match` when it is to be changed as seen."""
        response = self._client.exchange("GET", f"{self._path}/{id_}", repeatable=True)
        resource = rest_answer(response)
        if "ETag" not in response.headers:
            raise BadAnswer("the answer has no ETag", response.status_code)
        return cast("Resource", resource), response.headers["ETag"]

    def get_many(self, ids: Sequence[int]) -> list[Resource]:
        """Up to 100 resources in the order of the ids; unknown ids are left out."""
        return cast("list[Resource]", self._client.get(self._path, ids=list(ids)) if ids else [])

    def delete(self, id_: int, *, if_match: str | None = None) -> None:
        """Delete; code `IN_USE` while others refer to it.

        An order that is not cancelled gives `INVALID_TRANSITION`.
        """
        self._client.delete(f"{self._path}/{id_}", if_match=if_match)


class Editable(Collection[Resource], Generic[Resource, Input, Changes]):
    """A collection whose members can also be created, replaced and changed."""

    def create(self, resource: Input) -> Resource:
        """The new resource, with its id."""
        return cast("Resource", self._client.post(self._path, resource))

    def replace(self, id_: int, resource: Input, *, if_match: str | None = None) -> Resource:
        """The resource after all of it was replaced."""
        path = f"{self._path}/{id_}"
        return cast("Resource", self._client.put(path, resource, if_match=if_match))

    def update(self, id_: int, changes: Changes, *, if_match: str | None = None) -> Resource:
        """The resource after the given members were changed."""
        path = f"{self._path}/{id_}"
        return cast("Resource", self._client.patch(path, changes, if_match=if_match))


class Authors(Editable[t.Author, t.AuthorInput, t.AuthorChanges]):
    """`/authors`."""

    def books(self, id_: int, **query: Unpack[t.BookQuery]) -> list[t.Book]:
        """A page of the author's books."""
        return cast("list[t.Book]", self._client.get(f"/authors/{id_}/books", **query))

    def list(self, **page: Unpack[t.Page]) -> list[t.Author]:
        """A page of authors; sort by `id` or `name`."""
        return cast("list[t.Author]", self._client.get("/authors", **page))


class Books(Editable[t.Book, t.BookInput, t.BookChanges]):
    """`/books`."""

    def list(self, **query: Unpack[t.BookQuery]) -> list[t.Book]:
        """A page of books; sort by `id`, `title`, `price` or `publication_date`."""
        return cast("list[t.Book]", self._client.get("/books", **query))


class Customers(Editable[t.Customer, t.CustomerInput, t.CustomerChanges]):
    """`/customers`."""

    def orders(self, id_: int, **page: Unpack[t.Page]) -> list[t.OrderSummary]:
        """A page of the customer's order history, without the items."""
        return cast("list[t.OrderSummary]", self._client.get(f"/customers/{id_}/orders", **page))

    def list(self, **page: Unpack[t.Page]) -> list[t.Customer]:
        """A page of customers; sort by `id` or `name`."""
        return cast("list[t.Customer]", self._client.get("/customers", **page))


class Orders(Collection[t.Order]):
    """`/orders`: placed, moved from status to status, deleted once cancelled."""

    def place(
        self,
        customer_id: int,
        items: Sequence[t.OrderItemInput],
        *,
        idempotency_key: str | None = None,
    ) -> t.Order:
        """The new order at today's prices; code `OUT_OF_STOCK` where copies are lacking.

        It is retried like a read: the same key places one order, however often it is sent. A
        caller that wants to try again itself passes a key of its own; by default, each call has a
        new one. Code `IDEMPOTENCY_MISMATCH` where another order was placed by that key.
        """
        response = self._client.exchange(
            "POST",
            "/orders",
            body={"customer_id": customer_id, "items": items},
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
            repeatable=True,
        )
        return cast("t.Order", rest_answer(response))

    def set_status(
        self, id_: int, status: t.OrderStatus, *, if_match: str | None = None
    ) -> t.Order:
        """The order in its new status; code `INVALID_TRANSITION` where that cannot follow."""
        changes = {"status": status}
        return cast("t.Order", self._client.patch(f"/orders/{id_}", changes, if_match=if_match))

    def list(self, **query: Unpack[t.OrderQuery]) -> list[t.Order]:
        """A page of orders; sort by `id`, `order_date` or `total_amount`."""
        return cast("list[t.Order]", self._client.get("/orders", **query))


if __name__ == "__main__":
    # By its name: the walk-through is made of the comparison, which is made of this client.
    runpy.run_module("client_examples.walkthroughs.rest", run_name="__main__")
