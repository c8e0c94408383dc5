"""A real HTTP server on a free port of the loopback that answers what a test tells it to."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.comparison.network.loopback_server import Handling, LoopbackServer


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


class ScriptedServer(LoopbackServer):
    """Answers with the script's next entry, its last one ever after; None breaks off."""

    def __init__(self, *script: Says | None) -> None:
        super().__init__(_Handler)
        self.script = list(script)
        self.received: list[Received] = []

    @property
    def attempts(self) -> int:
        return len(self.received)

    def next(self) -> Says | None:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class _Handler(Handling, BaseHTTPRequestHandler):
    server: ScriptedServer

    def _handle(self) -> None:
        received = Received(self.command, self.path, self.body(), dict(self.headers))
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

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 - http.server's names
