"""How the Python peers are served: as our own of the same kind, apart from what ours tunes."""

import sys
from pathlib import Path
from typing import Any

import uvicorn
from granian.constants import Interfaces
from granian.server import Server

from shared.serving.startup import exit_with_parent

HOST = "127.0.0.1"


def port() -> int:
    """The port to listen on: the first argument."""
    return int(sys.argv[1])


def database() -> Path:
    """The SQLite file to read: the second argument."""
    return Path(sys.argv[2])


def serve_asgi(app: Any) -> None:
    """Serve on uvicorn with uvloop and httptools, and no log of requests."""
    exit_with_parent()
    uvicorn.run(
        app,
        host=HOST,
        port=port(),
        loop="uvloop",
        http="httptools",
        log_level="critical",
        access_log=False,
    )


def serve_wsgi(app: Any, threads: int) -> None:
    """Serve on Granian, whose worker is a fork of this process."""
    exit_with_parent()
    serve_wsgi_at(app, threads, HOST, port())


def serve_wsgi_at(app: Any, threads: int, host: str, port: int) -> None:
    """The same at an address, with nobody to end with but this process."""

    def load() -> Any:
        exit_with_parent()
        return app

    Server(
        "peer",  # not used: the worker has the application already
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=threads,
        log_enabled=False,
    ).serve(target_loader=load, wrap_loader=False)
