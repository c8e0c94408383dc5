"""An order's events over REST: as a list, as a long poll, and as a stream."""

import json
from typing import Any

import pytest

from shared.limits import HEARTBEAT_S, MAX_WAIT_S
from tests.exchange import Client
from tests.fixtures import Pair
from tests.rest.process import Start
from tests.selection import slow
from tests.streams import EVENTS, EventSource, move, new_order, path_of
from tests.waiting import wait_until

STATUSES = ["paid", "shipped", "delivered"]
UNKNOWN = 2_000_000_000


@pytest.fixture
def rest(writing_pair: Pair) -> Client:
    return writing_pair.rest


@pytest.fixture
def order(rest: Client) -> int:
    return new_order(rest)


@pytest.fixture
def finished(writing_pair: Pair, order: int) -> int:
    """An order that has come to its end."""
    for status in STATUSES:
        move(writing_pair, order, status)
    return order


def stream(rest: Client, order: int, **more: str) -> EventSource:
    return EventSource(rest.base_url, path_of(order), **more)


def test_the_list_has_every_change_and_the_oldest_first(rest: Client, finished: int) -> None:
    answer = rest.get(path_of(finished))
    events = answer.json
    assert [event["status"] for event in events] == STATUSES
    assert [event["id"] for event in events] == sorted({event["id"] for event in events})
    assert {event["order_id"] for event in events} == {finished}
    assert set(events[0]) == {"id", "order_id", "status", "occurred_at"}
    assert answer.headers["etag"]


def test_after_leaves_out_what_was_seen(rest: Client, finished: int) -> None:
    first, *others = rest.get(path_of(finished)).json
    assert rest.get(path_of(finished, after=first["id"])).json == others


def test_a_list_that_may_not_wait_is_empty_at_once(rest: Client, order: int) -> None:
    answer = rest.get(path_of(order))
    assert (answer.status, answer.json) == (200, [])
    assert "server-timing" in answer.headers


def test_a_long_poll_is_answered_by_the_change(writing_pair: Pair, order: int) -> None:
    poll = EventSource(writing_pair.rest.base_url, path_of(order, wait=30), Accept="*/*")
    assert poll.answer.read(1) == b" "  # it waits
    move(writing_pair, order, "paid", "graphql")
    (event,) = json.loads(poll.answer.read())
    assert (event["order_id"], event["status"]) == (order, "paid")
    poll.close()


def test_a_long_poll_in_vain_is_an_empty_list(rest: Client, order: int) -> None:
    answer = rest.get(path_of(order, wait=0.2))
    assert (answer.status, answer.json) == (200, [])
    assert answer.headers["cache-control"] == "no-store"
    assert "server-timing" not in answer.headers


@pytest.mark.slow
def test_a_long_poll_keeps_its_connection_alive(rest: Client, order: int) -> None:
    answer = rest.get(path_of(order, wait=HEARTBEAT_S + 0.3))
    assert answer.body == b" []"


def test_a_long_poll_of_a_finished_order_does_not_wait(rest: Client, finished: int) -> None:
    last = rest.get(path_of(finished)).json[-1]["id"]
    answer = rest.get(path_of(finished, after=last, wait=MAX_WAIT_S))
    assert answer.json == []
    assert "server-timing" in answer.headers  # it was whole at once


def test_a_stream_sends_each_change_and_ends_after_the_last(writing_pair: Pair, order: int) -> None:
    source = stream(writing_pair.rest, order)
    assert source.status == 200
    for status, api in zip(STATUSES, ["rest", "graphql", "rest"], strict=True):
        move(writing_pair, order, status, api)
        sent = source.next()
        assert (sent.kind, sent.json["status"]) == ("status", status)
        assert sent.event_id == str(sent.json["id"])
    assert list(source) == []
    source.close()


def test_a_stream_says_how_it_is_to_be_treated(rest: Client, order: int) -> None:
    source = EventSource(rest.base_url, path_of(order), Accept_Encoding="gzip")
    headers = {name.lower(): value for name, value in source.answer.getheaders()}
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert source.answer.readline() == b"retry: 1000\n"
    assert not {"content-encoding", "server-timing", "etag", "content-length"} & set(headers)
    source.close()


def test_a_stream_has_a_heartbeat(rest: Client, order: int) -> None:
    source = stream(rest, order)
    lines = [source.answer.readline() for _ in range(3)]
    assert lines == [b"retry: 1000\n", b"\n", b":\n"]
    source.close()


@pytest.mark.parametrize("way", ["header", "query", "both"])
def test_a_stream_that_comes_again_goes_on_where_it_was(
    rest: Client, finished: int, way: str
) -> None:
    first, second, third = (event["id"] for event in rest.get(path_of(finished)).json)
    query = {"query": {"after": second}, "both": {"after": 0}}.get(way, {})
    header = {} if way == "query" else {"Last_Event_ID": str(second)}
    source = EventSource(rest.base_url, path_of(finished, **query), **header)
    assert [sent.json["id"] for sent in source] == [third]
    source.close()
    assert first < second


def test_after_a_dropped_connection_nothing_is_missed_or_comes_twice(
    writing_pair: Pair, order: int
) -> None:
    source = stream(writing_pair.rest, order)
    move(writing_pair, order, "paid")
    seen = [source.next()]
    source.close()
    move(writing_pair, order, "shipped", "graphql")
    again = stream(writing_pair.rest, order, Last_Event_ID=seen[0].event_id or "")
    move(writing_pair, order, "delivered")
    seen += again
    again.close()
    assert [sent.json["status"] for sent in seen] == STATUSES
    assert len({sent.event_id for sent in seen}) == 3


def test_who_has_seen_all_of_a_finished_order_is_told_to_stay_away(
    rest: Client, finished: int
) -> None:
    last = str(rest.get(path_of(finished)).json[-1]["id"])
    answer = rest.request("GET", path_of(finished), headers={**EVENTS, "Last-Event-ID": last})
    assert (answer.status, answer.body) == (204, b"")


def test_a_cancelled_order_that_is_deleted_ends_its_streams(writing_pair: Pair, order: int) -> None:
    source = stream(writing_pair.rest, order)
    move(writing_pair, order, "cancelled")
    assert writing_pair.rest.request("DELETE", f"/orders/{order}").status == 204
    assert [sent.json["status"] for sent in source] == ["cancelled"]
    source.close()
    assert writing_pair.rest.get(path_of(order)).status == 404


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["list", "stream"])
def test_an_order_that_does_not_exist_is_not_found(rest: Client, headers: dict[str, str]) -> None:
    answer = rest.request("GET", path_of(UNKNOWN), query={"wait": 5}, headers=headers)
    assert (answer.status, answer.json["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "headers", "place", "field"),
    [
        ({"after": -1}, {}, "query", "after"),
        ({"after": "x"}, {}, "query", "after"),
        ({"wait": MAX_WAIT_S + 1}, {}, "query", "wait"),
        ({"wait": -1}, {}, "query", "wait"),
        ({"before": 1}, {}, "query", "before"),
        ({}, {"Last-Event-ID": "seven"}, "header", "Last-Event-ID"),
    ],
)
def test_what_breaks_a_rule_is_named(
    rest: Client, order: int, query: dict[str, Any], headers: dict[str, str], place: str, field: str
) -> None:
    answer = rest.request("GET", path_of(order), query=query, headers=headers)
    assert answer.status == 422
    (error,) = answer.json["errors"]
    assert (error["in"], error["field"]) == (place, field)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/event-stream"]
)
def test_only_who_prefers_events_gets_a_stream(rest: Client, order: int, accept: str) -> None:
    answer = rest.request("GET", path_of(order), headers={"Accept": accept})
    assert answer.media_type == "application/json"


def test_head_does_not_begin_a_stream(rest: Client, order: int) -> None:
    answer = rest.request("HEAD", path_of(order), headers=EVENTS)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.media_type == "text/event-stream"


def test_both_kinds_of_answers_are_documented(rest: Client) -> None:
    operation = rest.get("/openapi.json").json["paths"]["/orders/{id}/events"]["get"]
    assert set(operation["responses"]["200"]["content"]) == {
        "application/json",
        "text/event-stream",
    }
    assert {"204", "404", "422", "503"} <= set(operation["responses"])
    assert "Last-Event-ID" in [parameter["name"] for parameter in operation["parameters"]]


@pytest.mark.parametrize("wait", [0, *slow(60)], ids=["stream", "long poll"])
def test_open_answers_do_not_hold_up_the_end(start: Start, wait: int) -> None:
    server = start(books=30)
    order = new_order(server.client)
    accept = "application/json" if wait else "text/event-stream"
    open_one = EventSource(server.client.base_url, path_of(order, wait=wait), Accept=accept)
    assert open_one.answer.read(1)  # it waits
    server.client.close()
    server.process.terminate()
    assert open_one.answer.read().strip() in (b"[]", b"etry: 1000", b"etry: 1000\n\n:")
    wait_until(lambda: server.process.poll() is not None, "the server has ended")
    assert server.errors() == ""


def test_a_stream_outlives_the_timeout_of_requests(start: Start) -> None:
    server = start(books=30, request_timeout_s=2.0)
    order = new_order(server.client)
    source = EventSource(server.client.base_url, path_of(order))
    for _ in range(4):  # until the second heartbeat
        source.answer.readline()
    paid = server.client.request("PATCH", f"/orders/{order}", json_body={"status": "paid"})
    assert paid.status == 200
    assert source.next().json["status"] == "paid"
    source.close()
