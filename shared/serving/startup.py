"""Starting a server: command line, settings, port, logging, errors."""

import argparse
import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal, NoReturn

from shared.config import PREFIX, Settings, read_settings, unknown_settings
from shared.errors import StartError
from shared.web.hosts import is_loopback

START_ERROR_STATUS = 2
STOP_SECONDS = 20  # for the answers under way when a server is to stop
_PARENT_CHECK_SECONDS = 0.5
# After this time a busy thread lets another take the interpreter. The event loop yields it at each
# wait and statement, and with Python's default of 5 ms waits that long to get it back: a point read
# beside one busy thread took 9 ms, and takes 4 ms with this (medians).
SWITCH_S = 0.0005

Server = Literal["rest", "graphql"]


def run_server(
    server: Server, serve: Callable[[Settings], None], arguments: Sequence[str] | None = None
) -> NoReturn:
    """Serve until a signal says stop, then exit with status 0.

    What cannot start exits with status 2 and one line on stderr that names it and the fix.
    """
    port_name = f"{server}_port"
    given = _parse(server, arguments)
    try:
        settings = read_settings(host=given.host, workers=given.workers, **{port_name: given.port})
        for line in unknown_settings():
            print(f"{server}: {line}", file=sys.stderr)
        configure_logging(settings)
        if not given.insecure:
            require_safe(settings)
        fix = f"choose another with --port or {PREFIX}{port_name.upper()}"
        probe_port(settings.host, getattr(settings, port_name), fix)
        if given.exit_with_parent:
            exit_with_parent()
        share_interpreter()
        serve(settings)
    except StartError as error:
        print(f"{server}: {error}", file=sys.stderr, flush=True)
        sys.exit(START_ERROR_STATUS)
    sys.exit(0)


def share_interpreter() -> None:
    """Shorten the time for which a thread keeps the interpreter; called in each serving process."""
    sys.setswitchinterval(SWITCH_S)


def configure_logging(settings: Settings) -> None:
    """Log to stderr from the level that is set; a worker that is a new interpreter calls it too."""
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def _parse(server: Server, arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=f"Serves the bookstore's {'REST' if server == 'rest' else 'GraphQL'} API.",
        epilog=f"More settings come from the environment ({PREFIX}...): see docs/configuration.md.",
    )
    port = Settings.model_fields[f"{server}_port"].default
    host = Settings.model_fields["host"].default
    parser.add_argument("--host", help=f"address to listen on ({PREFIX}HOST; default {host})")
    parser.add_argument(
        "--port", help=f"port to listen on ({PREFIX}{server.upper()}_PORT; default {port})"
    )
    workers = Settings.model_fields["workers"].default
    parser.add_argument(
        "--workers", help=f"processes that serve ({PREFIX}WORKERS; default {workers})"
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="listen on an address that others can reach, though no token protects writes",
    )
    parser.add_argument(
        "--exit-with-parent",
        action="store_true",
        help="stop when the process that started this one is gone",
    )
    return parser.parse_args(arguments)


def require_safe(settings: Settings) -> None:
    """Refuse to start where other machines could write to the bookstore without a token.

    Raises:
        StartError: they could.
    """
    if not is_loopback(settings.host) and settings.token is None:
        raise StartError(
            f"anybody who reaches {settings.host} could write here: set {PREFIX}TOKEN to a secret, "
            f"or {PREFIX}HOST to 127.0.0.1, or say --insecure"
        )


def probe_port(host: str, port: int, fix: str) -> None:
    """Bind the port and release it, to see that it is free; `fix` says how to choose another one.

    So that a port that cannot be had is told with its reason before the database is opened.

    Raises:
        StartError: the port is taken, or may not be used.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise StartError(
            f"cannot listen on {host!r}: {error.strerror}; set --host or {PREFIX}HOST to an "
            "address of this machine, such as 127.0.0.1"
        ) from None
    with socket.socket(family, kind) as probe:
        # Lets a port be taken again while old connections linger, but not one that is listened on.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"port {port} on {host} is taken; stop the program that has it, or {fix}"
            elif error.errno == errno.EADDRNOTAVAIL:
                reason = (
                    f"{host} is not an address of this machine; set --host or {PREFIX}HOST to one "
                    "that is, such as 127.0.0.1"
                )
            else:
                reason = f"cannot listen on {host}, port {port}: {error.strerror}; {fix}"
            raise StartError(reason) from None


def exit_with_parent(parent: int | None = None) -> None:
    """Stop this process, as by SIGTERM, when its parent is gone.

    Every worker of a server calls it, since it would outlive a parent that got SIGKILL. Polling is
    the one way that works on both Linux and macOS.
    """
    watched = os.getppid() if parent is None else parent

    def watch() -> None:
        while os.getppid() == watched:
            time.sleep(_PARENT_CHECK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="exit-with-parent", daemon=True).start()
