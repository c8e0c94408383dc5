"""A real HTTP server on a free port of the loopback that answers what a test tells it to."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def json(self):
        return json.loads(self.body)


@dataclass(frozen=True)
class Says:
    """An answer; `cut` bytes of its end are not sent, though announced."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0


class ScriptedServer(ThreadingHTTPServer):
    """Answers with the script's next entry, its last one ever after; None breaks off."""

    daemon_threads = True
    request_queue_size = 64  # the client opens several connections at once

    def __init__(self, *script: Says | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.script = list(script)
        self.received: list[Received] = []

    @property
    def attempts(self) -> int:
        return len(self.received)

    def next(self) -> Says | None:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def __enter__(self):
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: ScriptedServer

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        received = Received(self.command, self.path, body, dict(self.headers))
        self.server.received.append(received)
        says = self.server.next()
        if says is None:
            self.close_connection = True
            return
        content = b"" if says.body is None else says.body
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(says.status)
        for name, value in says.headers.items():
            self.send_header(name, value)
        if says.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) - says.cut])
        self.close_connection = says.cut > 0

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

    def log_message(self, *arguments) -> None:
        pass
