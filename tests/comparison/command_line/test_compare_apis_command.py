"""The command: its statuses, what it prints, and the document it writes."""

import _thread
import gc
import io
import json
import re
import socket
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from client_examples import compare_apis
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.measuring import garbage
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.report.terminal import print_report
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.screens import author_page, book_list, order_history
from tests.selection import slow

CLASSIC = (author_page.screen, order_history.screen, book_list.screen)
SCREENS = ["author-page", "order-history", "book-list"]


@pytest.fixture
def compare(server, tmp_path, capsys):
    """Run the command against the fake; its status, output, errors and JSON file."""

    def run(*arguments, screens=CLASSIC):
        file = tmp_path / "results.json"
        urls = ["--rest-url", server.url, "--graphql-url", server.url, "--json", str(file)]
        link = [] if "--rtt" in arguments else ["--rtt", "0"]
        status = compare_apis.main([*urls, *link, *arguments], screens)
        printed = capsys.readouterr()
        document = json.loads(file.read_text()) if file.exists() else None
        return status, printed.out, printed.err, document

    return run


@pytest.fixture
def nowhere():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_run_ends_well_with_a_table_per_screen_that_fits_80_columns(compare, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    status, out, err, _ = compare("--samples", "6")
    assert (status, err) == (0, "")
    for word in [*SCREENS, "rest/textbook", "graphql/dataloader", "±", "67%"]:
        assert word in out
    assert "…" not in out
    assert max(len(line) for line in out.splitlines() if not line.startswith("Wrote ")) <= 80


@pytest.mark.parametrize("columns", [40, *slow(120)])
def test_piped_output_is_as_wide_as_columns_says(compare, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    _, out, _, _ = compare("--samples", "2")
    copied = ("Wrote ", "Run again")  # which no line break may come into
    width = max(len(line) for line in out.splitlines() if not line.startswith(copied))
    assert columns - 20 < width <= columns


def test_the_document_holds_every_sample_and_the_random_order(compare):
    status, _, _, document = compare("--samples", "4", "--seed", "7")
    assert status == 0
    assert (document["schema_version"], document["complete"]) == (3, True)
    assert document["settings"]["seed"] == 7
    assert [screen["name"] for screen in document["screens"]] == SCREENS
    for screen in document["screens"]:
        arms, floors = screen["arms"], screen["floors"]
        names = [one["name"] for one in [*arms, *floors]]
        assert [floor["name"] for floor in floors] == ["floor/rest", "floor/graphql"]
        rounds = [
            screen["order"][start : start + len(names)]
            for start in range(0, len(screen["order"]), len(names))
        ]
        assert len(rounds) == 4
        assert all(sorted(one) == sorted(names) for one in rounds)
        assert len({tuple(one) for one in rounds}) > 1
        assert len(screen["warm_up_order"]) == 5 * len(names)
        for one in [*arms, *floors]:
            positions = [sample["position"] for sample in one["samples"]]
            assert [screen["order"][position] for position in positions] == [one["name"]] * 4
            assert all(sample["elapsed_ns"] > 0 for sample in one["samples"])


def test_the_order_follows_the_seed_and_not_which_screens_are_chosen(compare):
    *_, both = compare("--samples", "2", "--screen", "author-page", "book-list")
    *_, alone = compare("--samples", "2", "--screen", "book-list")
    *_, other = compare("--samples", "2", "--screen", "book-list", "--seed", "2")
    assert both["screens"][1]["order"] == alone["screens"][0]["order"]
    assert alone["screens"][0]["order"] != other["screens"][0]["order"]


def test_the_document_reads_back_and_renders_the_same(compare, tmp_path):
    _, out, _, _ = compare("--samples", "2")
    text = (tmp_path / "results.json").read_text()
    document = from_json(text)
    assert to_json(document) == text
    console = Console(width=80, record=True, file=io.StringIO())
    print_report(document, console)
    assert out.startswith(console.export_text() + f"\nWrote {tmp_path / 'results.json'}\n")


def test_what_is_not_known_is_shown_as_such(compare, server):
    server.quiet = True
    status, out, _, document = compare("--samples", "2", "--screen", "book-list")
    assert status == 0
    assert document["screens"][0]["arms"][0]["counts"]["statements"] is None
    row = next(line for line in out.splitlines() if "rest/textbook" in line)
    assert row.split()[5] == NONE  # statements
    assert "p95" not in out  # of two samples


def test_views_that_differ_end_it_with_4_and_the_place(compare, server):
    def other_title(path, answer):
        if "fields=title" in path:
            books = [{**book, "price": 1.5} for book in answer[1]]
            return answer[0], books, answer[2]
        return answer

    server.spoil = other_title
    status, out, err, document = compare("--samples", "2", "--screen", "book-list")
    assert status == 4
    first, line = err.splitlines()
    assert first == (
        "compare_apis: book-list, rest/fields: the views differ at $[0].price: "
        "10.25 by rest/textbook, 1.5 by rest/fields"
    )
    assert re.fullmatch(r"  line: \S*book_list.py, line \d+", line)
    assert out.startswith("Wrote ")
    assert document["screens"] == []
    assert [one["screen"] for one in document["failures"]] == ["book-list"]


def test_all_views_are_checked_before_anything_is_timed(compare, server):
    server.spoil = lambda path, answer: (200, [], 0) if "fields=title" in path else answer
    status, _, _, document = compare("--samples", "2")
    assert status == 4
    # To be checked, and to see whether the view changes by itself; never to be timed.
    assert server.requests["/books?limit=20"] == 2
    assert [screen["name"] for screen in document["screens"]] == SCREENS[:2]
    assert all(arm["samples"] for screen in document["screens"] for arm in screen["arms"])


def test_a_view_that_changes_while_it_is_timed_ends_it_with_4(compare, server):
    server.spoil = lambda path, answer: (
        (200, answer[1][:-1], 1)
        if path == "/books?limit=20" and server.requests[path] == 8
        else answer
    )
    status, _, err, document = compare("--samples", "10", "--screen", "book-list")
    assert status == 4
    assert "$[19]" in err
    assert " at first, nothing now, by rest/textbook\n" in err
    assert "  next: what is shown changes from one load to the next: leave that out" in err
    assert document["screens"] == []  # no number of a screen that fails is shown
    assert document["complete"]


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        ((500, {"code": "INTERNAL", "detail": "oops"}, 0), "INTERNAL: 500 oops"),
        ((200, {"errors": [{"message": "bad"}]}, 0), "GRAPHQL_ERROR: bad"),
    ],
)
def test_an_answer_with_an_error_fails_the_run(compare, server, spoiled, says):
    server.spoil = lambda path, answer: (
        spoiled if path == "/graphql" and server.requests[path] == 9 else answer
    )
    status, out, err, document = compare("--samples", "5", "--screen", "book-list")
    assert status == 1
    first, request, said, load, line, following = err.splitlines()
    assert load.startswith("  load: ")
    assert first == f"compare_apis: book-list, graphql/planned: {says}"
    assert following.startswith("  next: ")
    assert request == f"  request: POST {server.url}/graphql answered {spoiled[0]}"
    assert said == f"  answer: {json.dumps(spoiled[1], separators=(',', ':'))}"
    assert "book_list.py, line " in line
    assert document["screens"] == []
    assert out.startswith("Wrote ")


@pytest.mark.parametrize(
    ("paths", "denied"),
    [
        ("/books", {"code": "UNAUTHORIZED", "detail": "who are you?"}),
        (
            "/graphql",
            {"errors": [{"message": "who are you?", "extensions": {"code": "UNAUTHORIZED"}}]},
        ),
    ],
    ids=["rest", "graphql"],
)
def test_who_is_not_known_to_a_server_reads_how_to_say_it(compare, server, paths, denied):
    server.spoil = lambda path, answer: (401, denied, 0) if path.startswith(paths) else answer
    status, _, err, _ = compare("--samples", "1", "--screen", "book-list")
    assert status == 1
    assert "who are you?" in err
    api = "rest" if paths == "/books" else "graphql"
    assert f"  next: name what the server asks for by --{api}-header 'Authorization: " in err


def test_a_load_that_makes_other_requests_than_the_counted_one_fails_the_run(compare):
    screen = Screen("restless", "")
    loads = iter(range(100))

    @screen.rest("growing")
    def growing(api):
        for _ in range(1 if next(loads) < 8 else 2):
            api.get("/authors/1")
        return True

    status, _, err, _ = compare("--samples", "5", screens=[screen])
    assert status == 1
    assert err.startswith(
        "compare_apis: restless, rest/growing: the exchanges changed from [1] to [1, 1] per level\n"
    )
    assert "have the arm send the same requests in every load" in err


def test_no_garbage_is_collected_while_a_load_is_timed(compare):
    screen = Screen("watched", "")
    collecting, runs = [], []
    gc.callbacks.append(lambda phase, info: runs.append(phase) if phase == "start" else None)

    @screen.rest("watching")
    def watching(api):
        collecting.append((gc.isenabled(), len(runs)))
        return True

    try:
        assert compare("--samples", "3", screens=[screen])[0] == 0
    finally:
        gc.callbacks.pop()
    timed = collecting[1:]  # the first load is the counted one
    assert [enabled for enabled, _ in timed] == [False] * 8
    assert len({run for _, run in timed}) == 8  # it ran between any two of them
    assert gc.isenabled()


def test_a_collection_does_not_go_through_what_earlier_ones_have_left(monkeypatch):
    """It took ever longer, and each load that followed one with it."""
    monkeypatch.setattr(garbage, "gc", gc)  # in place of what `little_garbage` has there
    with garbage.collector_held():
        kept = [{"result": [number]} for number in range(10_000)]
        garbage.collect()
        assert len(gc.get_objects()) < 1_000  # those that are frozen are not among them
        assert len(kept) == 10_000
    assert len(gc.get_objects()) > 10_000
    gc.freeze()


@pytest.mark.parametrize("away", ["--rest-url", "--graphql-url"])
def test_a_server_that_is_away_is_told_with_how_to_start_it(compare, nowhere, away):
    status, out, err, _ = compare(away, nowhere)
    assert status == 3
    assert out == ""
    assert err.startswith(f"compare_apis: {nowhere} does not answer: Connection refused\n  next: ")
    assert "./start_servers.sh" in err


def test_a_server_that_goes_away_in_mid_run_ends_it_with_3(compare, server, tmp_path):
    def go_away(path, answer):
        if path == "/ping" or server.requests[path] <= 8:
            return answer
        server.socket.shutdown(socket.SHUT_RDWR)  # nothing listens any more
        return None

    server.spoil = go_away
    xml = tmp_path / "junit.xml"
    status, _, err, document = compare(
        "--samples", "5", "--screen", "book-list", "--junit", str(xml)
    )
    assert status == 3
    assert "./start_servers.sh" in err
    assert any(arm["samples"] for arm in document["screens"][0]["arms"])
    assert "does not answer" in document["failures"][-1]["what"]
    assert ET.parse(xml).getroot().get("errors") != "0"


def test_a_request_that_a_running_server_does_not_answer_fails_its_screen_alone(compare, server):
    server.spoil = lambda path, answer: (
        None if path.startswith("/books?") and server.requests[path] > 8 else answer
    )
    status, _, err, document = compare("--samples", "10", "--screen", "book-list", "author-page")
    assert status == 1
    assert "no answer: it ended the connection without an answer" in err
    assert "  next: the server runs, but has not answered this request" in err
    assert document["complete"]
    assert [screen["name"] for screen in document["screens"]] == ["author-page"]


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_ends_with_130_and_keeps_what_it_has(compare, server):
    def interrupt(path, answer):
        if server.requests["/graphql"] == 10:
            _thread.interrupt_main()
        return answer

    server.spoil = interrupt
    status, out, _, document = compare("--samples", "30", "--screen", "book-list")
    assert status == 130
    assert document["complete"] is False
    assert any(arm["samples"] for arm in document["screens"][0]["arms"])
    assert "This run did not end" in out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_file_that_cannot_be_written_is_said_after_the_report(compare):
    arguments = ["--samples", "1", "--screen", "book-list", "--json", "/dev/full"]
    status, out, err, _ = compare(*arguments)
    assert status == 1
    assert "book-list" in out
    assert err == "compare_apis: cannot write /dev/full: No space left on device\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--samples", "0"],
        ["--samples", "x"],
        ["--seed", "x"],
        ["--screen", "nonesuch"],
        ["--rest-url", "ftp://localhost:8000"],
        ["--graphql-url", "http://127.0.0.1:99999"],
        ["--json", "/nonesuch/results.json"],
        ["--json", "/"],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        compare_apis.main(wrong)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_list_fits_any_width(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert compare_apis.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_the_screens_can_be_listed_without_servers(capsys):
    assert compare_apis.main(["--list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in [*SCREENS, "rest/batched", "graphql/unbatched"])
    listed = [
        line.split()[0]
        for line in out.partition("\nbook-list: ")[2].partition("\n\n")[0].splitlines()
        if line[2:3].strip()
    ]
    assert listed[-2:] == ["rest/etag", "graphql/persisted-get"]  # whose clients have caches


@pytest.mark.parametrize("screen", [book_list.screen, order_history.screen])
def test_what_an_endpoint_does_with_relations_is_told_where_there_are_some(screen):
    told = [arm.description for arm in screen.arms if arm.name.startswith("graphql/")]
    assert len(set(told)) == len(told)
    assert any("relation" in one for one in told) is (screen is order_history.screen)
