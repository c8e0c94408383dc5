"""The options of compare_apis.py: what they mean, and what is refused before anything is done."""

import json
from pathlib import Path

import pytest

from client_examples import compare_apis
from client_examples.comparison.command_line.cures import other_cure
from client_examples.comparison.command_line.options import (
    LINK_SAMPLES,
    QUICK_LINK_SAMPLES,
    Options,
    parse,
)
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.report import files as outputs
from client_examples.comparison.screens import SCREENS, book_list
from client_examples.comparison.statistics import ENOUGH
from tests.comparison.fake_bookstore import FakeBookstore


def options_of(*arguments) -> Options:
    return parse("Compare.", arguments, SCREENS)


def refused(capsys, *arguments) -> str:
    """What is said of wrong usage, on the last line."""
    with pytest.raises(SystemExit) as ended:
        compare_apis.main(arguments)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.splitlines()[-1]


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command against a fake; its status, output and errors."""
    with FakeBookstore() as fake:

        def run(*arguments):
            urls = ["--rest-url", fake.url, "--graphql-url", fake.url]
            quickly = ["--samples", "2", "--rtt", "0"]
            status = compare_apis.main([*urls, *quickly, *arguments], [book_list.screen])
            printed = capsys.readouterr()
            return status, printed.out, printed.err

        yield run


def test_without_options_all_screens_are_compared_at_loopback_and_over_20_ms():
    options = options_of()
    assert [screen.name for screen in options.screens] == [screen.name for screen in SCREENS]
    asked = options.settings
    assert (asked.samples, asked.link_rtts_ms, asked.failure_rate) == (60, [20.0], 0.01)
    assert (asked.floor_rest, asked.floor_graphql) == (
        "http://127.0.0.1:8000/ping",
        "http://127.0.0.1:8001/ping",
    )
    assert (options.files, options.credentials.rest, asked.bandwidth_mbit) == ({}, {}, None)
    longer = (asked.quick, asked.cold, asked.resilience, asked.self_check)
    assert longer == (False, False, False, False)


def test_quick_means_few_loads_and_one_over_the_link_unless_more_are_asked_for():
    quick = options_of("--quick").settings
    assert (quick.samples, quick.link_rtts_ms, quick.link_samples) == (8, [20.0], 1)
    asked = options_of("--quick", "--samples", "30", "--rtt", "5").settings
    assert (asked.samples, asked.link_rtts_ms) == (30, [5.0])


@pytest.mark.parametrize(
    ("limit", "more", "loads"),
    [
        ("{ most = 90, rtt = 20 }", [], ENOUGH),
        ("{ times = 2, of = 'rest/textbook', network = '3g' }", ["--network", "3g"], ENOUGH),
        ("9", [], LINK_SAMPLES),
        ("{ most = 90, rtt = 20 }", ["--quick"], QUICK_LINK_SAMPLES),
        ("{ most = 90, rtt = 20 }", ["--screen", "book-detail"], LINK_SAMPLES),  # it does not count
    ],
)
def test_limits_over_a_link_have_enough_loads_to_be_broken(tmp_path, limit, more, loads):
    budget = tmp_path / "budget.toml"
    budget.write_text(f"book-list.'rest/fields'.median_ms = {limit}\n")
    options = options_of("--budget", str(budget), *more)
    assert options.settings.link_samples == loads


@pytest.mark.parametrize(
    ("arguments", "rtts"),
    [
        (["--rtt", "1", "20", "1"], [1.0, 20.0]),
        (["--rtt", "0"], []),  # a link that is slow by itself is measured as it is
        (["--rtt", "0", "--bandwidth", "10"], [0.0]),
        (["--rtt", "0", "--cold"], []),  # all loads are cold, also those over no link
        (["--quick", "--cold"], [20.0]),
        (["--quick", "--rtt", "0"], []),
        (["--network", "3g"], []),
        (["--network", "3g", "--rtt", "20"], [20.0]),
        (["--bandwidth", "10"], [20.0]),
    ],
)
def test_links(arguments, rtts):
    assert options_of(*arguments).settings.link_rtts_ms == rtts


def test_headers_are_kept_by_name_with_all_that_follows_the_first_colon():
    options = options_of("--header", "Authorization: Basic a:b=", "--header", "X-Empty:")
    for headers in (options.credentials.rest, options.credentials.graphql):
        assert headers == {"Authorization": "Basic a:b=", "X-Empty": ""}


def test_screens_come_in_their_own_order():
    chosen = options_of("--screen", "deep", "author-page").screens
    assert [screen.name for screen in chosen] == ["author-page", "deep"]


def test_a_floor_may_be_a_path_or_an_address_on_its_server():
    options = options_of(
        "--rest-url", "https://a.example/v1", "--floor-rest", "https://a.example/status"
    )
    assert options.settings.floor_rest == "https://a.example/status"
    assert options.settings.floor_graphql == "http://127.0.0.1:8001/ping"
    own = options_of("--rest-url", "https://a.example/v1", "--floor-rest", "/status")
    assert own.settings.floor_rest == "https://a.example/v1/status"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("status", "http://127.0.0.1:9000/v1/status"),
        ("status.json", "http://127.0.0.1:9000/v1/status.json"),
        ("127.0.0.1:9000/v1/status", "http://127.0.0.1:9000/v1/status"),
        ("127.0.0.1:9000/status", "http://127.0.0.1:9000/status"),
    ],
)
def test_a_floor_may_be_pasted_as_an_address_is(given, meant):
    options = options_of("--rest-url", "127.0.0.1:9000/v1", "--floor-rest", given)
    assert options.settings.floor_rest == meant


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--samples", "0"], "must be a whole number of 1 or more, got 0"),
        (["--samples", "1.5"], "must be a whole number of 1 or more, got 1.5"),
        (["--rtt", "20ms"], "must be 0 to 10000 ms, got 20ms"),
        (["--rtt", "-1"], "argument --rtt"),
        (["--rtt", "nan"], "must be 0 to 10000 ms, got nan"),
        (["--bandwidth", "0"], "must be 0.01 to 10000 Mbit/s, such as 10 or 10/2, got 0"),
        (["--bandwidth", "inf"], "got inf; for no limit leave the option out"),
        (["--bandwidth", "1e308"], "must be 0.01 to 10000 Mbit/s, such as 10 or 10/2, got 1e308"),
        (["--bandwidth", "10/1e-9"], "such as 10 or 10/2, got 1e-9"),
        (["--bandwidth", "10/"], "such as 10 or 10/2, got nothing"),
        (["--bandwidth", "10/2/3"], "such as 10 or 10/2, got 2/3"),
        (["--failure-rate", "1.5"], "must be 0 to 1, got 1.5"),
        (["--failure-rate", "1%"], "must be 0 to 1, got 1%"),
        (["--screen", "nonesuch"], "there is no 'nonesuch', but author-page, order-history"),
        (["--screen"], "expected at least one argument"),
        (["--quick", "--quic"], "unrecognized arguments: --quic"),
        (
            ["--rest-url", "https://a.example", "--protocol", "http2"],
            "http2 needs TLS, and http://127.0.0.1:8001 is without; name a proxy by --edge-url",
        ),
        (["--floor-rest", "http://other.example/ping"], "is not on the server at"),
        (["--floor-rest", "127.0.0.1:9/ping"], "is not on the server at"),
        (["--rest-url", "http://me:secret@a.example"], "argument --rest-url"),
        (["--ca-file", "/nonesuch"], "cannot read /nonesuch: No such file or directory"),
        (["--ca-file", "old.json"], "there are no certificates in PEM form in old.json"),
        (["--screens", "/nonesuch.py"], "/nonesuch.py is no Python file"),
        (["--from", "/nonesuch.json"], "cannot read /nonesuch.json: No such file or directory"),
        (["--json", "a.out", "--html", "a.out"], "--html and --json name the same file, a.out"),
        (["--from", "old.json", "--samples", "5"], "with it, --samples has no effect"),
        (["--from", "old.json", "--self-check"], "with it, --self-check has no effect"),
        (["--from", "old.json", "--csv", "old.json"], "--csv and --from name the same file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said_in_a_line(capsys, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    Path("old.json").write_text("what is there")
    assert says in refused(capsys, *arguments)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["what is there"]


@pytest.mark.parametrize("header", ["s3cret", "s3cret value: x", "Name: s3cret\n", "Name: ☃s3cret"])
def test_a_wrong_header_is_refused_without_showing_its_value(capsys, header):
    said = refused(capsys, "--header", header)
    assert "header" in said.lower()
    assert "s3cret" not in said


def test_where_no_folder_can_be_made_another_is_to_be_named(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda folder, _mode: Path(folder) != tmp_path)
    said = refused(capsys, "--json", str(tmp_path / "results" / "comparison.json"))
    assert said.endswith(f"nor may one be made in {tmp_path}; name a file elsewhere")


@pytest.mark.parametrize("name", outputs.FORMATS)
def test_a_file_that_cannot_be_written_is_found_before_anything_is_measured(capsys, tmp_path, name):
    folder = tmp_path / "nonesuch"
    said = refused(capsys, f"--{name}", str(folder / "results"))
    assert said.endswith(
        f"argument --{name}: cannot write {folder / 'results'}: there is no folder {folder}"
    )
    assert "it is a folder" in refused(capsys, f"--{name}", str(tmp_path))


def test_the_folder_that_the_documents_name_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert outputs.writable("results/report.html") == Path("results/report.html")
    assert [one.name for one in tmp_path.rglob("*")] == ["results"]
    assert outputs.writable("results/report.html")  # where it is there already


def test_looking_whether_a_file_can_be_written_changes_nothing(tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text("what is there")
    assert (outputs.writable(str(old)), outputs.writable(str(new))) == (old, new)
    assert old.read_text() == "what is there"
    assert not new.exists()


def test_all_formats_are_written_and_can_be_made_again_from_the_json(run, tmp_path, capsys):
    names = {"html": "page.html", "markdown": "report.md", "csv": "rows.csv"}
    files = [part for name, file in names.items() for part in (f"--{name}", str(tmp_path / file))]
    results = tmp_path / "results.json"
    status, out, err = run("--json", str(results), *files)
    assert (status, err) == (0, "")
    first = {file: (tmp_path / file).read_text() for file in names.values()}
    assert all(first.values())
    for file in names.values():
        (tmp_path / file).unlink()
    assert compare_apis.main(["--from", str(results), *files]) == 0
    again = capsys.readouterr().out
    assert again.replace("Wrote", f"Wrote {results}\nWrote", 1) == out
    assert all(f"Wrote {tmp_path / file}\n" in again for file in names.values())
    assert {file: (tmp_path / file).read_text() for file in names.values()} == first
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["results.json", *names.values()]
    )


@pytest.mark.parametrize("text", ["", "no JSON", "{}", '{"schema_version": 1}'])
def test_what_is_no_result_of_this_program_cannot_be_shown(tmp_path, capsys, text):
    file = tmp_path / "other.json"
    file.write_text(text)
    assert compare_apis.main(["--from", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"compare_apis: {file} holds no results of --json:")
    assert printed.err.count("\n") == 1
    assert "None" not in printed.err


def test_a_result_of_another_version_is_refused_by_its_number(run, tmp_path, capsys):
    file = tmp_path / "results.json"
    run("--json", str(file))
    document = json.loads(file.read_text()) | {"schema_version": 99}
    file.write_text(json.dumps(document))
    assert compare_apis.main(["--from", str(file)]) == 2
    assert "version 99" in capsys.readouterr().err


@pytest.mark.slow
def test_a_finished_run_names_what_takes_longer_and_was_left_out(run):
    status, out, _ = run()
    last = " ".join(out.rpartition("\n\n")[2].split())
    assert status == 0
    assert last.startswith(
        "--verbose prints all numbers. Not measured: distances (--rtt), slow links (--network), "
        "new connections (--cold), failures (--resilience), many users (--load), processor time "
        "(--cpu), --shared-cache and --self-check."
    )
    near = " ".join(run("--rtt", "20")[1].rpartition("\n\n")[2].split())
    assert "Not measured: other distances (--rtt), slow links (--network)" in near
    assert "--cold" not in run("--cold")[1].rpartition("\n\n")[2]
    assert "--rtt" not in run("--rtt", "5")[1].rpartition("\n\n")[2]


def test_a_link_to_a_file_is_followed(run, tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("")
    link.symlink_to(target)
    assert run("--json", str(link))[0] == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["complete"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_the_other_files_are_written_although_one_fails(run, tmp_path):
    page = tmp_path / "report.md"
    status, _, err = run("--json", "/dev/full", "--markdown", str(page))
    assert status == 1
    assert err == "compare_apis: cannot write /dev/full: No space left on device\n"
    assert page.read_text()


def test_the_first_screen_of_the_help_has_what_most_people_need(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        options_of("--help")
    first = capsys.readouterr().out.splitlines()[:24]
    named = {word for line in first for word in line.split() if word.startswith("--")}
    assert {"--quick", "--screen", "--html", "--verbose", "--screens"} <= named


@pytest.mark.parametrize(("rtt", "is_why"), [("20", False), ("9000", True)])
def test_a_link_that_no_client_waits_for_is_told_as_the_reason(rtt, is_why):
    error = ServerUnreachable("http://127.0.0.1:8000", "it took too long")
    told = other_cure(error, options_of("--rtt", rtt))
    assert told.startswith("ask for a shorter --rtt: clients wait 3.05 s") == is_why
