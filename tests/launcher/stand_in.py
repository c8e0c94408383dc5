"""A server that stands in for the real ones: quick to start, and it fails on demand.

    python stand_in.py MARKS [--fail-with N] [--begin-when FILE] [--healthy-when FILE]
                       [--stubborn] [--worker] --host H --port N --exit-with-parent

While it runs, the folder MARKS has a file with its process id as its name, which it removes when
it stops in good order; with --worker another for a process that it starts.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("marks", type=Path)
    parser.add_argument("--fail-with", type=int)
    parser.add_argument("--begin-when", type=Path)
    parser.add_argument("--healthy-when", type=Path)
    parser.add_argument("--stubborn", action="store_true")
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--exit-with-parent", action="store_true", required=True)
    return parser.parse_args()


def health_handler(healthy_when: Path | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            healthy = healthy_when is None or healthy_when.exists()
            self.send_response(200 if healthy else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def exit_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.02)  # between two looks
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    parent = os.getppid()
    arguments = read_arguments()
    if arguments.fail_with is not None:
        sys.exit(print("stand-in: told to fail", file=sys.stderr) or arguments.fail_with)
    while arguments.begin_when is not None and not arguments.begin_when.exists():
        time.sleep(0.01)  # between two looks
    try:
        handler = health_handler(arguments.healthy_when)
        server = ThreadingHTTPServer((arguments.host, arguments.port), handler)
    except OSError:
        print(f"stand-in: port {arguments.port} is taken", file=sys.stderr)
        sys.exit(2)
    mark = arguments.marks / str(os.getpid())
    mark.touch()
    if arguments.worker:
        worker = subprocess.Popen(["sleep", "1000"])
        (arguments.marks / str(worker.pid)).touch()
    stop = signal.SIG_IGN if arguments.stubborn else lambda *_: sys.exit(0)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=exit_with_parent, args=[parent], daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.02)
    finally:
        mark.unlink()


if __name__ == "__main__":
    main()
