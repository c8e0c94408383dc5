"""A typed client for the GraphQL API; run as a script, a walk through its problems and their fixes.

with GraphqlClient() as bookstore:
    book = bookstore.books.get(1)
    data = bookstore.query("query($id: Int!) { author(id: $id) { books { title } } }", id=1)
"""

import json
import runpy
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Self, TypeVar, Unpack, cast
from uuid import uuid4

import requests

from client_examples.clients import graphql_types as t
from client_examples.clients.addresses import without_endpoint
from client_examples.clients.api_errors import graphql_answer, rest_answer
from client_examples.clients.graphql_documents import Argument, has_mutation, operation
from client_examples.clients.http_client import HttpClient

GRAPHQL_URL = "http://127.0.0.1:8001"

AUTHOR = "id name email bio version"
BOOK = "id title isbn price publicationDate genre description stock authorId version"
CUSTOMER = "id name email phone address version"
ORDER = "id customerId orderDate status totalAmount items { bookId quantity price } version"

Type = TypeVar("Type")
Create = TypeVar("Create")
Update = TypeVar("Update")


class GraphqlClient(HttpClient):
    """Any operation by `query` and `mutate`; whole objects by typed collections.

    `url` is the server's address, or that of its endpoint. Queries are retried, though they are
    POSTs; mutations never are, but for placing an order by its key. All methods raise `ApiError`:
    `GraphqlError` where the answer carries errors, `Unreachable` where none comes.

    `expected_version` is the `version` of what the caller has seen: the server changes nothing if
    somebody else was there first, code `PRECONDITION_FAILED`.
    """

    def __init__(self, url: str = GRAPHQL_URL, *, path: str = "/graphql", **options: Any) -> None:
        super().__init__(without_endpoint(url.rstrip("/"), (path,)), **options)
        self._endpoint = path
        self.authors = Authors(self, "Author", AUTHOR)
        self.books = Books(self, "Book", BOOK)
        self.customers = Customers(self, "Customer", CUSTOMER)
        self.orders = Orders(self, "Order", ORDER)

    def query(self, document: str, /, **variables: object) -> dict[str, Any]:
        """The data of a query; `ValueError` for a document that holds a mutation."""
        if has_mutation(document):
            raise ValueError("query() may send twice what it is given: use mutate()")
        return self.operate(document, variables, repeatable=True)

    def mutate(self, document: str, /, **variables: object) -> dict[str, Any]:
        """The data of a mutation, which is sent once."""
        return self.operate(document, variables, repeatable=False)

    def operate(
        self, document: str, variables: dict[str, object], *, repeatable: bool
    ) -> dict[str, Any]:
        """The data of an operation, of which the caller says whether it may be sent twice."""
        return graphql_answer(self.post(self._endpoint, document, variables, repeatable=repeatable))

    def post(
        self,
        path: str,
        document: str,
        variables: dict[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        repeatable: bool,
    ) -> requests.Response:
        """Send an operation to the endpoint at `path`; the answer as it came."""
        body = {"query": document} | ({"variables": variables} if variables else {})
        return self.exchange("POST", path, body=body, headers=headers, repeatable=repeatable)

    def ask(
        self,
        path: str,
        document: str,
        variables: dict[str, object],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a query by GET to the endpoint at `path`; the answer as it came.

        Raises:
            ValueError: the document holds a mutation, which no GET may do.
        """
        if has_mutation(document):
            raise ValueError("a mutation must not be sent by GET: use mutate()")
        given = {"variables": json.dumps(variables, ensure_ascii=False)} if variables else {}
        params = {"query": document, **given}
        return self.exchange("GET", path, params=params, headers=headers, repeatable=True)

    def health(self) -> dict[str, Any]:
        """What the server says of itself and its database."""
        answer = rest_answer(self.exchange("GET", "/health", repeatable=True))
        return cast("dict[str, Any]", answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class Collection(Generic[Type]):
    """A type whose objects can be read, with their own members, and deleted."""

    def __init__(self, client: GraphqlClient, name: str, selection: str) -> None:
        self._client = client
        self._name = name
        self._one = name.lower()
        self._many = name.lower() + "s"
        self._selection = f"{{ {selection} }}"

    def get(self, id_: int) -> Type | None:
        """One object, None where there is none."""
        document = f"query($id: Int!) {{ {self._one}(id: $id) {self._selection} }}"
        return cast("Type | None", self._client.query(document, id=id_)[self._one])

    def get_many(self, ids: Sequence[int]) -> list[Type]:
        """Up to 100 objects in the order of the ids; unknown ids are left out."""
        return self._read(self._many, ids=("[Int!]", list(ids))) if ids else []

    def delete(self, id_: int, *, expected_version: int | None = None) -> int:
        """The id; code `IN_USE` while others refer to it.

        An order that is not cancelled gives `INVALID_TRANSITION`.
        """
        field = f"delete{self._name}"
        arguments = self._of_one(id_, expected_version)
        document, variables = operation("mutation", field, "", arguments)
        return cast("int", self._client.mutate(document, **variables)[field])

    def _read(self, field: str, /, **arguments: Argument) -> list[Type]:
        """The objects of a field, with those of the arguments that are given."""
        document, variables = operation("query", field, self._selection, arguments)
        return cast("list[Type]", self._client.query(document, **variables)[field])

    def _page(self, page: t.Page) -> dict[str, Argument]:
        return {
            "sort": (f"{self._name}Sort", page.get("sort")),
            "limit": ("Int", page.get("limit")),
            "offset": ("Int!", page.get("offset")),
        }

    def _of_one(self, id_: int, expected_version: int | None) -> dict[str, Argument]:
        return {"id": ("Int!", id_), "expectedVersion": ("Int", expected_version)}

    def _change(
        self, field: str, arguments: dict[str, Argument], *, repeatable: bool = False
    ) -> Type:
        """The object that a mutation returns, with those of the arguments that are given."""
        document, variables = operation("mutation", field, self._selection, arguments)
        data = self._client.operate(document, variables, repeatable=repeatable)
        return cast("Type", data[field])


class Editable(Collection[Type], Generic[Type, Create, Update]):
    """A type whose objects can also be created and changed."""

    def create(self, values: Create) -> Type:
        """The new object, with its id."""
        return self._change(f"create{self._name}", {"input": (f"{self._name}Create!", values)})

    def update(self, id_: int, changes: Update, *, expected_version: int | None = None) -> Type:
        """The object after the given members were changed."""
        arguments = self._of_one(id_, expected_version)
        arguments["input"] = (f"{self._name}Update!", changes)
        return self._change(f"update{self._name}", arguments)


class Authors(Editable[t.Author, t.AuthorCreate, t.AuthorUpdate]):
    """`author`, `authors` and their mutations."""

    def list(self, **page: Unpack[t.Page]) -> list[t.Author]:
        """A page of authors."""
        return self._read("authors", **self._page(page))


class Books(Editable[t.Book, t.BookCreate, t.BookUpdate]):
    """`book`, `books`, `searchBooks` and their mutations."""

    def search(self, query: str, *, limit: int = 20, offset: int = 0) -> list[t.Book]:
        """A page of the books whose title or description contains `query`."""
        cut = {"limit": ("Int!", limit), "offset": ("Int!", offset)}
        return self._read("searchBooks", query=("String!", query), **cut)

    def list(self, filter_: t.BookFilter | None = None, **page: Unpack[t.Page]) -> list[t.Book]:
        """A page of the books that match the filter."""
        return self._read("books", filter=("BookFilter", filter_), **self._page(page))


class Customers(Editable[t.Customer, t.CustomerCreate, t.CustomerUpdate]):
    """`customer`, `customers` and their mutations."""

    def list(self, **page: Unpack[t.Page]) -> list[t.Customer]:
        """A page of customers."""
        return self._read("customers", **self._page(page))


class Orders(Collection[t.Order]):
    """`order`, `orders`, `placeOrder`, `setOrderStatus` and `deleteOrder`."""

    def place(
        self,
        customer_id: int,
        items: Sequence[t.OrderItemInput],
        *,
        idempotency_key: str | None = None,
    ) -> t.Order:
        """The new order at today's prices; code `OUT_OF_STOCK` where copies are lacking.

        It is retried like a query: the same key places one order, however often it is sent. A
        caller that wants to try again itself passes a key of its own; by default, each call has a
        new one. Code `IDEMPOTENCY_MISMATCH` where another order was placed by that key.
        """
        arguments: dict[str, Argument] = {
            "input": ("OrderCreate!", {"customerId": customer_id, "items": items}),
            "idempotencyKey": ("String", idempotency_key or str(uuid4())),
        }
        return self._change("placeOrder", arguments, repeatable=True)

    def set_status(
        self, id_: int, status: t.OrderStatus, *, expected_version: int | None = None
    ) -> t.Order:
        """The order in its new status; code `INVALID_TRANSITION` where that cannot follow."""
        arguments = self._of_one(id_, expected_version)
        arguments["status"] = ("OrderStatus!", status)
        return self._change("setOrderStatus", arguments)

    def list(self, filter_: t.OrderFilter | None = None, **page: Unpack[t.Page]) -> list[t.Order]:
        """A page of the orders that match the filter."""
        return self._read("orders", filter=("OrderFilter", filter_), **self._page(page))


if __name__ == "__main__":
    # By its name: the walk-through is made of the comparison, which is made of this client.
    runpy.run_module("client_examples.walkthroughs.graphql", run_name="__main__")
