"""What is written: the formats tell the same, and the screens can be compared."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from client_examples import compare_apis
from client_examples.advice.recording.call import Call
from client_examples.advice.screens_file import screens_text
from client_examples.advise import main
from tests.advice.conftest import Advise
from tests.advice.har import Recording
from tests.exchange import Client
from tests.fixtures import Pair, reading_pair

__all__ = ["reading_pair"]
HISTORY = "query History($id: Int!) { customer(id: $id) { orders { orderDate } } }"


def of_the_bookstore(pair: Pair) -> Recording:
    """The textbook's order history as a browser would record it, an operation, and a write."""
    made = Recording()
    rest = pair.rest.base_url
    history = body(pair.rest, "/customers/1/orders")
    made.call(f"{rest}/customers/1/orders", history, asked={"X-Api-Key": "secret"})
    for order in history:
        path = f"/orders/{order['id']}"
        made.call(rest + path, body(pair.rest, path))
    made.call(f"{rest}/orders", {}, method="POST", sent={"customer_id": 1}, status=201)
    made.call(f"{pair.graphql.base_url}/graphql", {"data": {"customer": {}}}, method="POST",
              sent={"query": HISTORY, "variables": {"id": 1}})  # fmt: skip
    return made


def body(client: Client, path: str) -> list[dict[str, object]]:
    return json.loads(client.get(path).body)


def condensed(text: str) -> str:
    """A text without what a format adds to it."""
    return re.sub(r"[`\s]", "", text).lower()


def test_the_formats_tell_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], advise: Advise
) -> None:
    made = Recording("h2")
    made.call("/v1/things", [{"id": one} for one in (10_001, 10_002, 10_003)])
    for one in (10_001, 10_002, 10_003):
        made.call(f"/v1/things/{one}", {"name": "n"})
    file = made.write(tmp_path / "made.har")
    page, text = tmp_path / "a.html", tmp_path / "a.md"
    assert main([str(file), "--html", str(page), "--markdown", str(text)]) == 0
    shown = capsys.readouterr().out
    advised = advise(file)
    for told in (shown, page.read_text(), text.read_text()):
        plain = condensed(re.sub(r"<[^>]+>", "", told))
        assert condensed(advised.views[0]["verdict"]) in plain
        for finding in advised.findings:
            assert condensed(finding["found"]) in plain
    assert f"Wrote {page}\nWrote {text}\n" in shown
    assert "| ids in lists | 2 | 2 |" in text.read_text()


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_a_terminal_of_any_width(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    width: str,
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    made = Recording("h2")
    made.call("/v1/things", [{"id": one} for one in (10_001, 10_002, 10_003)])
    main([str(made.write(tmp_path / "made.har"))])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert "What a recording does not show" in "\n".join(lines)


def test_screens_that_are_written_can_be_compared(
    reading_pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = of_the_bookstore(reading_pair).write(tmp_path / "shop.har")
    screens, results = tmp_path / "screens.py", tmp_path / "results.json"
    assert main([str(recording), "--write-screens", str(screens)]) == 0
    text = screens.read_text()
    assert 'HEADERS: list[str] = ["x-api-key"]' in text
    assert "not sent: POST /orders" in text
    status = compare_apis.main(
        [
            *("--screens", str(screens), "--json", str(results), "--samples", "1", "--rtt", "0"),
            *("--rest-url", reading_pair.rest.base_url),
            *("--graphql-url", reading_pair.graphql.base_url),
        ]
    )
    assert status == 0, capsys.readouterr().err
    found = json.loads(results.read_text())["screens"]
    counts = {
        arm["name"]: (arm["counts"]["requests"], arm["counts"]["rounds"])
        for screen in found
        for arm in screen["arms"]
    }
    orders = len(body(reading_pair.rest, "/customers/1/orders"))
    assert counts == {"rest/recorded": (1 + orders, 1 + orders), "graphql/recorded": (1, 1)}


def test_screens_that_are_written_expect_the_recorded_errors(
    reading_pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Recording()
    rest, graphql = reading_pair.rest.base_url, f"{reading_pair.graphql.base_url}/graphql"
    made.call(f"{rest}/books/1", {})
    made.call(f"{rest}/books/1", {}, method="HEAD")
    made.call(f"{rest}/books/999999999", {}, status=404)
    for path in ("/books/2", "/books/999999998"):
        made.call(rest + path, {}, at=1_000, status=404 if "9" in path else 200)
    made.call(f"{rest}/books/3", {}, status=503)
    made.call(f"{rest}/books/3", {})
    wrong = {"errors": [{"message": "wrong"}], "data": None}
    made.call(graphql, {"data": {}}, method="POST", sent={"query": "{ __typename }"})
    made.call(graphql, wrong, method="POST", sent={"query": 'query W { book(id: "x") { id } }'})
    made.call(graphql, [{}, {}], method="POST", sent=[{"query": "{ __typename }"}] * 2)
    by_hash = {"persistedQuery": {"version": 1, "sha256Hash": "a" * 64}}
    made.call(graphql, {}, method="POST", sent={"operationName": "P", "extensions": by_hash})
    recording = made.write(tmp_path / "shop.har")
    screens, results = tmp_path / "screens.py", tmp_path / "results.json"
    main([str(recording), "--write-screens", str(screens), "--pause-ms", "10000"])
    text = screens.read_text()
    assert "not sent: HEAD /books/{id} (a recorded arm sends no HEAD)" in text
    assert "(it was answered 503, and may not be later)" in text
    assert "(an arm sends one operation with each request)" in text
    assert "not sent: operation P (its document is not in the recording)" in text
    capsys.readouterr()
    status = compare_apis.main(
        [
            *("--screens", str(screens), "--json", str(results), "--samples", "1", "--rtt", "0"),
            *("--rest-url", reading_pair.rest.base_url),
            *("--graphql-url", reading_pair.graphql.base_url),
        ]
    )
    assert status == 0, capsys.readouterr().err
    found = json.loads(results.read_text())["screens"]
    counts = {arm["name"]: arm["counts"]["requests"] for one in found for arm in one["arms"]}
    assert counts == {"rest/recorded": 5, "graphql/recorded": 2}


def test_graphql_by_get_is_written_as_such(
    reading_pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Recording()
    graphql = f"{reading_pair.graphql.base_url}/graphql"
    query = quote("query One($id: Int!) { book(id: $id) { title } }")
    variables = quote('{"id": 1}')
    made.call(f"{graphql}?query={query}&variables={variables}", {"data": {}})
    made.call(graphql, {"data": {}}, method="POST", sent={"query": "{ __typename }"})
    recording = made.write(tmp_path / "shop.har")
    screens, results = tmp_path / "screens.py", tmp_path / "results.json"
    assert main([str(recording), "--write-screens", str(screens)]) == 0
    urls = ["--rest-url", reading_pair.rest.base_url, "--graphql-url", graphql]
    options = ["--screens", str(screens), "--json", str(results), "--samples", "1", "--rtt", "0"]
    assert compare_apis.main([*options, *urls]) == 0, capsys.readouterr().err
    found = {
        screen["name"]: [(one["method"], one["path"]) for one in screen["arms"][0]["exchanges"]]
        for screen in json.loads(results.read_text())["screens"]
    }
    assert found["view-1-graphql"] == [("POST", "/graphql")]
    ((method, path),) = found["view-1-graphql-get"]
    assert method == "GET"
    assert path.startswith("/graphql?query=")


def test_a_view_of_many_calls_is_written_without_comparing_each_with_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Recording()
    for number in range(300):
        made.call(f"/v1/books/{number}", {}, at=0)
    compared = []
    equal = Call.__eq__

    def counted(one: Call, other: object) -> bool:
        compared.append(other)
        return equal(one, other)

    monkeypatch.setattr(Call, "__eq__", counted)
    screens = tmp_path / "screens.py"
    main([str(made.write(tmp_path / "made.har")), "--write-screens", str(screens)])
    assert screens.read_text().count("recorded[") == 300
    assert len(compared) < 300


def test_the_main_origin_of_a_view_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Recording()
    for number in range(300):
        made.call(f"/v1/books/{number}", {}, at=0)
    origin = vars(Call)["origin"]
    read = []

    def counted(call: Call) -> str:
        read.append(call)
        return str(origin.__get__(call))

    def written(*arguments: Any) -> str:
        read.clear()
        text = screens_text(*arguments)
        assert text.count("recorded[") == 300
        return text

    monkeypatch.setattr(Call, "origin", property(counted, origin.__set__))
    monkeypatch.setattr("client_examples.advise.screens_text", written)
    main([str(made.write(tmp_path / "made.har")), "--write-screens", str(tmp_path / "screens.py")])
    assert 300 <= len(read) < 10 * 300


def test_what_a_screen_uses_makes_bytes_exact(advise: Advise, tmp_path: Path) -> None:
    made = Recording("h2")
    made.call("/v1/things", [{"id": one, "rest": "x" * 50} for one in (10_001, 10_002, 10_003)])
    for one in (10_001, 10_002, 10_003):
        made.call(f"/v1/things/{one}", {"name": f"n{one}", "same": "y" * 90, "tags": ["a", "b"]})
    bounds = advise(made).way("one request")
    assert bounds["bytes_low"] <= bounds["bytes_high"]
    used = tmp_path / "used.txt"
    used.write_text("# what is shown\n/v1/things/{id}: name, tags\n")
    exact = advise(made, "--used", str(used)).way("one request")
    assert exact["bytes_low"] == exact["bytes_high"] < bounds["bytes_low"]
    needed = sum(len(f'"name":"n{one}","tags":["a","b"],') for one in (10_001, 10_002, 10_003))
    # The heads, and what is used of each answer; the braces around it are not known.
    assert exact["bytes_high"] - 500 == pytest.approx(needed, abs=60)


@pytest.mark.parametrize("text", ["/v1/things/{id}", "/v1/things: a\nname"])
def test_a_bad_line_of_what_is_used_is_named(
    advise: Advise, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    used = tmp_path / "used.txt"
    used.write_text(text)
    with pytest.raises(SystemExit) as ended:
        advise(Recording(), "--used", str(used))
    assert ended.value.code == 2
    assert f"line {len(text.splitlines())}: must be like" in capsys.readouterr().err


def test_each_object_counts_once_in_the_lower_bound(advise: Advise) -> None:
    made = Recording("h2")
    author = {"id": 90_001, "name": "a" * 400}
    made.call("/v1/books", [{"id": one} for one in (10_001, 10_002, 10_003)])
    start = made.now + 3
    for one in (10_001, 10_002, 10_003):
        made.call(f"/v1/books/{one}", {"title": f"t{one}", "author": author}, at=start)
    way = advise(made).way("one request")
    assert way["bytes_high"] - way["bytes_low"] == pytest.approx(2 * 420, abs=40)


@pytest.mark.parametrize(("rates", "up"), [("1", 1.0), ("1/0.5", 0.5)])
def test_bandwidth_counts_in_the_times(advise: Advise, rates: str, up: float) -> None:
    made = Recording("h2")
    made.call("/v1/things", ["x" * 125_000])
    free, slow = (advise(made, *more).way("recorded") for more in ((), ("--bandwidth", rates)))
    added = slow["predicted_ms"]["20"] - free["predicted_ms"]["20"]
    sent = made.entries[0]["request"]["headersSize"]
    received = free["bytes_high"] - sent
    assert added == pytest.approx((received + sent / up) * 8 / 1e6 * 1e3)


def test_files_are_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Recording().write(tmp_path / "made.har")
    with pytest.raises(SystemExit) as ended:
        main([str(file), "--json", str(file)])
    assert ended.value.code == 2
    assert "must all differ" in capsys.readouterr().err


def test_views_of_one_verdict_share_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Recording("h2")
    for number, name in enumerate(("cart", "offers", "news", "user")):
        made.call(f"/v1/{name}", {"name": name}, at=number * 7_000)
    for name, at in (("a", 90_000), ("b", 90_060)):
        made.call(f"/v1/{name}", {"name": name}, at=at)
    main([str(made.write(tmp_path / "made.har"))])
    assert "- Views 1-4: one call: there is nothing to save but bytes." in capsys.readouterr().out


def test_what_is_counted_is_told_in_words_that_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Recording("h2")
    for at in (0, 5_000, 10_000):
        made.page(at=at)
        made.call("/a.png", "", kind="image/png", at=at + 10)
    made.call("/books", [1], at=11_000)
    made.call("/feed", "data: 1\n\n", kind="text/event-stream", at=11_100)
    made.call("/gone", {}, status=500, at=11_200)
    assert main([str(made.write(tmp_path / "made.har"))]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "9 entries, of which 2 API calls. Left out: " in told
    for part in ("3 pages", "3 scripts, styles, images, fonts or media", "1 event stream"):
        assert part in told
    assert "1 error of `GET /gone`: 500 once (call 9)" in told


def test_one_of_each_is_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = Recording("h2")
    one.call("/graphql", {"data": {}}, method="POST",
             sent={"operationName": "Cart", "variables": {}, "documentId": "ab" * 32})  # fmt: skip
    screens = tmp_path / "screens.py"
    file = one.write(tmp_path / "one.har")
    assert main([str(file), "--write-screens", str(screens)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "1 entry, of which 1 API call." in told
    assert not re.search(r"\b1 (?!s\b)[a-z]+s\b", told), told
    none = Recording("h2")
    none.page()
    assert main([str(none.write(tmp_path / "none.har"))]) == 2
    assert "none of 1 entry is an API call (1 page)" in capsys.readouterr().err
