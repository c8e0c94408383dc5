"""Known shapes of traffic, and what is found in each: the fault that it has, and no other."""

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import CONNECTED_MS, Recording

IDS = [f"8d3f{number:04x}-0000-4000-8000-00000000abcd" for number in range(65)]


def dashboard() -> Recording:
    """25 ranges of dates, each asked for twice, as many at once as there are connections."""
    made = Recording()
    made.page()
    for number in range(25):
        path = f"/v1/sales?from=2024-01-{number + 1:02}&to=2024-01-{number + 2:02}"
        for again in range(2):
            at = 100 + (number * 2 + again) // 6 * 60
            made.call(path, {"total": number * 10}, at=at + again, took=50)
    return made


def test_a_dashboard_asks_for_a_range_and_for_all_of_it_twice(advise: Advise) -> None:
    advised = advise(dashboard())
    assert advised.status == 0
    assert advised.kinds == {"range", "repeat"}
    assert advised.finding("range")["requests"] == 24
    assert advised.finding("repeat")["requests"] == 25
    assert "50 times for 25 answers, 25 of them while" in advised.finding("repeat")["found"]
    assert "aggregating would leave 1 request" in advised.views[0]["verdict"]
    assert "ids in lists" not in advised.views[0]["verdict"]
    assert advised.way("no repeats")["requests"] == 25
    # Neither a selection nor GraphQL makes one answer of 25.
    assert advised.way("selection")["requests"] == 25
    assert advised.way("one request")["requests"] == 25
    assert advised.requests_and_steps("aggregated") == (1, 1)
    assert advised.requests_and_steps("client and http2") == (25, 1)
    assert advised.views[0]["cure"] == "http2"


def test_calls_at_once_wait_for_connections(advise: Advise) -> None:
    made = Recording()
    made.page()
    for number in range(18):
        waited = number // 6 * 80.0
        made.call(
            f"/v1/widgets/{number + 1}", {"shown": True}, at=200, took=80 + waited,
            timings={"blocked": waited, "wait": 79},
        )  # fmt: skip
    advised = advise(made)
    found = advised.finding("connections")
    assert len(found["calls"]) == 12
    assert "up to 160 ms" in found["found"]
    assert advised.requests_and_steps("recorded") == (18, 3)
    assert advised.requests_and_steps("http2") == (18, 1)


def test_nobody_waits_for_connections_over_http2(advise: Advise) -> None:
    made = Recording("h2")
    for number in range(18):
        made.call(f"/v1/widgets/{number + 1}", {"shown": True}, at=200, took=80)
    advised = advise(made)
    assert "connections" not in advised.kinds
    assert advised.requests_and_steps("recorded") == (18, 1)


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("ids", [IDS, [str(one) for one in range(1, 66)]], ids=["UUIDs", "small"])
def test_65_calls_by_ids_of_one_list(advise: Advise, ids: list[str], at_once: bool) -> None:
    made = Recording("h2")
    items = [{"id": int(one) if one.isdigit() else one, "kind": "thing"} for one in ids]
    made.call("/v1/things", {"items": items})
    start = made.now + 3
    for one in ids:
        made.call(f"/v1/things/{one}", {"name": f"n{one}"}, at=start if at_once else None, took=20)
    advised = advise(made)
    assert advised.kinds == ({"n+1"} if at_once else {"n+1", "chain"})
    found = advised.finding("n+1")
    assert len(found["calls"]) == 65
    assert found["requests"] == 64
    assert "`items[].id` of `GET /v1/things`" in found["found"]
    assert advised.requests_and_steps("side by side") == (66, 2)
    assert advised.requests_and_steps("lists") == (2, 2)
    assert advised.requests_and_steps("one request") == (1, 1)


def test_more_ids_than_a_list_takes_are_several_lists(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/things", [{"id": one} for one in range(1000, 1250)])
    start = made.now + 3
    for one in range(1000, 1250):
        made.call(f"/v1/things/{one}", {"name": "n"}, at=start)
    assert advise(made).requests_and_steps("lists") == (4, 2)


def test_as_many_preflights_as_calls(advise: Advise) -> None:
    made = Recording("h2")
    for number in range(5):
        path, at = f"/v1/part-{'abcde'[number]}", 100.0
        made.call(
            path, "", method="OPTIONS", status=204, at=at, took=40, kind="", headers={},
            asked={"Access-Control-Request-Method": "GET", "Origin": "https://app.example.com"},
        )  # fmt: skip
        made.call(path, {"part": number}, at=at + 41, took=60)
    advised = advise(made)
    found = advised.finding("preflights")
    assert found["requests"] == 5
    assert "Access-Control-Max-Age" in found["fix"]
    recorded = advised.way("recorded")
    assert (recorded["requests"], recorded["preflights"], recorded["steps"]) == (5, 5, 2)
    assert advised.requests_and_steps("one origin") == (5, 1)
    assert advised.document["left_out"] == {"preflight, told with its request": 5}


@pytest.mark.parametrize("of", ["cursor", "offset", "page", "link", "variables"])
def test_paging_is_no_fault(advise: Advise, of: str) -> None:
    made = Recording("h2")
    for number in range(8):
        following = f"b3BhcXVlLWN1cnNvci0{number + 1}"
        items = [{"id": number * 20 + one} for one in range(20)]
        address = f"/v1/items?after=b3BhcXVlLWN1cnNvci0{number}&limit=20"
        answer = {"items": items, "next": following}
        if of == "offset":
            address = f"/v1/items?limit=20&offset={number * 20}"
        elif of == "page":
            address = f"/v1/items?page={number + 1}"
        elif of == "link":
            answer = {"items": items, "next": f"https://api.example.com/v1/items/x{number + 1}q77"}
            address = f"/v1/items/x{number}q77"
        if of == "variables":
            variables = {"after": f"c{number}"} if number else {}
            made.graphql("query Items($after: String) { items(after: $after) { id } }", answer,
                         variables)  # fmt: skip
        else:
            made.call(address, answer)
    advised = advise(made)
    assert advised.findings == []
    assert advised.requests_and_steps("side by side") == (8, 8)
    assert advised.way("one request")["requests"] == 8


def test_a_users_separate_actions_are_no_fault(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/things", [{"id": one} for one in range(10_000, 10_008)])
    for one in range(10_000, 10_008):
        made.call(f"/v1/things/{one}", {"name": "n"}, at=made.now + 600)
    advised = advise(made)
    assert len(advised.views) == 1
    assert advised.findings == []
    assert advised.requests_and_steps("lists")[0] == 9


def test_polling_is_told_apart_from_views(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/orders", [{"id": 1}])
    for number in range(10):
        made.call("/v1/status", {"state": "pending"}, at=500 + number * 2_000)
    made.call("/v1/invoice", {"total": 3}, at=700)
    advised = advise(made)
    found = advised.finding("polling")
    assert len(found["calls"]) == 10
    assert "every 2 s" in found["found"]
    assert "9 of 9 answers were as before" in found["found"]
    assert [len(view["calls"]) for view in advised.views] == [2]


def test_a_graphql_operation_again(advise: Advise) -> None:
    made = Recording("h2")
    for _ in range(3):
        made.graphql("query Cart($id: ID!) { cart(id: $id) { total } }", {"cart": {"total": 3}},
                     {"id": "x"})  # fmt: skip
    advised = advise(made)
    found = advised.finding("repeat")
    assert "`query Cart`" in found["found"]
    assert found["requests"] == 2
    assert advised.way("no repeats")["requests"] == 1


def test_an_operation_for_each_id(advise: Advise) -> None:
    made = Recording("h2")
    made.graphql("{ things { id } }", {"things": [{"id": one} for one in IDS[:9]]})
    start = made.now + 3
    for one in IDS[:9]:
        document = f'{{ thing(id: "{one}") {{ name }} }}'  # without variables, and without a name
        made.graphql(document, {"thing": {"name": "n"}}, at=start)
    advised = advise(made)
    found = advised.finding("n+1")
    assert len(found["calls"]) == 9
    assert "`query { thing }`" in found["found"]
    assert advised.views[0]["cure"] == "graphql"
    assert "REST" not in advised.views[0]["verdict"]
    assert advised.requests_and_steps("lists") == (2, 2)


def test_again_after_a_write_is_right(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/cart", {"items": 1})
    made.call("/v1/cart/items", {"id": 5}, method="POST", sent={"book": 3}, status=201)
    made.call("/v1/cart", {"items": 2})
    advised = advise(made)
    assert advised.findings == []
    # What a write changes is asked for after it.
    assert advised.requests_and_steps("side by side") == (3, 3)
    assert advised.way("one request")["requests"] == 3


def test_a_retry_is_no_repeat(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/cart", {"error": "busy"}, status=503)
    made.call("/v1/cart", {"items": 2})
    advised = advise(made)
    assert advised.kinds == {"errors"}
    assert advised.finding("errors")["found"].endswith("503 once")


def test_a_chain_that_the_data_do_not_ask_for(advise: Advise) -> None:
    made = Recording("h2")
    for name in ("user", "cart", "offers", "news"):
        made.call(f"/v1/{name}", {"name": name})
    advised = advise(made)
    assert advised.kinds == {"chain"}
    assert advised.requests_and_steps("recorded") == (4, 4)
    assert advised.requests_and_steps("side by side") == (4, 1)
    assert advised.views[0]["cure"] == "client"


def test_answers_that_come_again_unchanged(advise: Advise) -> None:
    made = Recording("h2")
    for number in range(3):
        made.call("/v1/me", {"name": "n"}, at=number * 5_000,
                  headers={"content-type": "application/json"})  # fmt: skip
        made.call("/v1/news", {"name": "n"}, at=number * 5_000 + 9)
    advised = advise(made)
    found = advised.finding("not cacheable")
    assert "2 answers of `GET /v1/me` came again unchanged" in found["found"]
    assert found["bytes"] == 2 * len('{"name":"n"}')


def test_large_answers_and_such_without_compression(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/all", [{"name": f"name {one}", "text": "x" * 60} for one in range(2_000)],
              headers={"content-type": "application/json"})  # fmt: skip
    advised = advise(made)
    assert advised.kinds == {"large", "uncompressed"}
    saved, size = advised.finding("uncompressed")["bytes"], made.entries[0]["response"]["bodySize"]
    assert 0.5 * size < saved < size  # there is little in it


def test_compressed_answers_are_no_fault(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/all", ["x" * 60] * 20,
              headers={"content-type": "application/json", "content-encoding": "br"})  # fmt: skip
    assert advise(made).findings == []


def test_graphql_errors_with_200(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/graphql", {"data": None, "errors": [{"message": "secret"}]}, method="POST",
              sent={"query": "{ cart { total } }"})  # fmt: skip
    assert advise(made).kinds == {"graphql errors"}


def test_documents_that_outweigh_variables(advise: Advise) -> None:
    made = Recording("h2")
    fields = " ".join(f"field{'abcdefghij'[number % 10] * 9}{number}" for number in range(60))
    for name in ("One", "Two", "Three"):
        made.graphql(f"query {name} {{ cart {{ {fields} }} }}", {"cart": {}}, at=10)
    assert advise(made).kinds == {"not persisted"}


def test_the_recordings_own_round_trips_are_no_server_time(advise: Advise) -> None:
    made = Recording("h2")
    made.page()
    made.call("/v1/me", {"name": "n"}, took=CONNECTED_MS + 10, timings={"wait": CONNECTED_MS + 10})
    made.call(
        "/v1/cart", {"name": "n"}, took=CONNECTED_MS + 10, timings={"wait": CONNECTED_MS + 10}
    )
    advised = advise(made)
    assert advised.way("recorded")["server_ms"] == pytest.approx(20)
    assert advised.way("side by side")["server_ms"] == pytest.approx(10)
    assert advised.way("side by side")["predicted_ms"]["100"] == pytest.approx(110)
    assert advised.document["origins"][0]["round_trip_known_by"] == "connections"
    told = advise(made, "--recorded-rtt", "0").way("side by side")["server_ms"]
    assert told == pytest.approx(CONNECTED_MS + 10)


def test_posts_may_read_and_the_advice_says_that_it_cannot_know(advise: Advise) -> None:
    made = Recording("h2")
    for name in ("find-books", "find-authors", "find-offers"):
        made.call(f"/v1/{name}", {"found": []}, method="POST", sent={"q": name})
    advised = advise(made)
    assert advised.requests_and_steps("side by side") == (3, 3)
    assert any("3 of 3 calls are POST" in one for one in advised.views[0]["doubts"])
    assert "if the 3 calls by POST change something" in advised.views[0]["verdict"]
    assert "GraphQL would bring" not in advised.views[0]["verdict"]
    assert advised.document["verdict"].startswith("nothing to cure, if POST changes something,")


def test_what_asking_once_would_save_is_no_merit_of_graphql(advise: Advise) -> None:
    made = Recording("h2")
    for number in range(3):
        made.call("/v1/cart", {"total": 3}, at=number)
    told = advise(made).views[0]["verdict"]
    assert "asking once would save 2 requests" in told
    assert told.endswith("GraphQL would bring no more")


def test_waiting_that_no_recorder_told_is_no_certainty(advise: Advise) -> None:
    made = Recording()
    for number in range(18):
        made.call(f"/v1/widgets/{number + 1}", {"shown": True}, at=200, timings={"blocked": -1})
    assert "may have waited" in advise(made).finding("connections")["found"]
