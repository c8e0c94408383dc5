"""Serves the contracts as they are, and a copy of both servers for each change.

    python -m benchmarks.claims.contract_changes.serving

Prints one line of JSON, the addresses by API and change ("" for the servers as they are), and
serves until its standard input ends. Each copy is a process of its own on a free port of loopback,
over sample data that all share.
"""

import json
import multiprocessing
import os
import signal
import socket
import sys
from typing import Final

import uvicorn
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.claims.contract_changes.changes import CHANGES
from benchmarks.claims.contract_changes.graphql_copy import GRAPHQL_CHANGES
from benchmarks.claims.contract_changes.rest_copy import REST_CHANGES, RestCopy
from graphql_api.app import create_app as graphql_app
from graphql_api.schema import executable
from launcher.ports import LOOPBACK, base_url
from rest_api.app import create_app as rest_app
from shared.config import Settings, read_settings
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.startup import exit_with_parent

_WAITING: Final = 64  # connections that may wait until their process has begun
_ENDING_S: Final = 10.0


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        pass


def _serve_rest(
    settings: Settings, bookstore: Bookstore, change: str, listening: socket.socket
) -> None:
    application = rest_app(settings, bookstore)
    served = RestCopy(application, REST_CHANGES[change]) if change else application
    host, port = listening.getsockname()
    make_server(
        host, port, served, threaded=True, request_handler=_Silent, fd=listening.fileno()
    ).serve_forever()


def _serve_graphql(
    settings: Settings, bookstore: Bookstore, change: str, listening: socket.socket
) -> None:
    if change:
        GRAPHQL_CHANGES[change](executable)
    config = uvicorn.Config(graphql_app(settings, bookstore), log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])


_SERVE: Final = {"rest": _serve_rest, "graphql": _serve_graphql}


def _copy(api: str, change: str, instance: str, listening: socket.socket) -> None:
    exit_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = listening.getsockname()[1]
    settings = read_settings(instance=instance, **{f"{api}_port": port})
    bookstore = open_bookstore(settings)
    try:
        _SERVE[api](settings, bookstore, change, listening)
    finally:
        bookstore.close()


def main() -> None:
    """Serve until the standard input ends."""
    forking = multiprocessing.get_context("fork")  # what is imported here is not imported again
    instance = f"contract-changes-{os.getpid()}"
    addresses: dict[str, dict[str, str]] = {api: {} for api in _SERVE}
    copies = []
    for api in _SERVE:
        for change in ("", *(one.name for one in CHANGES)):
            listening = socket.create_server((LOOPBACK, 0), backlog=_WAITING)
            addresses[api][change] = base_url(LOOPBACK, listening.getsockname()[1])
            copies.append(
                forking.Process(target=_copy, args=(api, change, instance, listening), daemon=True)
            )
    for each in copies:
        each.start()
    print(json.dumps(addresses), flush=True)
    sys.stdin.read()
    for each in copies:
        each.terminate()
    for each in copies:
        each.join(_ENDING_S)
        each.kill()  # what has not ended by then, or nothing


if __name__ == "__main__":
    main()
