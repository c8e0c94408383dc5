"""A user's own screens against two servers that are not the bookstore's, by http and https."""

import json
import os
import socket
import ssl
import sys
from pathlib import Path

import pytest
import trustme

from client_examples import compare_apis
from client_examples.comparison.arms.own_screens import BadScreens, load_screens
from client_examples.foreign_example.servers import KEY, serving
from tests.selection import slow

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "client_examples" / "foreign_example" / "screens.py"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(params=[*slow("http"), "https"])
def servers(request, authority, tmp_path):
    """The options that name both servers, and what it takes to talk to them."""
    tls, options = None, []
    if request.param == "https":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        certificates = tmp_path / "authority.pem"
        certificates.write_bytes(authority.cert_pem.bytes())
        options = ["--ca-file", str(certificates)]
    with serving(tls=tls) as (rest_url, graphql_url):
        yield ["--rest-url", rest_url, "--graphql-url", graphql_url, *options]


@pytest.fixture
def compare(servers, tmp_path, capsys):
    def run(*arguments, key=KEY, screens=EXAMPLE):
        file = tmp_path / "results.json"
        own = ["--screens", str(screens), "--header", f"X-Api-Key: {key}", "--json", str(file)]
        status = compare_apis.main([*servers, *own, "--samples", "3", *arguments])
        printed = capsys.readouterr()
        text = file.read_text() if file.exists() else None
        return status, printed.out, printed.err, text

    return run


def test_the_example_is_compared_without_server_timing(compare):
    status, out, err, text = compare("--rtt", "5")
    assert (status, err) == (0, "")
    (screen,) = json.loads(text)["screens"]
    arms = {arm["name"]: arm for arm in screen["arms"]}
    counts = {name: arm["counts"] for name, arm in arms.items()}
    taken = {name: (count["requests"], count["rounds"]) for name, count in counts.items()}
    assert taken == {
        "rest/textbook": (9, 9),
        "rest/parallel": (9, 1 + 2),
        "graphql/one-query": (1, 1),
    }
    assert all(count["statements"] is None for count in counts.values())
    assert all(count["wire_bytes"] > count["body_bytes"] for count in counts.values())
    assert counts["rest/textbook"]["server_timing_bytes"] == 0
    # artist: name and 8 ids used of 11 leaves; albums: 2 of 5 members
    assert counts["rest/textbook"]["delivered_leaves"] == 11 + 8 * 5
    assert counts["rest/textbook"]["used_leaves"] == 9 + 8 * 2
    assert all(len(arm["samples"]) == 3 and arm["links"] for arm in arms.values())
    assert all(arm["code_lines"] for arm in arms.values())
    assert screen["floors"] == []
    assert "artist-page" in out


def test_a_floor_is_what_the_user_names(compare):
    status, _, _, text = compare("--rtt", "0", "--floor-rest", "/v1/status")
    (screen,) = json.loads(text)["screens"]
    assert status == 0
    assert [floor["name"] for floor in screen["floors"]] == ["floor/rest"]
    shares = {arm["name"]: arm["floor_share"] for arm in screen["arms"]}
    assert shares["rest/textbook"] > 0
    assert shares["graphql/one-query"] is None


def test_no_result_holds_a_headers_value(compare, tmp_path):
    others = [str(tmp_path / name) for name in ("page.html", "page.md", "page.csv")]
    options = ["--html", others[0], "--markdown", others[1], "--csv", others[2]]
    status, out, err, text = compare("--rtt", "0", *options)
    assert (status, err) == (0, "")
    assert json.loads(text)["settings"]["header_names"] == ["X-Api-Key"]
    for result in [out, text, *(Path(file).read_text() for file in others)]:
        assert result
        assert KEY not in result


def test_a_wrong_key_fails_the_run_and_is_not_shown(compare):
    status, out, err, text = compare(key="not-the-key")
    assert status == 1
    assert err.startswith("compare_apis: artist-page, rest/textbook: HTTP_401: 401 No\n")
    assert "/v1/artists/7 answered 401\n" in err
    assert '  answer: {"title": "No"}\n' in err
    asked = "artist = api.get("
    number = EXAMPLE.read_text().partition(asked)[0].count("\n") + 1
    assert f"screens.py, line {number}: {asked}" in err
    for result in (out, err, text):
        assert "not-the-key" not in result


@pytest.mark.slow
def test_over_new_connections_the_handshake_is_paid_for(compare, servers):
    status, _, _, text = compare("--cold", "--rtt", "2")
    assert status == 0
    (screen,) = json.loads(text)["screens"]
    query = next(arm for arm in screen["arms"] if arm["name"] == "graphql/one-query")
    is_https = "--ca-file" in servers
    assert query["counts"]["new_connections"] == 1
    assert query["counts"]["trips"] == 1 + (2 if is_https else 1)


def test_a_certificate_that_nobody_knows_is_refused(authority, capsys):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with serving(tls=tls) as (rest_url, graphql_url):
        options = ["--rest-url", rest_url, "--graphql-url", graphql_url]
        status = compare_apis.main([*options, "--screens", str(EXAMPLE)])
    assert status == 3
    assert "certificate" in capsys.readouterr().err.lower()


def test_those_with_servers_of_their_own_are_not_told_how_to_start_the_bookstores(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        options = ["--rest-url", url, "--graphql-url", url, "--screens", str(EXAMPLE)]
        status = compare_apis.main(options)
    assert status == 3
    assert capsys.readouterr().err == (
        f"compare_apis: {url} does not answer: Connection refused\n"
        "  next: check the address, and that the server runs there\n"
    )


def test_the_documentation_shows_the_example_as_it_is():
    text = (ROOT / "docs" / "own_screens.md").read_text()
    assert f"```python\n{EXAMPLE.read_text()}```" in text
    assert len(EXAMPLE.read_text().splitlines()) <= 45


FACES = [
    "from client_examples.comparison import Get, GraphqlApi, RestApi, Screen, View",
    """from client_examples.comparison.api import Get, GraphqlApi, RestApi
from client_examples.comparison.arms import Screen, View""",  # as it was documented before
]


@pytest.mark.parametrize("imports", FACES)
def test_what_a_file_imports_is_the_same_by_its_old_paths(tmp_path, imports):
    example = EXAMPLE.read_text()
    (used,) = [line for line in example.splitlines() if line.startswith("from client_examples")]
    file = tmp_path / "screens.py"
    file.write_text(example.replace(used, imports))
    (screen,) = load_screens(file)
    assert [arm.name for arm in screen.arms] == [
        "rest/textbook", "rest/parallel", "graphql/one-query"
    ]  # fmt: skip


def test_own_screens_can_be_listed_without_servers(capsys):
    assert compare_apis.main(["--list", "--screens", str(EXAMPLE)]) == 0
    out = capsys.readouterr().out
    assert "An arm is one way to load it" in out
    assert "\nartist-page: an artist" in out
    assert "  graphql/one-query  One query\n" in out


SCREEN = "from client_examples.comparison.arms.screen import Screen\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "declares no screens"),
        ("this is no Python", ", line 1: invalid syntax"),
        (SCREEN + "x = 1\ny = x / 0\n", ", line 3: ZeroDivisionError: division by zero"),
        ("import nonesuch\n", ", line 1: ModuleNotFoundError: No module named 'nonesuch'"),
        (SCREEN + "a = Screen('a', '')\n", "screen 'a' has no arms"),
        (
            SCREEN + "a = Screen('a', '')\n@a.rest('x')\nasync def x(api): return 1\n",
            "arm 'rest/x' of screen 'a' is an async function; an arm is a plain one",
        ),
        (
            SCREEN + "a, b = Screen('a', ''), Screen('a', '')\nfor s in (a, b):\n"
            "    s.rest('x')(lambda api: 1)\n",
            "two screens have the name 'a'",
        ),
        (
            SCREEN + "a = Screen('a', '')\na.rest('x')(min)\na.rest('x')(max)\n",
            "two arms of screen 'a' have the name 'rest/x'",
        ),
        (
            SCREEN + "a = Screen('a', '')\na.rest('x')(min)\na.rest('x', caches=True)(min)\n",
            "two arms of screen 'a' have the name 'rest/x'",
        ),
    ],
)
def test_what_is_wrong_with_own_screens_is_wrong_usage(tmp_path, capsys, text, says):
    file = tmp_path / "screens.py"
    file.write_text(text)
    with pytest.raises(BadScreens, match=r"screens\.py"):
        load_screens(file)
    with pytest.raises(SystemExit) as ended:
        compare_apis.main(["--screens", str(file)])
    assert ended.value.code == 2
    assert f"{file}{says}" in capsys.readouterr().err.replace(f"{file}: ", f"{file}")


def test_screens_may_stand_in_lists_and_dictionaries(tmp_path):
    file = tmp_path / "screens.py"
    file.write_text(
        SCREEN + "def made(name):\n    page = Screen(name, '')\n    page.rest('x')(min)\n"
        "    return page\n\nfirst = made('a')\nsome = [first, made('b')]\n"
        "more = {'c': made('c')}\n"
    )
    assert [screen.name for screen in load_screens(file)] == ["a", "b", "c"]


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(BadScreens, match="is no Python file"):
        load_screens(tmp_path / "nonesuch.py")


def test_a_digit_changed_within_the_same_second_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "screens.py"
    for shown in ("2 books", "3 books"):
        file.write_text(SCREEN + f"page = Screen('p', '{shown}')\npage.rest('x')(lambda api: 1)\n")
        os.utime(file, (1_800_000_000, 1_800_000_000))
        (screen,) = load_screens(file)
        assert screen.shows == shown
    assert [*tmp_path.iterdir()] == [file]  # and nothing is left beside it


def test_own_screens_may_import_what_lies_beside_them(tmp_path):
    (tmp_path / "own_helpers_beside.py").write_text("SHOWS = 'what is beside'\n")
    file = tmp_path / "screens.py"
    file.write_text(
        SCREEN + "import own_helpers_beside\npage = Screen('p', own_helpers_beside.SHOWS)\n"
        "page.rest('x')(lambda api: 1)\nagain = page\n"
    )
    (screen,) = load_screens(file)
    assert screen.shows == "what is beside"
