"""What surrounds the application, also where the application is not Flask."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from rest_api.web.middleware import Middleware
from shared import limits
from shared.config import Settings
from shared.storage.instrumentation import current_timing

ORIGIN = "http://127.0.0.1:8001"
SETTINGS = Settings(cors_origins=(ORIGIN,))


class Stream:
    """A body that is made while it is sent."""

    def __init__(self) -> None:
        self.sent = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(3):
            self.sent += 1
            yield b"x" * 2 * limits.GZIP_MINIMUM_BYTES

    def close(self) -> None:
        self.closed = True


def answer(application: Any, **environ: Any) -> tuple[str, dict[str, str], Iterable[bytes]]:
    return answer_of(Middleware(application, SETTINGS), **environ)


def answer_of(
    middleware: Middleware, **environ: Any
) -> tuple[str, dict[str, str], Iterable[bytes]]:
    given = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": BytesIO(), **environ}
    heads: list[tuple[str, dict[str, str]]] = []
    body = middleware(given, lambda status, headers, _=None: heads.append((status, dict(headers))))
    ((status, headers),) = heads
    return status, headers, body


def streaming(stream: Stream) -> Any:
    def application(environ: Any, start_response: Any) -> Stream:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return stream

    return application


def test_a_stream_is_neither_held_back_nor_compressed() -> None:
    stream = Stream()
    _, headers, body = answer(streaming(stream), HTTP_ACCEPT_ENCODING="gzip")
    assert body is stream
    assert stream.sent == 0
    assert {"Content-Encoding", "ETag", "Server-Timing"}.isdisjoint(headers)
    assert headers["Cache-Control"] == "no-store"


def test_head_closes_the_body_that_it_leaves_out() -> None:
    stream = Stream()
    _, _, body = answer(streaming(stream), REQUEST_METHOD="HEAD")
    assert list(body) == []
    assert stream.closed
    assert stream.sent == 0


def test_statements_are_counted_for_each_request_alone() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        for _ in range(environ["statements"]):
            current_timing().record(2_000_000, "SELECT 1")
        start_response("200 OK", [])
        return []

    middleware = Middleware(application, SETTINGS)
    for count, text in ((3, '"3 statements"'), (1, '"1 statement"'), (0, '"0 statements"')):
        _, headers, _ = answer_of(middleware, statements=count)
        assert headers["Server-Timing"].endswith(f"db;dur={2 * count:.2f};desc={text}")


def test_the_application_reads_a_body_in_chunks_as_any_other() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    _, _, body = answer(
        application, HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": BytesIO(b"{}")}
    )
    assert body == [b"{}"]


def test_a_client_that_waits_for_leave_is_refused_before_it_sends() -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError

    too_long = {"CONTENT_LENGTH": str(limits.MAX_BODY_BYTES + 1), "wsgi.input": Unread()}
    status, _, _ = answer(None, HTTP_EXPECT="100-continue", **too_long)
    assert status.startswith("413")


def test_a_preflight_needs_no_route(client: FlaskClient) -> None:
    # So that the page sees the problem document of the request itself.
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
    preflight = client.options("/orders/1", headers=asks)
    assert preflight.status_code == 204
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Headers" not in preflight.headers
    refused = client.put("/orders/1", headers={"Origin": ORIGIN})
    assert refused.status_code == 405
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_options_without_an_origin_names_the_methods(client: FlaskClient) -> None:
    answered = client.options("/orders/1", headers={"Access-Control-Request-Method": "PUT"})
    assert answered.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


def test_no_answer_is_to_be_guessed_at(client: FlaskClient) -> None:
    for path in ("/books/1", "/nothing", "/docs"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("origins", "allowed"), [(["*"], "*"), (["http://other.example"], None), ([ORIGIN], ORIGIN)]
)
def test_who_may_call_from_a_browser(origins: list[str], allowed: str | None) -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"{}"]

    _, headers, _ = answer_of(
        Middleware(application, Settings(cors_origins=tuple(origins))), HTTP_ORIGIN=ORIGIN
    )
    assert dict(headers).get("Access-Control-Allow-Origin") == allowed
    assert "Access-Control-Allow-Credentials" not in dict(headers)
