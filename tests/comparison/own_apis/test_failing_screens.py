"""What is said of screens of own APIs that fail: which exchange, which line, what to do."""

import json
import re
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest

from tests.comparison.own_apis.help_desk_screens import LOGIN, TEAM, arms_of

SWALLOWED = """
    page = Screen("page", "")

    @page.rest("careless")
    def careless(api):
        try:
            api.get("/teams/4")
        except Exception:
            pass
        return 1
"""


def test_a_failed_exchange_fails_the_load_whatever_the_arm_does(compare) -> None:
    status, _, err, found = compare(LOGIN + dedent(SWALLOWED))
    assert status == 1
    assert found["screens"] == []
    assert err.splitlines() == [
        "compare_apis: page, rest/careless: HTTP_404: 404 Not Found",
        f"  request: GET {found['settings']['rest_url']}/teams/4 answered 404",
        '  answer: {"error": "nothing at /api/v2/teams/4"}',
        '  line: my_screens.py, line 12: api.get("/teams/4")',
        "  next: check --rest-url, to which the path is added",
    ]


def test_an_expected_status_is_a_part_of_the_screen(compare) -> None:
    expected = dedent(SWALLOWED).replace('("/teams/4")', '("/teams/4", expect=404)')
    status, _, err, found = compare(LOGIN + expected)
    assert (status, err) == (0, "")
    (exchange,) = arms_of(found)["rest/careless"]["exchanges"]
    assert exchange["status"] == 404
    status, _, err, _ = compare(LOGIN + expected.replace("/teams/4", "/teams/3"))
    assert status == 1
    assert "HTTP_200: got 200, expected 404" in err
    assert "  next: mend the request in the arm's code; if this answer is a part of the" in err


def test_expected_errors_are_a_part_of_the_screen(compare) -> None:
    text = LOGIN + dedent("""
        page = Screen("page", "")

        @page.graphql("wrong", method="METHOD")
        def wrong(api):
            answer = api.query("{ team { name } }", expect_errors=True)
            return [answer["data"], len(answer["errors"])]
    """)
    for method in ("GET", "POST"):
        status, _, err, found = compare(text.replace("METHOD", method))
        assert (status, err) == (0, "")
        assert found["screens"][0]["view"] == [None, 1]
    status, _, err, _ = compare(text.replace("METHOD", "GET").replace(", expect_errors=True", ""))
    assert status == 1
    assert "'Query.team(id:)' of type 'ID!' is required" in err
    assert (
        "  next: mend the operation in the arm's code; if the error is a part of the screen" in err
    )
    right = text.replace("METHOD", "GET").replace("team {", "team(id: 3) {")
    status, _, err, _ = compare(right)
    assert status == 1
    assert "the answer has no errors, which were expected" in err


def _loads(seen) -> int:
    """How many loads of the team's page there were: one by REST begins with the team."""
    return sum(one.path == "/api/v2/teams/3" or "graphql" in one.path for one in seen)


@pytest.mark.parametrize(
    ("method", "path", "after", "trouble", "arm", "told", "turn"),
    [
        (
            "GET",
            "/api/v2/teams/3",
            4,  # one to count it, two to warm up, the first that is timed
            (503, {"error": "out of tickets"}),
            "rest/textbook: HTTP_503: 503",
            '/api/v2/teams/3 answered 503\n  answer: {"error": "out of tickets"}',
            "2 of 2 by this arm, timed at loopback; 1 of these",
        ),
        (
            "POST",
            "/gateway/graphql",
            7,  # one to count it, two for static costs, two to warm up, two at loopback
            (200, {"data": None, "errors": [{"message": "out of tickets"}]}),
            "graphql/one-query: GRAPHQL_ERROR: out of tickets",
            '/gateway/graphql answered 200\n  answer: {"data": null, "errors": [{"message": "out',
            "1 of 1 by this arm, timed over 20 ms; 0 of these",
        ),
        (
            "GET",
            "/api/v2/teams/3/tickets?cursor=6",
            2,
            (0, None),
            "rest/textbook: no answer: ",
            "/api/v2/teams/3/tickets?cursor=6\n",
            "2 of 2 by this arm, to warm up at loopback; 1 of these",
        ),
        (
            "GET",
            "/api/v2/teams/3",
            4,
            (-1, None),
            "rest/textbook: http://127.0.0.1:",
            "/api/v2/teams/3\n",
            "2 of 2 by this arm, timed at loopback; 1 of these",
        ),
    ],
    ids=["status", "errors", "no answer", "no server"],
)
def test_a_failure_on_the_way_says_how_far_it_had_come(
    compare, desk, tmp_path, method, path, after, trouble, arm, told, turn
) -> None:
    def troubled(seen):
        before = sum(one[:2] == seen[:2] for one in desk.seen) - 1
        return trouble if seen[:2] == (method, path) and before >= after else None

    desk.troubled = troubled
    xml = tmp_path / "junit.xml"
    status, _, err, found = compare(LOGIN + TEAM, "--junit", str(xml))
    assert status == (3 if trouble[0] < 0 else 1)
    assert err.startswith(f"compare_apis: team, {arm}")
    assert told in err
    assert f"  load: {turn} and {_loads(desk.seen) - 1} loads in all went well before it\n" in err
    (failure,) = found["failures"]
    assert failure["before"] == _loads(desk.seen) - 1
    error = next(ET.parse(xml).getroot().iter("error"))
    assert f"load: {turn}" in (error.text or "")


@pytest.mark.slow
def test_one_screens_failure_does_not_throw_away_the_others(compare, tmp_path) -> None:
    xml = tmp_path / "junit.xml"
    html = tmp_path / "page.html"
    status, out, err, found = compare(
        LOGIN + dedent(SWALLOWED) + TEAM.replace("page", "team_page"),
        "--junit", str(xml), "--html", str(html),
    )  # fmt: skip
    assert status == 1
    assert err.startswith("compare_apis: page, rest/careless: HTTP_404")
    assert [screen["name"] for screen in found["screens"]] == ["team"]
    assert all(arm["samples"] for arm in arms_of(found).values())
    assert "1 screen failed and is left out: page" in " ".join(out.split())
    root = ET.parse(xml).getroot()
    assert [(one.get("name"), one.get("errors")) for one in root] == [("team", "0"), ("page", "1")]
    (error,) = root.iter("error")
    assert "404" in error.get("message", "")
    assert "nothing at /api/v2/teams/4" in html.read_text()


@pytest.mark.slow
def test_a_number_against_a_text_is_told_as_what_it_is(compare) -> None:
    status, _, err, _ = compare(LOGIN + TEAM.replace('int(one["id"])', 'one["id"]'))
    assert status == 4
    assert 'differ at $.tickets[0].id: 50 by rest/textbook, "50" by graphql/get' in err
    assert '  next: GraphQL\'s ID is a string, and 50 is not "50"' in err
    assert "my_screens.py, line " in err


def test_who_is_not_known_is_told_how_to_say_it(compare) -> None:
    status, _, err, _ = compare(TEAM)
    assert status == 1
    assert '  answer: {"error": "no token for rest"}' in err
    assert "  next: name what the server asks for by --rest-header 'Authorization: Bearer " in err


def test_an_endpoint_that_is_not_there_is_told_as_an_address(compare) -> None:
    status, _, err, _ = compare(LOGIN + TEAM, graphql="/wrong")
    assert status == 1
    assert re.search(r"/wrong/graphql\?query=\S+ answered 404", err)
    assert "  next: check --graphql-url, to which the path is added" in err


def test_the_screens_own_code_that_fails_is_told_with_the_last_answer(compare) -> None:
    text = TEAM.replace('["data"]["name"]\n    found', '["datum"]["name"]\n    found')
    status, _, err, _ = compare(LOGIN + text)
    assert status == 1
    first, request, said, line, following = err.splitlines()
    assert first == "compare_apis: team, rest/textbook: KeyError: 'datum'"
    assert request.endswith("/api/v2/teams/3")
    assert said == '  answer: {"data": {"id": 3, "name": "First line"}}'
    assert "my_screens.py, line " in line
    assert 'api.get("/teams/3")["datum"]["name"]' in line
    assert "expects another answer" in following


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("login = 3\n" + TEAM, "login must be a function that takes an api"),
    ],
)
def test_a_login_that_is_none_is_wrong_usage(compare, capsys, text: str, says: str) -> None:
    with pytest.raises(SystemExit) as ended:
        compare(text)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_view_that_changes_by_itself_is_told_as_what_it_is(compare) -> None:
    text = """
        from itertools import count
        numbers = count()
        page = Screen("page", "")

        @page.rest("one")
        @page.rest("other")
        def one(api):
            return [api.get("/teams/3")["data"]["id"], next(numbers)]
    """
    status, _, err, _ = compare(LOGIN + dedent(text))
    assert status == 4
    assert "the views differ at $[1]: 0 by rest/one, 1 by rest/other\n" in err
    assert "  next: what is shown changes from one load to the next: leave that out" in err


@pytest.mark.parametrize(
    ("shown", "says", "cure"),
    [
        ("None", "the function returns None", "have it return what the screen shows"),
        ("{'a': [{1, 2}]}", "no JSON value: $.a[0] is a set", "return text, numbers, true"),
        ("{1: 2}", "no JSON value: $ has the name 1, a int", "return text, numbers, true"),
        ("float('nan')", "no JSON value: $ is nan", "return text, numbers, true"),
    ],
)
def test_a_view_that_is_none_or_no_json_is_refused(compare, shown, says, cure) -> None:
    text = f"""
        page = Screen("page", "")

        @page.rest("one")
        def one(api):
            api.get("/teams/3")
            return {shown}
    """
    status, _, err, _ = compare(LOGIN + dedent(text))
    assert status == 1
    assert says in err.splitlines()[0]
    assert f"  next: {cure}" in err
    assert "my_screens.py, line " in err


def test_a_floor_that_fails_ends_the_run_before_anything_is_timed(compare, tmp_path) -> None:
    xml = tmp_path / "junit.xml"
    options = ["--floor-rest", "nonesuch", "--junit", str(xml)]
    status, _, err, found = compare(LOGIN + TEAM + TEAM.replace("page", "other").replace(
        'Screen("team"', 'Screen("second"'), *options)  # fmt: skip
    assert status == 1
    assert err.count("floor/rest: ") == 1  # told once, however many screens there are
    assert "/api/v2/nonesuch answers 404\n" in err
    assert '  answer: {"error": "nothing at /api/v2/nonesuch"}\n' in err
    assert "  next: name another path by --floor-rest" in err
    assert not any(arm["samples"] for arm in arms_of(found).values())
    root = ET.parse(xml).getroot()
    (error,) = root.iter("error")
    assert (root.get("errors"), "answers 404" in error.get("message", "")) == ("1", True)


@pytest.mark.slow
def test_the_report_says_nothing_of_the_bookstores_servers(compare, tmp_path) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("html", "markdown", "csv")}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    status, out, err, found = compare(LOGIN + TEAM, *options, "--verbose")
    assert (status, err) == (0, "")
    page = files["html"].read_text()
    # Charts are drawn by a library that has every word.
    texts = [out, json.dumps(found), page.partition("<script")[0], files["markdown"].read_text()]
    for text in texts:
        for word in ("flask", "granian", "uvicorn", "strawberry", "bookstore_", "/ping", "/health"):
            assert word not in text.lower(), word
    # What is not known has no column.
    tables = [line for line in texts[3].splitlines() if line.startswith("|")]
    assert any("requests" in line and "steps" in line for line in tables)
    for line in tables:
        assert "SQL" not in line
        assert "floor" not in line
        assert "| \N{EN DASH} |" not in line
    assert "--screens" in page
