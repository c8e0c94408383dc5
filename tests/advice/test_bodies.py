"""Bodies in the forms in which servers and recorders write them: each is looked into."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.advice.conftest import Advise
from tests.advice.har import Recording

ID = "8d3f0001-aaaa-4000-8000-00000000abcd"
HTML = "text/html; charset=utf-8"
IN_PARTS = (
    '--b\r\nContent-Type: application/json\r\n\r\n{"data": {"me": {"id": "%s"}}, "hasNext": true}'
    '\r\n--b\r\nContent-Type: application/json\r\n\r\n{"incremental": [], "hasNext": false}'
    "\r\n--b--\r\n"
)


def followed(advise: Advise, made: Recording, by: str = f"/v1/accounts/{ID}") -> bool:
    """Whether a call by the id is known to wait for what was recorded before it."""
    made.call(by, {"name": "n"})
    advised = advise(made)
    assert (advised.status, advised.document["calls"]) == (0, 2)
    assert "no body" not in advised.views[0]["verdict"]
    return bool(advised.views[0]["calls"][1]["waits_for"])


@pytest.mark.parametrize(
    "text",
    [
        ')]}\',\n{"id": "%s"}', 'for(;;);{"id": "%s"}', '\ufeff{"id": "%s"}',
        '{"id": "%s", "ratio": NaN}', '{"id": "%s", "half": "\\ud83d"}',
    ],
)  # fmt: skip
def test_json_as_programs_read_it(advise: Advise, text: str) -> None:
    made = Recording("h2")
    made.call("/v1/me", text % ID)
    assert followed(advise, made)


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/jsonl"])
def test_json_by_lines(advise: Advise, kind: str) -> None:
    made = Recording("h2")
    made.call("/v1/me", f'{{"n": 1}}\n{{"id": "{ID}"}}\n', kind=kind)
    assert followed(advise, made)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (HTML, {}),  # as PHP writes it where nobody tells the type
        (HTML, {"_resourceType": "xhr"}),
        ("text/javascript", {"_resourceType": "fetch"}),
        ("text/javascript", {"asked": {"Sec-Fetch-Dest": "empty"}}),
    ],
)
def test_json_by_another_type_is_a_call_and_no_page(
    advise: Advise, kind: str, more: dict[str, Any]
) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID}, kind=kind, **more)
    assert followed(advise, made)


def test_scripts_and_pages_stay_what_they_are(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID})
    made.call("/app.js", "[1]", kind="text/javascript")
    made.call("/part", "<p>[1]</p>", kind=HTML, _resourceType="fetch")
    assert advise(made).document["calls"] == 1


@pytest.mark.parametrize("body", ["5", "true", '"ok"', "null", ""])
def test_a_body_without_members_is_read(advise: Advise, body: str) -> None:
    made = Recording("h2")
    made.call("/v1/unread", body)
    assert not followed(advise, made)
    assert advise(made).views[0]["doubts"] == []


def test_an_error_that_is_no_json_is_no_missing_body(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", "<h1>Bad Gateway</h1>", status=502, kind=HTML, _resourceType="fetch")
    assert not followed(advise, made)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ('multipart/mixed; boundary="b"; deferSpec=20220824', IN_PARTS),
        ("text/event-stream", 'event: next\ndata: {"data": {"me": {"id": "%s"}}}\n\n'),
    ],
)
def test_a_query_that_is_answered_in_parts_is_a_call(advise: Advise, kind: str, body: str) -> None:
    made = Recording("h2")
    made.call("/graphql", body % ID, method="POST", kind=kind,
              sent={"query": "{ me { id ... @defer { name } } }"})  # fmt: skip
    assert followed(advise, made)


def test_a_subscription_is_none(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID})
    made.call("/graphql", IN_PARTS % ID, method="POST", kind="multipart/mixed",
              sent={"query": "subscription { me { id } }"})  # fmt: skip
    assert advise(made).document["left_out"] == {"event stream": 1}


@pytest.mark.parametrize("by", ["text", "params"])
def test_graphql_with_files_is_named_by_its_operation(advise: Advise, by: str) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID})
    operations = {
        "query": "mutation Upload($to: ID!, $file: Upload!) { up(to: $to, file: $file) { id } }",
        "variables": {"to": ID, "file": None},
    }
    entry = made.call("/graphql", {"data": {"upload": {"id": 1}}}, method="POST", sent="")
    text = (
        '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n'
        f'{json.dumps(operations)}\r\n--b\r\nContent-Disposition: form-data; name="0"; '
        'filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nsecret\r\n--b--\r\n'
    )
    posted: dict[str, Any] = {"mimeType": "multipart/form-data; boundary=b", "text": text}
    if by == "params":
        posted["text"] = ""
        posted["params"] = [{"name": "operations", "value": json.dumps(operations)}]
    entry["request"]["postData"] = posted
    calls = advise(made).views[0]["calls"]
    assert [call["template"] for call in calls] == ["GET /v1/me", "mutation Upload"]
    assert calls[1]["waits_for"] == ["1"]


def test_a_form_of_parameters_is_read(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID})
    entry = made.call("/graphql", {"data": {"a": 1}}, method="POST", sent="")
    entry["request"]["postData"] = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "query", "value": "query Found { a }"}],
    }
    assert advise(made).views[0]["calls"][1]["template"] == "query Found"


def test_bodies_beside_the_recording_are_read_and_none_elsewhere(
    advise: Advise, tmp_path: Path
) -> None:
    made = Recording("h2")
    inside = tmp_path / "unpacked"
    inside.mkdir()
    for place in (inside / "body.json", tmp_path / "outside.json"):
        place.write_text(json.dumps({"id": ID}))
    content = made.call("/v1/me", {"id": ID})["response"]["content"]
    del content["text"]
    made.call(f"/v1/accounts/{ID}", {"name": "n"})
    for name, found in (("body.json", ["1"]), ("../outside.json", [])):
        content["_file"] = name
        advised = advise(made.write(inside / "made.har"))
        assert advised.views[0]["calls"][1]["waits_for"] == found


def test_a_body_that_is_still_packed_is_unpacked(advise: Advise) -> None:
    made = Recording("h2")
    content = made.call("/v1/me", {"id": ID})["response"]["content"]
    packed = gzip.compress(content["text"].encode())
    content |= {"text": base64.b64encode(packed).decode(), "encoding": "base64"}
    assert followed(advise, made)


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        ("from the browser's cache", {"cache": {"afterRequest": None}, "wait": 0}),  # Firefox
        ("from the browser's cache", {"_fetchType": "Disk Cache"}),  # Safari
        ("answered by a service worker", {"_fetchType": "Service Worker"}),
        ("answered by the recorder, not by a server", {"_fetchType": "Inspector Override"}),
        ("answered by the recorder, not by a server", {"_wasFulfilled": True}),  # Playwright
    ],
)
def test_what_no_server_answered_is_no_call(
    advise: Advise, reason: str, more: dict[str, Any]
) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID})
    waited = {"wait": float(more.pop("wait"))} if "wait" in more else {}
    made.call("/v1/kept", {"id": ID}, timings=waited, **more)
    assert advise(made).document["left_out"] == {reason: 1}


def test_what_was_stored_after_it_was_fetched_is_a_call(advise: Advise) -> None:
    made = Recording("h2")
    made.call("/v1/me", {"id": ID}, cache={"afterRequest": {"lastAccess": "", "hitCount": 1}})
    assert advise(made).document["calls"] == 1


def test_times_that_are_missing_are_summed_of_all_parts(advise: Advise) -> None:
    made = Recording("h2")
    entry = made.call("/v1/me", {"id": ID}, timings={"dns": 30, "connect": 20, "wait": 40})
    entry["time"] = -1
    assert advise(made).views[0]["took_ms"] == pytest.approx(91)
