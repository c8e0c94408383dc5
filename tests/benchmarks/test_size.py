"""What is asked of bookstores of each size, and how it is told."""

import itertools
import json
import socket
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks import documents
from benchmarks.size.__main__ import _full, _sizes, main
from benchmarks.size.asking import Kind, Wanted
from benchmarks.size.chart import size_picture
from benchmarks.size.client import Client, NotAnswered, TimedOut, objects_in
from benchmarks.size.page import size_block
from benchmarks.size.requests import SORTS, kinds
from benchmarks.size.results import document
from benchmarks.size.servers import Making, Sized
from shared.reading.catalogue import ENTITIES
from shared.reading.listing import BookQuery, OrderQuery

ROW = {"id": 5, "title": "T", "price": 1.5, "publication_date": "2020-01-01", "genre": "Art",
       "name": "N", "order_date": "2024-05-01T12:00:00Z", "total_amount": 4.0,
       "status": "paid"}  # fmt: skip
KINDS = kinds(1_000, lambda _path: ROW)


def named(group: str, api: str = "rest") -> set[str]:
    return {kind.name for kind in KINDS if kind.group == group and kind.api == api}


def test_every_kind_has_a_name_of_its_own() -> None:
    counted = Counter((kind.group, kind.api, kind.name) for kind in KINDS)
    assert set(counted.values()) == {1}


def test_every_sort_key_is_asked_for_in_both_directions() -> None:
    assert {name: set(keys) for name, keys in SORTS.items()} == {
        name: set(entity.sorts) for name, entity in ENTITIES.items() if entity.sorts
    }
    for resource, keys in SORTS.items():
        for key in (f"{sign}{key}" for key in keys for sign in ("", "-")):
            assert f"{resource} by {key}" in named("deep pages")
            if key != "id":
                assert f"{resource} by {key}" in named("sorted pages")


@pytest.mark.parametrize(("query", "resource"), [(BookQuery, "book"), (OrderQuery, "order")])
def test_every_filter_is_asked_for_with_every_sort(query: Any, resource: str) -> None:
    asked = [
        variant.path
        for kind in KINDS
        if kind.api == "rest"
        for variant in kind.variants
        if variant.path.startswith(f"/{resource}s?")
    ]
    directions = [f"{sign}{key}" for key in SORTS[resource] for sign in ("", "-")]
    for name, sort in itertools.product(query.conditions, directions):
        assert any(f"{name}=" in path and f"sort={sort}&" in path for path in asked), (name, sort)


def test_both_apis_are_asked_for_the_same() -> None:
    for group in {kind.group for kind in KINDS} - {"nested pages"}:
        assert named(group) == named(group, "graphql")


@pytest.mark.slow
def test_every_kind_answers_in_full_among_a_thousand_books(reading_pair: Any) -> None:
    servers = reading_pair.servers
    clients = {"rest": Client(servers.rest_url), "graphql": Client(servers.graphql_url)}

    def look(path: str) -> Any:
        return orjson.loads(clients["rest"].ask(clients["rest"].packed(Wanted(path))))

    for kind in kinds(1_000, look):
        turns = _full(kind, 1_000, clients[kind.api], 1)
        assert turns.requests
        if not kind.group.endswith("searches"):
            assert len(turns.requests) >= len(kind.variants) / 2, kind.name


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"[]", 0),
        (b'[{"id":1,"items":[{"a":1},{"a":2}]},{"id":2,"author":{"id":3}}]', 5),
        (b'{"data":{"books":[{"id":1},{"id":2,"author":{"name":"x"}}]}}', 3),
        (b'{"data":{"book":null}}', 0),
    ],
)
def test_objects_are_counted_wherever_they_stand(body: bytes, number: int) -> None:
    assert objects_in(body) == number


def test_an_answer_with_errors_is_none() -> None:
    with pytest.raises(NotAnswered, match="has errors"):
        objects_in(b'{"data":{"books":[]},"errors":[{"message":"x"}]}')


def served_once(*parts: bytes) -> str:
    """The address of a server that answers one request by these parts."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, listening:
            connection.recv(65_536)
            for part in parts:
                connection.sendall(part)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    url = served_once(b"HTTP/1.1 200 OK\r\nContent-", b"Length: 4\r\n\r", b"\n[", b"12]")
    with Client(url) as client:
        assert client.ask(client.packed(Wanted("/"))) == b"[12]"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", TimedOut),
        (b"HTTP/1.1 422 No\r\ncontent-length: 0\r\n\r\n", NotAnswered),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[]", NotAnswered),
    ],
)
def test_what_is_no_good_answer_never_counts_as_a_fast_one(answer: bytes, error: type) -> None:
    with Client(served_once(answer)) as client, pytest.raises(error) as raised:
        client.ask(client.packed(Wanted("/")))
    assert raised.type is error


@pytest.mark.parametrize("text", ["", "x", "999", "1000,20", "1000,11000000"])
def test_sizes_that_cannot_be_measured_are_refused(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--books", text])
    assert "argument --books: " in capsys.readouterr().err


def test_sizes_are_measured_from_the_smallest_on() -> None:
    assert _sizes("5000, 1000,5000") == [1_000, 5_000]


@pytest.fixture
def measured() -> Any:
    """A document of two kinds at two sizes, of which the second has missed its target."""
    two = [
        Kind("point reads", "book", "rest", 1, (Wanted("/books/1"),)),
        Kind("searches", "rare", "graphql", 1, (Wanted("/graphql", b"{}"),)),
    ]
    samples = [
        {1_000: [200, 210, 220, 900], 1_000_000: [230, 236, 236, 240]},
        {1_000: [1_000] * 4, 1_000_000: [4_000] * 4},
    ]
    sized = [
        Sized(1_000, {}, Making(1.25, 30 * 2**20, 1_500_000)),
        Sized(1_000_000, {}, Making(75.0, None, 1_434_500_000)),
    ]
    settings = {"sizes": [1_000, 1_000_000], "rounds": 4, "seed": 1}
    made = document(two, samples, settings, sized, datetime(2026, 11, 21, tzinfo=UTC))
    return json.loads(json.dumps(made))


def test_medians_ratios_and_what_was_missed(measured: Any) -> None:
    point, search = measured["kinds"]
    assert point["median_us"] == {"1000": 215, "1000000": 236}
    assert point["ratio"] == {"1000": 1.0, "1000000": 1.098}
    assert (point["target"], point["missed"]) == (1.3, False)
    assert (search["target"], search["missed"]) == (3.0, True)


def test_the_page_shows_what_was_measured(measured: Any) -> None:
    text = size_block(measured, "size.svg")
    assert "| point reads, REST | 1 | 0.215 | 0.236 | 1.10 | 1.10 | 1.3 | 0 |" in text
    assert "| searches, GraphQL | 1 | 1.00 | 4.00 | 4.00 | 4.00 | 3 | 1 |" in text
    assert "Of 2 kinds, 1 missed their target at 1,000,000 books:" in text
    assert "| searches: rare | GraphQL | 1.00 | 4.00 | 4.00 | 3 |" in text
    assert "| 1,000,000 | 75.0 | \N{EN DASH} | 1,434.5 | 1,434 |" in text
    assert "Only 4 requests of each" in text
    for kind in measured["kinds"]:
        kind["missed"] = False
    assert "No kind of request missed its target" in size_block(measured, "size.svg")


def test_the_picture_has_a_line_for_each_group(measured: Any, tmp_path: Path) -> None:
    drawn = size_picture(measured)
    assert drawn.startswith("<svg")
    for word in ("point reads", "searches", "REST", "GraphQL", "1,000,000"):
        assert word in drawn
    assert "var(--" not in drawn
    assert size_picture(measured) == drawn


def test_the_page_is_made_of_the_results_and_the_rest_of_it_stays(
    measured: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / documents.SIZE).parent.mkdir(parents=True)
    (tmp_path / documents.SIZE).write_text(json.dumps(measured))
    (tmp_path / documents.README).write_text("")
    page = tmp_path / documents.SIZE_PAGE
    page.write_text("before\n<!-- size -->\nold\n<!-- /size -->\nafter\n")
    assert documents.main(["--check"], tmp_path) == 1
    assert "old" in page.read_text()
    assert documents.main([], tmp_path) == 0
    text = page.read_text()
    assert text.startswith("before\n<!-- size -->\n\nMeasured on 2026-11-21")
    assert text.endswith("<!-- /size -->\nafter\n")
    assert (tmp_path / documents.SIZE_PICTURE).read_text() == size_picture(measured)
    assert documents.main(["--check"], tmp_path) == 0
    page.write_text("no marks\n")
    with pytest.raises(ValueError, match="has no <!-- size -->"):
        documents.main([], tmp_path)
