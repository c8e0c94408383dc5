"""The same page by hand, without generated types: what most clients have."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import requests

from benchmarks.claims.contract_changes.programs import BOOKS, CUSTOMER, QUERY

LIMIT_S: Final = 60.0
_LABELS: Final = {
    "pending": "is not paid yet",
    "paid": "is on its way",
    "shipped": "is on its way",
    "delivered": "is closed",
    "cancelled": "is closed",
}


class Refused(Exception):
    """The server has not done what it was asked for; says why."""


def rest(url: str) -> dict[str, object]:
    """By three requests."""
    customer = _get(f"{url}/customers/{CUSTOMER}")
    orders = _get(f"{url}/customers/{CUSTOMER}/orders")
    return _page(customer["name"], orders, "total_amount", _get(f"{url}/books", limit=BOOKS))


def rest_fields(url: str) -> dict[str, object]:
    """By two requests that name what the page shows."""
    fields = "name,orders.id,orders.status,orders.total_amount"
    customer = _get(f"{url}/customers/{CUSTOMER}", fields=fields)
    books = _get(f"{url}/books", limit=BOOKS, fields="title,genre,price")
    return _page(customer["name"], customer["orders"], "total_amount", books)


def graphql(url: str) -> dict[str, object]:
    """By one query."""
    sent = {"query": QUERY, "variables": {"customer": CUSTOMER, "books": BOOKS}}
    answer = _answer(requests.post(f"{url}/graphql/dataloader", json=sent, timeout=LIMIT_S))
    if "errors" in answer:
        raise Refused(answer["errors"][0]["message"])
    customer, books = answer["data"]["customer"], answer["data"]["books"]
    return _page(customer["name"], customer["orders"], "totalAmount", books)


PAGES: Final[Mapping[str, Callable[[str], dict[str, object]]]] = {
    "rest": rest,
    "rest/fields": rest_fields,
    "graphql": graphql,
}


def _page(name: str, orders: list[Any], total: str, books: list[Any]) -> dict[str, object]:
    spent = 0.0
    for order in orders:
        spent += order[total]
    lines = [f"{order['id']} {_LABELS[order['status']]}" for order in orders]
    shelf = [f"{one['title']} ({one['genre'].upper()}) {one['price'] + 0:.2f}" for one in books]
    return {"name": name, "spent": round(spent, 2), "orders": lines, "books": shelf}


def _get(url: str, **query: str | int) -> Any:
    return _answer(requests.get(url, params=query, timeout=LIMIT_S))


def _answer(response: requests.Response) -> Any:
    if 400 <= response.status_code < 500:
        told = response.json()
        raise Refused(told.get("detail") or told["errors"][0]["message"])
    response.raise_for_status()
    return response.json()
