"""A help desk behind two APIs that have little in common with the bookstore's.

REST at /api/v2 of one server: nested addresses, answers in envelopes, pages by cursor. GraphQL at
/gateway/graphql of another. Both want a token, which REST's /login gives for the password, beside
a cookie without which nothing is answered, either.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from graphql import build_schema, graphql_sync

TOKEN, PASSWORD, SESSION = "desk-token", "pass-word", "s3ss10n"
PAGE = 3
TICKETS = [
    {"id": 50 + number, "subject": f"Printer {number} is on fire", "agent": 7 + number % 2}
    for number in range(7)
]
AGENTS = {7: {"id": 7, "name": "Mo"}, 8: {"id": 8, "name": "Kim"}}

SCHEMA = build_schema("""
    type Query { team(id: ID!): Team }
    type Team { name: String! tickets: [Ticket!]! }
    type Ticket { id: ID! subject: String! agent: Agent! }
    type Agent { name: String! }
""")


class Seen(NamedTuple):
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]


class HelpDesk:
    """Both servers.

    `seen` are the requests that came, `guarded` whether they need a token. `troubled` says of a
    request what it is answered instead, None as ever; a status of 0 hangs up, and
    one of -1 ends the server.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.troubled: Callable[[Seen], tuple[int, Any] | None] = lambda _: None
        self.guarded = True
        self.rest = self.graphql = self.other = ""

    def answer(self, request: "_Handler", body: Any) -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers of an answer."""
        parts = urlsplit(request.path)
        if request.api == "other":
            return 200, {"motto": "Have you tried turning it off?"}, {}
        if parts.path == "/api/v2/login":
            if body != {"password": PASSWORD}:
                return 403, {"error": "wrong password"}, {}
            cookie = {"Set-Cookie": f"session={SESSION}; Path=/"}
            return 200, {"data": {"token": TOKEN}}, cookie
        cookies = SimpleCookie(request.headers.get("Cookie", ""))
        is_known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        if self.guarded and not (is_known and "session" in cookies):
            return 401, {"error": f"no token for {request.api}"}, {}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if request.api == "graphql":
            return *self._graphql(parts.path, body or _of_get(query)), {}
        return *self._rest(parts.path, query), {}

    def _rest(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path == "/api/v2/teams/3":
            return 200, {"data": {"id": 3, "name": "First line"}}
        if path == "/api/v2/teams/3/tickets":
            start = int(query.get("cursor", 0))
            more = {"next": str(start + PAGE)} if start + PAGE < len(TICKETS) else {}
            return 200, {"data": TICKETS[start : start + PAGE], "meta": more}
        agent = path.removeprefix("/api/v2/agents/")
        if agent.isdigit() and int(agent) in AGENTS:
            return 200, {"data": AGENTS[int(agent)]}
        return 404, {"error": f"nothing at {path}"}

    def _graphql(self, path: str, body: Any) -> tuple[int, Any]:
        if path != "/gateway/graphql":
            return 404, {"error": f"nothing at {path}"}
        tickets = [{**one, "agent": AGENTS[one["agent"]]} for one in TICKETS]

        def team(_info: object, id: str) -> Any:  # noqa: A002 - the argument's name
            return {"name": "First line", "tickets": tickets} if id == "3" else None

        done = graphql_sync(
            SCHEMA, body["query"], {"team": team}, variable_values=body.get("variables")
        )
        answer: dict[str, Any] = {"data": done.data}
        if done.errors:
            answer["errors"] = [error.formatted for error in done.errors]
        return 200, answer


def _of_get(query: dict[str, str]) -> Any:
    return {"query": query["query"], "variables": json.loads(query.get("variables", "{}"))}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    desk: HelpDesk
    api: str

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a client that has hung up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    @property
    def api(self) -> str:
        return self.server.api

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        desk = self.server.desk
        desk.seen.append(Seen(self.command, self.path, dict(self.headers)))
        trouble = desk.troubled(desk.seen[-1])
        status, answer, headers = (*trouble, {}) if trouble else desk.answer(self, body)
        if status <= 0:
            self.close_connection = True
            if status < 0:
                self.server.shutdown()
                self.server.server_close()
            return
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _serve  # noqa: N815 - http.server's names

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def help_desk() -> Iterator[HelpDesk]:
    """The running servers, and a third host."""
    desk, running = HelpDesk(), []
    for api in ("rest", "graphql", "other"):
        server = _Server(("127.0.0.1", 0), _Handler)
        server.desk, server.api = desk, api
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        setattr(desk, api, f"127.0.0.1:{server.server_port}")
    try:
        yield desk
    finally:
        for server, thread in running:
            server.shutdown()
            thread.join()
            server.server_close()
