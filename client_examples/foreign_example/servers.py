"""Two small APIs over one collection of records, for the example in docs/own_screens.md.

    python client_examples/foreign_example/servers.py

They know nothing of the bookstore: other paths, other names, no Server-Timing, and every request
must carry a key.
"""

import json
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REST_PORT, GRAPHQL_PORT = 8100, 8101
KEY = "open-sesame"

ALBUMS = {
    number: {
        "id": number,
        "title": f"Volume {number}",
        "year": 1990 + number,
        "label": "Low Tide Records",
        "liner_notes": "Recorded in one afternoon, in a kitchen.",
    }
    for number in range(1, 9)
}
ARTIST = {"id": 7, "name": "The Undertow", "founded": 1989, "albumIds": list(ALBUMS)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment: else Nagle and delayed ACK cost 40 ms

    def do_GET(self) -> None:
        """REST: an artist or an album."""
        answers = {"/v1/artists/7": ARTIST, "/v1/status": {}}
        answers |= {f"/v1/albums/{number}": album for number, album in ALBUMS.items()}
        self._answer(answers.get(self.path))

    def do_POST(self) -> None:
        """GraphQL, of which this understands one query."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        albums = [{"title": album["title"], "year": album["year"]} for album in ALBUMS.values()]
        understood = self.path == "/api" and body["variables"] == {"id": 7}
        artist = {"name": ARTIST["name"], "albums": albums}
        self._answer({"data": {"artist": artist}} if understood else None)

    def _answer(self, body: object) -> None:
        status = 200 if self.headers["X-Api-Key"] == KEY else 401
        status = 404 if body is None else status
        content = json.dumps(body if status == 200 else {"title": "No"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # a comparison opens several connections at once

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a client that has hung up."""


@contextmanager
def serving(
    ports: tuple[int, int] = (0, 0), tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, str]]:
    """Both servers, in threads; their addresses, REST and GraphQL. A port of 0 is a free one."""
    with ExitStack() as running:
        urls = [running.enter_context(_serving(port, tls)) for port in ports]
        yield urls[0], urls[1]


@contextmanager
def _serving(port: int, tls: ssl.SSLContext | None) -> Iterator[str]:
    with _Server(("127.0.0.1", port), _Handler) as server:
        if tls is not None:
            # The handshake belongs to the connection's own thread.
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    with serving((REST_PORT, GRAPHQL_PORT)) as both:
        print("REST", both[0], "GraphQL", both[1], flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.exit(0)
