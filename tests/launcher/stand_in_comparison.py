"""A comparison that stands in for the real one.

    python stand_in_comparison.py [--rest-url URL --graphql-url URL] [--server-processors N,...]
        [--edge-url URL] [--ca-file FILE] [--end-with N] [--wait] [--json FILE] [--html FILE] ...

It prints its other arguments, then the edge and the processors of either side, and writes the
files. With --wait it goes on until it is interrupted, or a server does not answer any more.
"""

import argparse
import os
import signal
import ssl
import sys
import threading
import urllib.request
from pathlib import Path


def ask_both(arguments: argparse.Namespace) -> None:
    for url in (arguments.rest_url, arguments.graphql_url):
        urllib.request.urlopen(f"{url}/health").close()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rest-url")
    parser.add_argument("--graphql-url")
    parser.add_argument("--server-processors")
    parser.add_argument("--edge-url")
    parser.add_argument("--ca-file")
    parser.add_argument("--end-with", type=int, default=0)
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--html", type=Path)
    arguments, more = parser.parse_known_args()
    if arguments.rest_url is not None:
        ask_both(arguments)
    interrupts: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: interrupts.append(number))
    print("compared with", more, flush=True)
    if arguments.edge_url is not None:
        tls = ssl.create_default_context(cafile=arguments.ca_file)
        urllib.request.urlopen(f"{arguments.edge_url}/rest/health", context=tls).close()
        print(f"by {arguments.edge_url}", flush=True)
        print(f"trusting {arguments.ca_file}", flush=True)
    if arguments.server_processors is not None:
        own = ",".join(map(str, sorted(os.sched_getaffinity(0))))
        print(f"servers on {arguments.server_processors}, client on {own}", flush=True)
    for file in (arguments.json, arguments.html):
        if file is not None and arguments.end_with != 2:  # as after a usage error
            file.write_text("results")
    if arguments.wait:
        try:
            while not interrupts:
                ask_both(arguments)
        except OSError:
            print("lost a server", flush=True)
            return 3
        # Another one would come at once; this waits for what must not happen.
        threading.Event().wait(0.2)
        print(f"interrupted {len(interrupts)} time(s), saved", flush=True)
        return 77
    return arguments.end_with


if __name__ == "__main__":
    sys.exit(main())
