"""What cannot go wrong by a request alone: unexpected errors, and a database that is away."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rest_api.app import create_app
from rest_api.web.problems import PROBLEMS, type_of
from shared import errors
from shared.config import Settings
from shared.operations import books
from shared.serving.bookstore import Bookstore, open_bookstore
from tests.bookstores import fresh_bookstore


@pytest.fixture
def bookstore() -> Iterator[Bookstore]:
    opened = fresh_bookstore()
    yield opened
    opened.close()


@pytest.fixture
def away(tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application whose database cannot be opened any more."""
    folder = tmp_path / "here"
    folder.mkdir()
    bookstore = open_bookstore(Settings(database_url=f"sqlite:///{folder}/bookstore.db", books=30))
    bookstore.close()
    folder.rename(tmp_path / "away")
    yield create_app(Settings(), bookstore).test_client()
    bookstore.close()


def codes(kind: type[errors.BookstoreError]) -> Iterator[str]:
    yield kind.code
    for narrower in kind.__subclasses__():
        if narrower.__module__ == errors.__name__:  # GraphQL has one of its own
            yield from codes(narrower)


def test_every_error_of_the_bookstore_is_a_problem() -> None:
    assert set(codes(errors.BookstoreError)) == PROBLEMS.keys()


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_type_of_problem_can_be_looked_up(client: FlaskClient, code: str) -> None:
    answer = client.get(type_of(code))
    assert answer.status_code == 200
    assert answer.json == {
        **PROBLEMS[code]._asdict(),
        "type": type_of(code),
        "code": code,
    }


def test_an_unexpected_error_is_masked_and_logged(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr(books, "get_book", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/books/1")
    assert (answer.status_code, answer.json["code"]) == (500, "INTERNAL")
    assert answer.content_type == "application/problem+json"
    assert "Server-Timing" in answer.headers
    assert "12345" not in answer.text
    assert answer.json["instance"] in caplog.text
    assert "12345" in caplog.text


@pytest.mark.parametrize("path", ["/health", "/books/1", "/orders?limit=1"])
def test_a_database_that_does_not_answer_is_503_with_the_reason(
    away: FlaskClient, path: str
) -> None:
    answer = away.get(path)
    assert (answer.status_code, answer.json["code"]) == (503, "UNAVAILABLE")
    assert "file is not where it was" in answer.json["detail"]
    assert answer.headers["Retry-After"] == "1"
    assert away.get("/ping").status_code == 200


def test_health_wants_a_bookstore_that_is_complete(bookstore: Bookstore) -> None:
    with bookstore.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM bookstore WHERE name = 'complete'")
    answer = create_app(Settings(), bookstore).test_client().get("/health")
    assert (answer.status_code, answer.json["code"]) == (503, "UNAVAILABLE")


@pytest.mark.parametrize(
    "body",
    [
        b'{"' + b"n" * 10_000 + b'":1}',
        b"{" + b",".join(b'"n%d":1' % number for number in range(50_000)) + b"}",
    ],
    ids=["a long name", "many names"],
)
def test_an_error_does_not_grow_with_the_body(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/authors", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert len(answer.data) < 30_000


def test_a_name_that_cannot_be_encoded_is_shown_escaped(client: FlaskClient) -> None:
    answer = client.get("/books?%ed%a0%80=1")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, r"\xed\xa0\x80")


def test_what_is_no_utf_8_is_refused(client: FlaskClient) -> None:
    answer = client.get("/books?search=%ff%fe%fd")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "search")


def test_a_merge_patch_is_taken_and_others_are_named(client: FlaskClient) -> None:
    def patch(media_type: str) -> int:
        return client.patch("/books/1", data=b"{}", content_type=media_type).status_code

    assert patch("application/merge-patch+json") == 200
    assert patch("application/json") == 200
    assert patch("application/json-patch+json") == 415
    answer = client.put("/books/1", data=b"{}", content_type="application/merge-patch+json")
    assert answer.status_code == 415
    assert "must be application/json" in answer.json["detail"]
