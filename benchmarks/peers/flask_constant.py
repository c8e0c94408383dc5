"""A bare Flask application with a constant answer on Granian: what REST cannot go below."""

from flask import Flask
from granian.constants import Interfaces
from granian.server import Server

from shared.config import Settings
from shared.serving import exit_with_parent, run_server

THREADS = 32  # as many as the REST server has

app = Flask(__name__)


@app.get("/ping")
@app.get("/health")
def ping() -> dict[str, str]:
    """A constant."""
    return {"status": "ok"}


def serve(settings: Settings) -> None:
    """Serve until a signal says stop."""
    Server(
        "benchmarks.peers.flask_constant",
        address=settings.host,
        port=settings.rest_port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_enabled=False,
    ).serve(target_loader=_load, wrap_loader=False)


def _load() -> Flask:
    exit_with_parent()
    return app


if __name__ == "__main__":
    run_server("rest", serve)
