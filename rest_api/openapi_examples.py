"""Records the examples of the OpenAPI document: real requests, with what the sample data answers.

    python -m rest_api.openapi_examples        writes examples.json anew

A test holds that the recording is what a fresh bookstore answers.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from flask.testing import FlaskClient

from rest_api.app import create_app
from rest_api.openapi.document import EXAMPLES
from shared import limits
from shared.config import read_settings
from shared.serving.bookstore import open_bookstore

_WHEN: Final = "2024-05-01T12:00:00Z"  # in the place of when this was recorded
_AUTHOR: Final = {"name": "Lena Olsen", "email": "lena.olsen@example.com"}
_BOOK: Final = {
    "title": "HTTP in Practice",
    "isbn": "978-0-306-40615-7",
    "price": 24.5,
    "publication_date": "2024-05-01",
    "author_id": 1,
    "genre": "Networking",
    "stock": 12,
}
_CUSTOMER: Final = {"name": "Emil Dahl", "email": "emil.dahl@example.com", "phone": "+1 555 0199"}
_ORDER: Final = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 2}]}
_LARGE_ORDER: Final = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1000}]}
_SHIPPED: Final = {"status": "shipped"}
_AUTHOR_PAGE: Final = "/authors/1?fields=name,email,books.title,books.price"
_HISTORY: Final = "/customers/1/orders?limit=2&fields=order_date,items.quantity,items.book.title"
_ALL_BOOKS: Final = "/authors?limit=100&fields=books.author.books.title"
_OLD_TAG: Final = {"If-Match": '"6b0f4d2c9a1e8357-author-1-1-00c0ffee00c0ffee00"'}
_GZIPPED: Final = {"Transfer-Encoding": "gzip, chunked"}
_KEY: Final = {"Idempotency-Key": "2f1acc6c-c395-4d45-a3c3-9b6a5fbd8b4d"}
_STATUS_OF_NEW: Final = "/orders/1001?fields=status,total_amount"


class Request(NamedTuple):
    """A request that is an example of an operation, or of a way that it fails."""

    operation: str
    name: str
    method: str
    path: str
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = MappingProxyType({})


# In the order in which they are sent: reads come first, and what is written is removed again.
REQUESTS: Final = (
    Request("get_start_page", "links", "GET", "/"),
    Request("ping", "constant", "GET", "/ping"),
    Request("get_problem", "not-found", "GET", "/problems/not-found"),
    Request("list_deprecations", "all", "GET", "/deprecations"),
    Request("list_authors", "first-page", "GET", "/authors?limit=2"),
    Request("list_authors", "by-ids", "GET", "/authors?ids=2,1&fields=id,name"),
    Request("get_author", "author", "GET", "/authors/1"),
    Request("get_author", "author-page", "GET", _AUTHOR_PAGE),
    Request("list_books_of_author", "cheapest", "GET", "/authors/2/books?sort=price&limit=1"),
    Request("list_books", "search", "GET", "/books?search=python&limit=2"),
    Request("list_books", "titles-and-prices", "GET", "/books?limit=3&fields=title,price"),
    Request("get_book", "book", "GET", "/books/1"),
    Request("get_book", "with-its-author", "GET", "/books/1?fields=title,author.name"),
    Request("list_customers", "first-page", "GET", "/customers?limit=2"),
    Request("get_customer", "customer", "GET", "/customers/1"),
    Request("get_customer", "name", "GET", "/customers/1?fields=name"),
    Request("list_orders_of_customer", "summaries", "GET", "/customers/1/orders?limit=2"),
    Request("list_orders_of_customer", "with-titles", "GET", _HISTORY),
    Request("list_orders", "of-a-customer", "GET", "/orders?customer_id=1&limit=1"),
    Request("get_order", "order", "GET", "/orders/1"),
    Request("get_order", "total", "GET", "/orders/1?fields=status,total_amount"),
    Request("get_book", "NOT_FOUND", "GET", "/books/99999"),
    Request("list_books", "VALIDATION", "GET", "/books?limit=500"),
    Request("get_book", "MALFORMED_REQUEST", "GET", "/books/1", headers={"Host": ""}),
    Request("create_author", "NOT_IMPLEMENTED", "POST", "/authors", headers=_GZIPPED),
    Request("get_book", "MISDIRECTED", "GET", "/books/1", headers={"Host": "books.example"}),
    Request("list_authors", "TOO_COMPLEX", "GET", _ALL_BOOKS),
    Request("list_books", "UNKNOWN_FIELD", "GET", "/books?sort=size"),
    Request("create_book", "UNKNOWN_REFERENCE", "POST", "/books", {**_BOOK, "author_id": 99999}),
    Request("create_author", "MALFORMED_BODY", "POST", "/authors", []),
    Request("create_author", "TOO_LARGE", "POST", "/authors", "x" * limits.MAX_BODY_BYTES),
    Request("create_author", "UNSUPPORTED_MEDIA_TYPE", "POST", "/authors", _AUTHOR, "text/plain"),
    Request("delete_author", "IN_USE", "DELETE", "/authors/1"),
    Request("delete_author", "PRECONDITION_FAILED", "DELETE", "/authors/1", headers=_OLD_TAG),
    Request("set_order_status", "INVALID_TRANSITION", "PATCH", "/orders/1", _SHIPPED),
    Request("place_order", "OUT_OF_STOCK", "POST", "/orders", _LARGE_ORDER),
    Request("create_author", "author", "POST", "/authors", _AUTHOR),
    Request("create_author", "DUPLICATE", "POST", "/authors", _AUTHOR),
    Request("replace_author", "author", "PUT", "/authors/101", {**_AUTHOR, "bio": "Likes maps."}),
    Request("update_author", "without-bio", "PATCH", "/authors/101", {"bio": None}),
    Request("delete_author", "author", "DELETE", "/authors/101"),
    Request("create_book", "book", "POST", "/books", _BOOK),
    Request("replace_book", "book", "PUT", "/books/1001", {**_BOOK, "price": 19.99}),
    Request("update_book", "stock", "PATCH", "/books/1001?fields=title,stock", {"stock": 40}),
    Request("delete_book", "book", "DELETE", "/books/1001"),
    Request("create_customer", "customer", "POST", "/customers", _CUSTOMER),
    Request("replace_customer", "customer", "PUT", "/customers/201", {**_CUSTOMER, "phone": None}),
    Request("update_customer", "moved", "PATCH", "/customers/201", {"address": "2 Folio Square"}),
    Request("delete_customer", "customer", "DELETE", "/customers/201"),
    Request("place_order", "order", "POST", "/orders", _ORDER, headers=_KEY),
    Request("place_order", "IDEMPOTENCY_MISMATCH", "POST", "/orders", _LARGE_ORDER, headers=_KEY),
    Request("set_order_status", "paid", "PATCH", _STATUS_OF_NEW, {"status": "paid"}),
    Request("set_order_status", "cancelled", "PATCH", _STATUS_OF_NEW, {"status": "cancelled"}),
    Request("watch_order", "paid-and-cancelled", "GET", "/orders/1001/events"),
    Request("delete_order", "order", "DELETE", "/orders/1001"),
)


def record(client: FlaskClient) -> list[dict[str, Any]]:
    """Each request with its answer, from a bookstore that is fresh and of the default size."""
    return [_exchange(client, request) for request in REQUESTS]


def _exchange(client: FlaskClient, request: Request) -> dict[str, Any]:
    sent = None if request.body is None else json.dumps(request.body)
    headers = [f"{name}: {value}" for name, value in request.headers.items()]
    response = client.open(
        request.path,
        method=request.method,
        data=sent,
        content_type=request.media_type if sent else None,
        headers=dict(request.headers),
    )
    answer: Any = response.get_json() if response.data else None
    if request.name == "order" and request.method == "POST":
        answer["order_date"] = _WHEN
    if request.operation == "watch_order":
        answer = [{**event, "occurred_at": _WHEN} for event in answer]
    return {
        "operation": request.operation,
        "name": request.name,
        "request": "\n".join([f"{request.method} {request.path}", *headers]),
        "body": request.body if response.status_code < 400 else None,
        "status": response.status_code,
        "answer": answer,
    }


def main() -> None:
    """Write the recording."""
    settings = read_settings(instance="examples")
    bookstore = open_bookstore(settings)
    try:
        recording = record(create_app(settings, bookstore).test_client())
    finally:
        bookstore.close()
    text = json.dumps(recording, indent=1, ensure_ascii=False)
    EXAMPLES.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
