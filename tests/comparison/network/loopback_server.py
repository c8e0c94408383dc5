"""What the HTTP servers of these tests share: a free port of the loopback, served in a thread."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handling:
    """What a `BaseHTTPRequestHandler` has here besides: goes before it among the bases."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment, or Nagle and delayed ACK cost 40 ms

    def body(self) -> bytes:
        """The request's, which may have none."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def json_body(self) -> dict:
        return json.loads(self.body())

    def log_message(self, *arguments) -> None:
        """Tests print nothing."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves while it is entered."""

    daemon_threads = True
    request_queue_size = 64  # the client opens several connections at once

    def __init__(self, handler: type[BaseHTTPRequestHandler], scheme: str = "http") -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.url = f"{scheme}://127.0.0.1:{self.server_port}"

    def __enter__(self):
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
