"""What recorders write: each form is read, and what cannot be read is named."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import API, Recording, in_base64


def things(version: str = "HTTP/1.1") -> Recording:
    """A list, and three of its things; then two that are no calls."""
    made = Recording(version)
    made.call("/v1/things", [{"id": one} for one in (10_001, 10_002, 10_003)])
    for one in (10_001, 10_002, 10_003):
        made.call(f"/v1/things/{one}", {"name": "n"})
    made.call(f"{API}/logo.png", "png", kind="image/png")
    made.call(f"{API}/app.js", "js", kind="application/javascript")
    return made


def shuffled(made: Recording) -> None:
    made.entries.reverse()


def without_pages(made: Recording) -> None:
    for entry in made.entries:
        entry["pageref"] = "page_1"  # of which there is no list


def in_base64_all(made: Recording) -> None:
    for entry in made.entries:
        in_base64(entry)


def relative(made: Recording) -> None:
    for entry in made.entries:
        entry["request"]["url"] = entry["request"]["url"].removeprefix(API)
        entry["request"]["headers"].append({"name": "Host", "value": "api.example.com"})


def as_little_as_may_be(made: Recording) -> None:
    """Nulls, and members left out, as some proxies have it."""
    for entry in made.entries:
        del entry["cache"], entry["request"]["queryString"], entry["request"]["cookies"]
        entry["request"]["headersSize"] = entry["response"]["bodySize"] = None
        entry["request"]["postData"] = None
        entry["timings"] = {"send": -1, "wait": 40.5, "receive": 1, "connect": None}
        entry["startedDateTime"] = entry["startedDateTime"].replace("+00:00", "Z")


def with_the_same_again(made: Recording) -> None:
    made.entries += json.loads(json.dumps(made.entries[1:3]))


FORMS: list[Callable[[Recording], None]] = [
    shuffled, without_pages, in_base64_all, relative, as_little_as_may_be, with_the_same_again,
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_what_differs_between_recorders_changes_nothing(
    advise: Advise, form: Callable[[Recording], None]
) -> None:
    made = things()
    form(made)
    advised = advise(made)
    assert (advised.status, advised.errors) == (0, "")
    assert advised.document["calls"] == 4
    assert advised.document["left_out"]["script, style, image, font or media"] == 2
    assert advised.requests_and_steps("recorded") == (4, 4)
    assert advised.requests_and_steps("side by side") == (4, 2)


@pytest.mark.parametrize("name", ["made.har", "made.har.gz"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_packed_and_marked(advise: Advise, tmp_path: Path, name: str, mark: bytes) -> None:
    text = mark + json.dumps(things().har).encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    assert advise(file).document["calls"] == 4


@pytest.mark.parametrize(
    ("version", "protocol"),
    [
        ("HTTP/1.1", "HTTP/1.1"), ("http/1.0", "HTTP/1.1"), ("h2", "HTTP/2"),
        ("HTTP/2.0", "HTTP/2"), ("http/2", "HTTP/2"), ("h3", "HTTP/3"), ("HTTP/3.0", "HTTP/3"),
        ("http/2+quic/46", "HTTP/3"), ("", "not told"),
    ],
)  # fmt: skip
def test_protocols(advise: Advise, version: str, protocol: str) -> None:
    (origin,) = advise(things(version)).document["origins"]
    assert origin["protocols"] == [protocol]


def test_missing_bodies_make_a_recording_too_thin(advise: Advise) -> None:
    made = things()
    for entry in made.entries:
        del entry["response"]["content"]["text"]
    advised = advise(made)
    assert advised.status == 0
    assert advised.views[0]["cure"] is None
    assert "too thin to say: 4 of 4 answers have no body" in advised.views[0]["verdict"]
    assert "too thin" in advised.document["verdict"]


def test_several_origins_are_told_apart(advise: Advise) -> None:
    made = things()
    made.call("https://other.example:8443/v1/things", {"name": "n"})
    made.call("https://user:secret@other.example:8443/v1/others#part", {"name": "n"})
    origins = [one["origin"] for one in advise(made).document["origins"]]
    assert origins == [API, "https://other.example:8443"]
    advised = advise(made, "--origin", "https://other.example:8443")
    assert advised.document["calls"] == 2
    assert advised.document["left_out"]["of another origin"] == 4


def test_pages_are_views_and_can_be_chosen(advise: Advise) -> None:
    made = things()
    for entry in made.entries[:2]:
        entry["pageref"] = "page_1"
    for entry in made.entries[2:]:
        entry["pageref"] = "page_7"
    assert len(advise(made).views) == 2
    for chosen in ("page_7", "2"):
        advised = advise(made, "--page", chosen)
        assert [len(view["calls"]) for view in advised.views] == [2]


@pytest.mark.parametrize(("pause", "views"), [(None, 2), ("3000", 1), ("100", 3)])
def test_pauses_cut_views(advise: Advise, pause: str | None, views: int) -> None:
    made = things()
    made.call("/v1/others", [], at=made.now + 200)
    made.call("/v1/more", [], at=made.now + 2_000)
    assert len(advise(made, *(("--pause-ms", pause) if pause else ())).views) == views


def test_a_page_that_is_opened_begins_a_view_and_knows_nothing(advise: Advise) -> None:
    made = Recording()
    for _ in range(2):
        made.page()
        made.call("/v1/things", [{"id": one} for one in (10_001, 10_002, 10_003)])
        for one in (10_001, 10_002, 10_003):
            made.call(f"/v1/things/{one}", {"name": "n"})
    advised = advise(made)
    assert len(advised.views) == 2
    for view in (0, 1):
        assert advised.requests_and_steps("side by side", view) == (4, 2)


# -- what is no call ---------------------------------------------------------------------------


def a_socket(made: Recording) -> None:
    made.call("wss://api.example.com/live", "", status=101, kind="")


def events(made: Recording) -> None:
    made.call("/v1/events", "data: 1", kind="text/event-stream")


def from_cache(made: Recording) -> None:
    made.call("/v1/cached", {}, _fromCache="disk")


def by_a_worker(made: Recording) -> None:
    made.call("/v1/worker", {})["response"]["_fetchedViaServiceWorker"] = True


def no_answer(made: Recording) -> None:
    made.call("/v1/gone", "", status=0, kind="")


def a_redirect(made: Recording) -> None:
    made.call("/v1/moved", "", status=302, kind="")


def a_beacon(made: Recording) -> None:
    made.call("/v1/beacon", "", status=204, kind="", method="POST", _resourceType="ping")


def xml(made: Recording) -> None:
    made.call("/v1/feed", "<feed/>", kind="application/xml")


def a_picture_of_the_tab(made: Recording) -> None:
    """Answered as frameworks answer what they do not have."""
    made.call(f"{API}/favicon.ico", {"detail": "Not Found"}, status=404)


def what_developer_tools_look_for(made: Recording) -> None:
    address = f"{API}/.well-known/appspecific/com.chrome.devtools.json"
    made.call(address, {"detail": "Not Found"}, status=404, _resourceType="other")


NO_CALLS = {
    a_socket: "web socket",
    events: "event stream",
    from_cache: "from the browser's cache",
    by_a_worker: "answered by a service worker",
    no_answer: "cancelled or never answered",
    a_redirect: "redirect",
    a_beacon: "neither JSON nor GraphQL",
    xml: "neither JSON nor GraphQL",
    a_picture_of_the_tab: "script, style, image, font or media",
    what_developer_tools_look_for: "script, style, image, font or media",
}


@pytest.mark.parametrize(("add", "reason"), NO_CALLS.items())
def test_what_is_left_out_is_counted_by_its_reason(
    advise: Advise, add: Callable[[Recording], None], reason: str
) -> None:
    made = things()
    already = Counter(advise(made).document["left_out"])
    add(made)
    document = advise(made).document
    assert document["calls"] == 4
    assert document["left_out"][reason] == 1 + already[reason]


def text_that_is_json(made: Recording) -> None:
    made.call("/v1/text", {"a": 1}, kind="text/plain")


def graphql_over_get(made: Recording) -> None:
    made.call(
        "/api?query=%7Bthings%7Bid%7D%7D", {"data": {}}, kind="application/graphql-response+json"
    )


def a_failure_in_html(made: Recording) -> None:
    made.call("/v1/broken", "<html>502</html>", status=502, kind="text/html", _resourceType="fetch")


def a_deletion(made: Recording) -> None:
    made.call("/v1/things/10001", "", status=204, kind="", method="DELETE", _resourceType="fetch")


def not_modified(made: Recording) -> None:
    made.call("/v1/same", "", status=304, kind="", asked={"If-None-Match": '"1"'})


@pytest.mark.parametrize(
    "add", [text_that_is_json, graphql_over_get, a_failure_in_html, a_deletion, not_modified]
)
def test_what_is_a_call_all_the_same(advise: Advise, add: Callable[[Recording], None]) -> None:
    made = things()
    add(made)
    assert advise(made).document["calls"] == 5


# -- bad input ---------------------------------------------------------------------------------


NO_ENTRIES = "has no entries in log.entries: it must be a HAR 1.2 recording"


def cut_off(text: str) -> str:
    return text[: text.rindex("10003") + 40]


def damaged(text: str) -> str:
    return text.replace(', {"startedDateTime"', ',, {"startedDateTime"').replace(",, ", ", ", 2)


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (cut_off, "entry 4 cannot be read: the file ends within it"),
        (damaged, "entry 4 cannot be read: from there on the file is no JSON"),
    ],
)
def test_what_can_be_read_of_a_broken_file_is_used(
    advise: Advise, tmp_path: Path, spoil: Callable[[str], str], wrong: str
) -> None:
    file = tmp_path / "broken.har"
    file.write_text(spoil(json.dumps(things().har)))
    advised = advise(file)
    assert advised.status == 2
    assert advised.errors == f"advise: {file}: {wrong}\n"
    assert advised.document["calls"] == 3
    assert advised.document["wrong"] == [f"{file}: {wrong}"]


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda entry: entry.pop("request"), "request is missing"),
        (lambda entry: entry["request"].pop("url"), "request.url is missing"),
        (lambda entry: entry["request"].update(url=5), "request.url must be a text"),
        (lambda entry: entry["request"].update(url="http://[1"), "request.url must be an address"),
        (lambda entry: entry.update(startedDateTime="yesterday"),
         "startedDateTime must be a date and a time, such as 2024-05-01T12:00:00.000Z"),
        (lambda entry: entry["response"].update(status="x"), "response.status must be a number"),
        (lambda entry: entry.update(response=[]), "response must be an object"),
        (lambda entry: entry.update(time="secret"), "time must be a number"),
        (lambda entry: entry.update(time=1e308), "time must be at most 1,000,000,000,000,000"),
        (
            lambda entry: entry["response"].update(bodySize=10**18),
            "response.bodySize must be at most 1,000,000,000,000,000",
        ),
    ],
)  # fmt: skip
def test_a_bad_entry_is_named_and_left_out(
    advise: Advise, spoil: Callable[[dict[str, Any]], Any], wrong: str
) -> None:
    made = things()
    spoil(made.entries[1])
    advised = advise(made)
    assert advised.status == 2
    assert advised.errors.endswith(f"made.har: entry 2: {wrong}\n")
    assert "secret" not in advised.errors
    assert len(advised.errors.splitlines()) == 1
    assert advised.document["calls"] == 3


def test_several_bad_entries_are_one_line(advise: Advise) -> None:
    made = things()
    for entry in made.entries[:3]:
        del entry["request"]
    advised = advise(made)
    assert advised.errors.endswith("entry 1: request is missing (and 2 more)\n")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "entry 1 cannot be read: the file ends within it"),
        ("{}", NO_ENTRIES),
        ("[1, 2]", NO_ENTRIES),
        ('{"log": {"entries": []}}', NO_ENTRIES),
        ('{"log": {"entries": [5]}}', "entry 1 is no object"),
        ("<html>", "entry 1 cannot be read: from there on the file is no JSON"),
        ("PK\x03\x04", "is a ZIP archive: unpack it, and give the .har file in it"),
    ],
)  # fmt: skip
def test_what_is_no_recording(advise: Advise, tmp_path: Path, text: str, wrong: str) -> None:
    file = tmp_path / "no.har"
    file.write_text(text)
    advised = advise(file)
    assert (advised.status, advised.document) == (2, {})
    assert wrong in advised.errors
    assert len(advised.errors.splitlines()) == 1


def test_damaged_gzip(advise: Advise, tmp_path: Path) -> None:
    file = tmp_path / "cut.har.gz"
    file.write_bytes(gzip.compress(json.dumps(things().har).encode())[:-300])
    advised = advise(file)
    assert advised.status == 2
    assert "the gzip data are damaged or cut off" in advised.errors


def test_a_good_file_beside_a_bad_one_is_used(advise: Advise, tmp_path: Path) -> None:
    good, bad = things().write(tmp_path / "good.har"), tmp_path / "bad.har"
    bad.write_text("{")
    advised = advise([bad, good])
    assert advised.status == 2
    assert advised.document["calls"] == 4
    assert advised.views[0]["calls"][0]["name"] == "2:1"


def test_what_is_nested_too_deep_is_not_read_and_the_rest_is_used(advise: Advise) -> None:
    made = things()
    nested: Any = {"id": 1}
    for _ in range(700):
        nested = {"in": nested}
    made.call("/v1/deep", nested)
    made.call("/v1/deep", {"ok": True}, method="POST", sent=nested)
    found = advise(made)
    assert (found.status, found.errors) == (0, "")
    assert sum(len(view["calls"]) for view in found.views) == 6


def test_no_api_call(advise: Advise) -> None:
    made = Recording()
    made.page()
    made.call("/logo.png", "png", kind="image/png")
    advised = advise(made)
    assert (advised.status, advised.document) == (2, {})
    assert "none of 2 entries is an API call (1 page, 1 script, style" in advised.errors
    assert len(advised.errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        (
            ["--origin", f"{API}/v1"],
            f"--origin {API}/v1: no call goes there; the calls go to {API}",
        ),
        (
            ["--page", "9"],
            "--page 9: there is none of that id or number; the recording has one page",
        ),
    ],
)
def test_an_origin_or_a_page_that_is_not_there_is_named(
    advise: Advise, chosen: list[str], wrong: str
) -> None:
    made = things()
    for entry in made.entries:
        entry["pageref"] = "page_1"
    advised = advise(made, *chosen)
    assert (advised.status, advised.errors) == (2, f"advise: {wrong}\n")
