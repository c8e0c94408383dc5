"""A small bookstore that speaks both APIs, just enough for the screens, in a thread.

Customer 1 has 5 orders of 3 items, 15 different books; author 1 wrote the first 5 books. It knows
ETags, persisted queries, how to change a book, and static costs if it is told some.
"""

import gzip
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.comparison.network.loopback_server import Handling, LoopbackServer

BOOKS = {
    number: {
        "id": number,
        "title": f"Bücher {number}",
        "isbn": f"978{number:010}",
        "price": 10 + number / 4,
        "publication_date": "2023-01-15",
        "author_id": 1 if number <= 5 else 2,
        "genre": "Programming",
        "description": None,
        "stock": 7,
    }
    for number in range(1, 26)
}
ORDERS = {
    number: {
        "id": number,
        "customer_id": 1,
        "order_date": f"2024-05-0{number}T12:00:00Z",
        "status": "paid",
        "total_amount": 30,
        "items": [
            {"book_id": 3 * (number - 1) + place, "quantity": place, "price": 9.5}
            for place in (1, 2, 3)
        ],
    }
    for number in range(1, 6)
}
AUTHOR = {"id": 1, "name": "Ada", "email": "ada@example.com", "bio": "…"}

Answer = tuple[int, object, int]  # status, body, statements


class FakeBookstore(LoopbackServer):
    """Answers on a free port of the loopback; `spoil` may change any answer.

    `confirm` says whether what a client has kept is still so, given its ETag and the right one.
    """

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.connections = 0
        self.requests: Counter[str] = Counter()
        self.under_way = 0
        self.most_under_way = 0
        self.quiet = False  # whether Server-Timing is left out
        self.cache_control = "no-cache"
        self.confirm: Callable[[str, str], bool] = lambda kept, now: kept == now
        self.confirms_unasked = False
        self.queries: dict[str, str] = {}  # by their hash
        self.cost: object = None  # what it tells of an operation's cost, if it is asked
        self.asked_for_cost: list[str] = []  # paths
        self.lock = threading.Lock()
        self.accepted = threading.Condition(self.lock)
        self.spoil: Callable[[str, Answer], Answer | None] = lambda path, answer: answer

    def process_request(self, request, client_address) -> None:
        with self.lock:
            self.connections += 1
            self.accepted.notify_all()
        super().process_request(request, client_address)

    def wait_for_connections(self, number: int) -> None:
        """Wait until so many have been accepted: a client may connect before that."""
        with self.accepted:
            assert self.accepted.wait_for(lambda: self.connections >= number, 20)


class _Handler(Handling, BaseHTTPRequestHandler):
    server: FakeBookstore

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        is_floor = parts.path == "/ping"
        if parts.path.startswith("/graphql"):
            self._answer(self._persisted(parts.path, query))
        else:
            self._answer((200, {"status": "ok"}, 0) if is_floor else rest(parts.path, query))

    def do_POST(self) -> None:
        body = self.json_body()
        hashed = body.get("extensions", {}).get("persistedQuery", {}).get("sha256Hash")
        if hashed == hashlib.sha256(body["query"].encode()).hexdigest():
            self.server.queries[hashed] = body["query"]
        status, answer, statements = graphql(self.path, body["query"])
        if body.get("extensions", {}).get("cost"):
            self.server.asked_for_cost.append(self.path)
            if self.server.cost is not None:
                answer["extensions"] = {"cost": self.server.cost}
        self._answer((status, answer, statements))

    def do_PATCH(self) -> None:
        book = BOOKS[int(self.path.rpartition("/")[2])]
        book.update(self.json_body())
        self._answer((200, book, 2))

    def _persisted(self, path: str, query: dict[str, str]) -> Answer:
        hashed = json.loads(query["extensions"])["persistedQuery"]["sha256Hash"]
        if hashed in self.server.queries:
            return graphql(path, self.server.queries[hashed])
        code = {"code": "PERSISTED_QUERY_NOT_FOUND"}
        return 200, {"errors": [{"message": "PersistedQueryNotFound", "extensions": code}]}, 0

    def _answer(self, answer: Answer) -> None:
        server = self.server
        with server.lock:
            server.requests[self.path] += 1
            server.under_way += 1
            server.most_under_way = max(server.most_under_way, server.under_way)
        spoiled = server.spoil(self.path, answer)
        if spoiled is None:  # break off
            self.close_connection = True
        else:
            self._send(*spoiled)
        with server.lock:
            server.under_way -= 1

    def _send(self, status: int, body: object, statements: int) -> None:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        kept = self.headers.get("If-None-Match")
        asked = kept is not None or self.server.confirms_unasked
        if asked and self.command == "GET" and self.server.confirm(kept or "", tag):
            status, content = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if self.command == "GET" and status in {200, 304}:
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", self.server.cache_control)
        if not self.server.quiet:
            said = f'total;dur=1.5, db;dur=0.25;desc="{statements} statements"'
            self.send_header("Server-Timing", said)
        if len(content) > 1000 and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def rest(path: str, query: dict[str, str]) -> Answer:
    """What the REST server says to a GET."""
    fields = query.get("fields")
    if path == "/authors/1" and fields:
        books = [_only(BOOKS[number], "title", "price", "genre") for number in range(1, 6)]
        return 200, {**_only(AUTHOR, "name", "email"), "books": books}, 2
    if path == "/authors/1":
        return 200, AUTHOR, 1
    if path == "/authors/1/books":
        return 200, [BOOKS[number] for number in range(1, 6)], 1
    if path == "/customers/1/orders":
        summaries = [
            {**_only(order, "id", "order_date", "status", "total_amount"), "item_count": 3}
            for order in ORDERS.values()
        ]
        return 200, summaries, 1
    if path == "/customers/1" and fields:
        return 200, {"orders": [_nested(order, "order_date") for order in ORDERS.values()]}, 4
    if path == "/orders" and query == {"customer_id": "1"}:
        return 200, list(ORDERS.values()), 2
    if path == "/books" and "ids" in query:
        return 200, [BOOKS[int(number)] for number in query["ids"].split(",")], 1
    if path == "/books":
        books = list(BOOKS.values())[: int(query.get("limit", 20))]
        return 200, [_only(book, *fields.split(",")) if fields else book for book in books], 1
    found = re.fullmatch(r"/(orders|books)/(\d+)", path)
    rows = {"orders": ORDERS, "books": BOOKS}
    if found and int(found[2]) in rows[found[1]]:
        row = rows[found[1]][int(found[2])]
        return 200, _only(row, *fields.split(",")) if fields else row, 2
    return 404, {"status": 404, "code": "NOT_FOUND", "title": "Not Found", "detail": path}, 0


def graphql(path: str, document: str) -> tuple[int, dict, int]:
    """What the GraphQL server says to the screens' queries, told apart by their names."""
    unbatched = path == "/graphql/unbatched"
    if "AuthorPage" in document:
        books = [_only(BOOKS[number], "title", "price", "genre") for number in range(1, 6)]
        data = {"author": {**_only(AUTHOR, "name", "email"), "books": books}}
        return 200, {"data": data}, 2
    if "OrderHistory" in document:
        orders = [_nested(order, "orderDate") for order in ORDERS.values()]
        return 200, {"data": {"customer": {"orders": orders}}}, 22 if unbatched else 4
    if "BookList" in document:
        names = ("title", "price") if "isbn" not in document else tuple(BOOKS[1])
        books = [_only(book, *names) for book in list(BOOKS.values())[:20]]
        return 200, {"data": {"books": books}}, 1
    error = {"message": "what?", "extensions": {"code": "GRAPHQL_PARSE_FAILED"}}
    return 400, {"errors": [error]}, 0


def _nested(order, date):
    items = [
        {
            **_only(item, "quantity", "price"),
            "book": {"title": BOOKS[item["book_id"]]["title"]},
        }
        for item in order["items"]
    ]
    return {date: order["order_date"], "status": order["status"], "items": items}


def _only(row, *names):
    return {name: row[name] for name in names}
