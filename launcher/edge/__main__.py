"""Runs nginx in front of both servers, and takes everything away again at the end."""

import argparse
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from launcher.edge.certificates import make_certificates
from launcher.edge.configuration import STOP_S, Place, command, render, write
from launcher.edge.nginx import Nginx, NoEdge, find, look_at
from launcher.ports import ANY, LOOPBACK
from launcher.server import shell_status
from launcher.signals import Signals, StopRequested
from shared.config import Settings, read_settings
from shared.errors import StartError
from shared.serving.startup import START_ERROR_STATUS, configure_logging, probe_port

_LOOPBACK_6: Final = "::1"
_PARENT_CHECK_S: Final = 0.5
_FILES: Final = 8_192  # of a worker, if the system lets it have so many: one for each connection
_SPARE_FILES: Final = 64  # that are no connections
_CURE: Final = "choose another with --edge-port"


class _ParentGone(Exception):
    """Who has started this process has ended."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Serve until a signal says stop, or the parent is gone; then exit with status 0.

    What cannot start exits with status 2 and one line; an nginx that ends by itself, with its own.
    """
    parent = os.getppid()
    given = _parse(arguments)
    try:
        with Signals() as signals:
            status = _run(given, parent, signals)
    except (StopRequested, _ParentGone):
        status = 0
    except StartError as error:
        print(f"edge: {error}", file=sys.stderr, flush=True)
        status = START_ERROR_STATUS
    finally:
        shutil.rmtree(given.folder, ignore_errors=True)
    sys.exit(status)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m launcher.edge", description="What start_servers.sh --edge starts."
    )
    parser.add_argument("--host", required=True, help="address to listen on")
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument("--nginx", type=Path, help="the program; the first that is found")
    for name in ("rest", "graphql"):
        parser.add_argument(
            f"--{name}-port", type=int, help=f"where the {name} server is, unless the settings say"
        )
    parser.add_argument(
        "--folder", type=Path, required=True, help="a private one, which is removed at the end"
    )
    parser.add_argument(
        "--shared-cache", action="store_true", help="keep what the servers let a shared cache keep"
    )
    parser.add_argument(
        "--exit-with-parent",
        action="store_true",
        help="stop when the process that started this one is gone",
    )
    return parser.parse_args(arguments)


def _run(given: argparse.Namespace, parent: int, signals: Signals) -> int:
    settings = read_settings(
        host=given.host, rest_port=given.rest_port, graphql_port=given.graphql_port
    )
    configure_logging(settings)
    nginx = _nginx(given.nginx)
    place = Place(settings.host, _addresses(settings.host), given.port)
    for address in place.addresses:
        probe_port(address, given.port, _CURE)
    make_certificates(given.folder, _names(settings))
    configuration = render(nginx, settings, place, _connections(), shared_cache=given.shared_cache)
    write(given.folder, configuration)
    return _watch(nginx, given.folder, parent if given.exit_with_parent else None, signals)


def _nginx(program: Path | None) -> Nginx:
    """The program that was named, or the first that will do."""
    if program is None:
        try:
            return find()
        except NoEdge as error:
            raise StartError(str(error)) from None
    nginx = look_at(program)
    if nginx is None:
        raise StartError(f"{program} is no nginx that will do")
    return nginx


def _watch(nginx: Nginx, folder: Path, parent: int | None, signals: Signals) -> int:
    """Run nginx until it is to stop; its status, if it has ended by itself."""
    process = subprocess.Popen(command(nginx, folder), stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        while process.poll() is None:
            if parent is not None and os.getppid() != parent:
                raise _ParentGone
            signals.pause(_PARENT_CHECK_S)
    except (StopRequested, _ParentGone):
        _stop(process)
        raise
    print(f"edge: nginx has ended with status {shell_status(process.returncode)}", file=sys.stderr)
    return shell_status(process.returncode) or 1


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Let nginx finish what is under way, then end it."""
    process.send_signal(signal.SIGQUIT)
    deadline = time.monotonic() + STOP_S
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)  # between two looks
    if process.poll() is None:
        process.terminate()
        process.wait()


def _addresses(host: str) -> tuple[str, ...]:
    """Where to listen: on all that `localhost` may mean, since that is what the edge is called."""
    if host not in ("localhost", LOOPBACK):
        return (host,)
    with socket.socket(socket.AF_INET6) if socket.has_ipv6 else socket.socket() as probe:
        try:
            probe.bind((_LOOPBACK_6, 0))
        except OSError:
            return (LOOPBACK,)
    return (LOOPBACK, _LOOPBACK_6)


def _names(settings: Settings) -> tuple[str, ...]:
    """The names and addresses that the certificate is for."""
    names = ["localhost", LOOPBACK, _LOOPBACK_6]
    if settings.host in ANY:
        names += [socket.gethostname(), socket.getfqdn()]
    else:
        names.append(settings.host)
    names += [name for name in settings.allowed_hosts or () if name != "*"]
    return tuple(dict.fromkeys(names))


def _connections() -> int:
    """Let each worker have as many as the system allows, and is sensible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - _SPARE_FILES


if __name__ == "__main__":
    main()
