"""The bookstore over gRPC: grpcio's server, with its threads, as its documentation shows it.

    python -m benchmarks.claims.grpc.server --port PORT [--gzip]

Its methods read the selections that REST's `fields` and GraphQL's plans read for the same screens.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from threading import Event
from typing import Any, TypeAlias

import grpc

from benchmarks.claims.grpc.protocol import messages, services
from benchmarks.claims.servers import Address, listen_at, parser_of
from client_examples.comparison.screens import order_history
from shared import limits
from shared.config import read_settings
from shared.database import Database
from shared.errors import BookstoreError, NotFound, StartError, Unavailable, ValidationFailed
from shared.models import Input
from shared.operations import books, customers
from shared.reading.catalogue import BOOK, CUSTOMER
from shared.reading.listing import BookQuery
from shared.reading.selection import parse_fields
from shared.rules.validation import validated
from shared.rules.values import Id
from shared.serving.bookstore import open_bookstore
from shared.serving.startup import START_ERROR_STATUS, share_interpreter

THREADS = 4
GRACE_S = 5.0  # for answers under way when it is told to stop
HISTORY = parse_fields(CUSTOMER, order_history.FIELDS)
LISTED = parse_fields(BOOK, "title,price")
_STATUSES = (
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (ValidationFailed, grpc.StatusCode.INVALID_ARGUMENT),
    (Unavailable, grpc.StatusCode.UNAVAILABLE),
    (BookstoreError, grpc.StatusCode.UNKNOWN),
)

Method: TypeAlias = Callable[["Bookstore", Any], Any]  # of a request
Called: TypeAlias = Callable[["Bookstore", Any, grpc.ServicerContext], Any]  # as grpcio calls it


class _OfCustomer(Input):
    customer_id: Id


def _told(method: Method) -> Called:
    """What the bookstore refuses, as gRPC's status with the same words."""

    @wraps(method)
    def answered(self: "Bookstore", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request)
        except BookstoreError as error:
            status = next(code for kind, code in _STATUSES if isinstance(error, kind))
            context.abort(status, error.message)

    return answered


class Bookstore(services.BookstoreServicer):  # type: ignore[misc]  # made by protoc
    """The methods of the contract, over an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @_told
    def GetOrderHistory(self, request: Any) -> Any:  # noqa: N802 - its name in the contract
        """A customer's orders with the items' book titles."""
        asked = validated(_OfCustomer, {"customer_id": request.customer_id})
        with self._database.snapshot() as connection:
            customer = customers.get_customer(connection, asked.customer_id, HISTORY)
        return messages.OrderHistory(**customer)

    @_told
    def ListBooks(self, request: Any) -> Any:  # noqa: N802 - its name in the contract
        """The first books."""
        limit = request.limit if request.HasField("limit") else limits.DEFAULT_LIMIT
        query = validated(BookQuery, {"limit": limit})
        with self._database.reading() as connection:
            page = books.list_books(connection, query, LISTED)
        return messages.ListBooksResponse(books=page.records)


def serve(address: Address, *, gzip: bool) -> None:
    """Serve until SIGTERM.

    Raises:
        StartError: the bookstore cannot be opened, or the port is taken.
    """
    told_to_stop = Event()  # from before anybody can see that it listens
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    bookstore = open_bookstore(read_settings())
    try:
        server = grpc.server(
            ThreadPoolExecutor(THREADS),
            options=[("grpc.so_reuseport", 0)],  # or two servers would share a port
            compression=grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression,
        )
        services.add_BookstoreServicer_to_server(Bookstore(bookstore.database), server)
        try:
            server.add_insecure_port("{}:{}".format(*address))
        except RuntimeError as error:
            raise StartError(f"cannot listen on {address.host}, port {address.port}") from error
        server.start()
        told_to_stop.wait()
        server.stop(GRACE_S).wait()
    finally:
        bookstore.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve; the status is 2 where it cannot."""
    parser = parser_of("Serves two screens of the bookstore over gRPC.")
    parser.add_argument("--gzip", action="store_true", help="compress the answers")
    options = parser.parse_args(arguments)
    share_interpreter()
    try:
        serve(listen_at(options), gzip=options.gzip)
    except StartError as error:
        print(f"grpc: {error}", file=sys.stderr)
        return START_ERROR_STATUS
    return 0


if __name__ == "__main__":
    sys.exit(main())
