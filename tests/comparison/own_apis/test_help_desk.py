"""Two APIs that are not the bookstore's, compared as a new user would try it."""

import json
import re
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest

from client_examples import compare_apis
from tests.comparison.own_apis.help_desk import PASSWORD, SESSION, TOKEN, HelpDesk, help_desk
from tests.selection import slow

IMPORTS = "from client_examples.comparison import Get, Screen, SessionApi\n"
LOGIN = f"""
def login(api: SessionApi) -> None:
    token = api.post("/login", {{"password": "{PASSWORD}"}})["data"]["token"]
    api.headers["Authorization"] = f"Bearer {{token}}"
"""
TEAM = '''
page = Screen("team", "a team's tickets with their agents")
QUERY = "query($id: ID!) { team(id: $id) { name tickets { id subject agent { name } } } }"


def shown(name, tickets):
    return {"team": name, "tickets": tickets}


@page.rest("textbook")
def textbook(api):
    """Page by page, then each ticket's agent."""
    name = api.get("/teams/3")["data"]["name"]
    found, cursor = [], "0"
    while cursor is not None:
        answer = api.get("/teams/3/tickets", cursor=cursor)
        found, cursor = [*found, *answer["data"]], answer["meta"].get("next")
    agents = {number: api.get(f"/agents/{number}")["data"]["name"]
              for number in sorted({one["agent"] for one in found})}
    return shown(name, [{"id": one["id"], "subject": one["subject"], "agent": agents[one["agent"]]}
                        for one in found])


@page.graphql("get", method="GET")
@page.graphql("one-query")
def one_query(api):
    """One query."""
    team = api.query(QUERY, id="3")["team"]
    return shown(team["name"], [
        {"id": int(one["id"]), "subject": one["subject"], "agent": one["agent"]["name"]}
        for one in team["tickets"]
    ])
'''


@pytest.fixture
def desk():
    with help_desk() as running:
        yield running


@pytest.fixture
def compare(desk: HelpDesk, tmp_path: Path, capsys):
    """Compare screens given as text; status, output, errors and results."""

    def run(text: str, *options: str, graphql: str = "/gateway/graphql"):
        file, results = tmp_path / "my_screens.py", tmp_path / "results.json"
        file.write_text(IMPORTS + dedent(text))
        # As they are pasted: no scheme, a prefix, the endpoint itself.
        urls = ["--rest-url", f"{desk.rest}/api/v2/", "--graphql-url", f"{desk.graphql}{graphql}"]
        status = compare_apis.main(
            [*urls, "--screens", str(file), "--quick", "--samples", "2", "--json", str(results),
             *options]
        )  # fmt: skip
        printed = capsys.readouterr()
        found = json.loads(results.read_text()) if results.exists() else None
        return status, printed.out, printed.err, found

    return run


def arms_of(found, screen=0):
    return {arm["name"]: arm for arm in found["screens"][screen]["arms"]}


# -- logging in, headers, addresses -----------------------------------------------------------


def test_a_module_that_logs_in_is_compared_at_addresses_as_they_are_pasted(compare, desk) -> None:
    status, _, err, found = compare(LOGIN + TEAM)
    assert (status, err) == (0, "")
    assert {name: arm["counts"]["requests"] for name, arm in arms_of(found).items()} == {
        "rest/textbook": 6, "graphql/one-query": 1, "graphql/get": 1
    }  # fmt: skip
    logins = [one for one in desk.seen if one.path == "/api/v2/login"]
    assert len(logins) == 1  # once, and it is no part of any load
    assert found["settings"]["graphql_url"] == f"http://{desk.graphql}/gateway"
    for secret in (TOKEN, PASSWORD, SESSION):
        assert secret not in json.dumps(found)


@pytest.mark.slow
def test_graphql_by_get_is_an_arm(compare, desk) -> None:
    _, _, _, found = compare(LOGIN + TEAM)
    (exchange,) = arms_of(found)["graphql/get"]["exchanges"]
    assert exchange["method"] == "GET"
    assert "One query; sent by GET" in arms_of(found)["graphql/get"]["description"]
    assert {one.method for one in desk.seen if "/gateway/graphql?" in one.path} == {"GET"}


def test_a_screens_own_session_is_for_it_alone(compare, desk) -> None:
    own = """
        other = Screen("open", "a team")

        @other.rest("one")
        def one(api):
            return api.get("/teams/3", expect=401)["error"]
        """
    begins = LOGIN.replace("def login", "@page.session\ndef begin")
    status, _, err, found = compare(TEAM + begins + dedent(own))
    assert (status, err) == (0, "")
    assert [screen["view"] for screen in found["screens"]][1] == "no token for rest"


@pytest.mark.slow
def test_a_session_may_set_headers_for_one_api_and_ask_graphql(compare, desk) -> None:
    desk.guarded = False
    session = """
        def login(api):
            assert api.query("{ team(id: 3) { name } }")["team"]["name"] == "First line"
            api.rest_headers["X-Rest"] = "r"
            api.graphql_headers["X-Graphql"] = "g"
    """
    status, _, err, _ = compare(dedent(session) + TEAM)
    assert (status, err) == (0, "")
    loads = [one for one in desk.seen if "health" not in one.path]
    rest = [one for one in loads if one.path.startswith("/api")]
    graphql = [one for one in loads if one.path.startswith("/gateway")][1:]
    assert all(one.headers.get("X-Rest") == "r" and "X-Graphql" not in one.headers for one in rest)
    assert all(
        one.headers.get("X-Graphql") == "g" and "X-Rest" not in one.headers for one in graphql
    )


def test_a_session_may_send_a_cookie_back_in_a_header(compare, desk) -> None:
    begins = LOGIN + '    api.headers["X-Session"] = api.cookies["session"]\n'
    status, _, err, _ = compare(begins + TEAM)
    assert (status, err) == (0, "")
    loads = [one for one in desk.seen if not one.path.endswith("/login")]
    assert {one.headers.get("X-Session") for one in loads} == {SESSION}


@pytest.mark.parametrize("value", [r"'s3cret\n'", r"'s3c\nret'", "' s3cret'", "'s3cret€'", "3"])
def test_a_header_that_cannot_be_sent_is_told_by_its_name_alone(compare, value) -> None:
    status, out, err, found = compare(LOGIN + f'    api.headers["X-Key"] = {value}\n' + TEAM)
    assert status == 1
    assert "NOT_SENT: the header X-Key cannot be sent: its value must be text" in err
    for text in (out, err, json.dumps(found)):
        assert "s3c" not in text


def test_a_query_that_fails_when_logging_in_is_told_with_its_request(compare) -> None:
    asks = """
        def login(api):
            api.query("{ team(id: 3) { name } }")
    """
    status, _, err, _ = compare(dedent(asks) + TEAM)
    assert status == 1
    assert err.startswith(
        "compare_apis: team, logging in: HTTP_401: 401 Unauthorized\n  request: P"
    )
    assert "/gateway/graphql answered 401" in err
    assert "no token for graphql" in err


def test_a_login_that_fails_is_told_like_any_other_error(compare) -> None:
    status, _, err, _ = compare(LOGIN.replace(PASSWORD, "guess") + TEAM)
    assert status == 1
    first, request, said, line, *_ = err.splitlines()
    assert first == "compare_apis: team, logging in: HTTP_403: 403 Forbidden"
    assert re.fullmatch(r"  request: POST http://127\S+/api/v2/login answered 403", request)
    assert said == '  answer: {"error": "wrong password"}'
    assert 'my_screens.py, line 4: token = api.post("/login"' in line


@pytest.mark.parametrize("by_file", [True, *slow(False)])
def test_headers_for_each_api(compare, desk, tmp_path, by_file: bool) -> None:
    desk.guarded = False
    options = ["--header", "X-Both: b", "--rest-header", "X-Rest: r", "--graphql-header", "X-G: g"]
    if by_file:
        file = tmp_path / "headers.txt"
        file.write_text("X-Both: b\n# mine\n\n[rest]\nX-Rest: r\n[graphql]\nX-G: g\n")
        options = ["--headers", str(file)]
    status, _, err, found = compare(TEAM, *options)
    assert (status, err) == (0, "")
    for one in desk.seen:
        is_rest = f"{one.headers['Host']}" == desk.rest
        names = {name for name in one.headers if name.startswith("X-")}
        assert names == {"X-Both", "X-Rest" if is_rest else "X-G"}
    settings = found["settings"]
    assert settings["header_names"] == ["X-Both"]
    assert settings["rest_header_names"] == ["X-Rest"]
    assert settings["graphql_header_names"] == ["X-G"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("X-Key secret", "line 1: must be like 'Name: value'"),
        ("X-Key: secret\nX Key: secret", "line 2: must be like 'Name: value'"),
        ("X-Key: secr\x01et", "line 1: the value of X-Key has characters that no header can hold"),
        ("[gql]\nX-Key: secret", "line 1: must be [rest], [graphql] or [both]"),
    ],
)
def test_a_file_of_headers_is_refused_by_the_line_and_without_values(
    compare, tmp_path, capsys, text: str, says: str
) -> None:
    file = tmp_path / "headers.txt"
    file.write_text(text)
    with pytest.raises(SystemExit) as ended:
        compare(TEAM, "--headers", str(file))
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert says in err
    assert "secret" not in err


def test_a_url_of_a_third_host_is_sent_no_secret(compare, desk) -> None:
    text = f"""
        page = Screen("motto", "of another host")

        @page.rest("one")
        def one(api):
            api.get("/teams/3")
            return api.get("http://{desk.other}/motto?a=1", b=2, headers={{"X-Own": "o"}})["motto"]
        """
    status, _, err, found = compare(LOGIN + dedent(text), "--header", "X-Key: k")
    assert (status, err) == (0, "")
    others = [one for one in desk.seen if one.path == "/motto?a=1&b=2"]
    assert others
    for one in others:
        assert one.headers["X-Own"] == "o"
        assert {"Authorization", "X-Key"}.isdisjoint(one.headers)
    arm = arms_of(found)["rest/one"]
    paths = [one["path"] for one in arm["exchanges"]]
    assert paths == ["/api/v2/teams/3", f"http://{desk.other}/motto?a=1&b=2"]
    # The other host's connection stays open, as the servers' do.
    assert (arm["counts"]["new_connections"], arm["counts"]["trips"]) == (0, 2)


def test_headers_of_a_call_go_with_it_alone(compare, desk) -> None:
    text = """
        page = Screen("once", "")

        @page.rest("one")
        def one(api):
            api.get_all(["/teams/3", Get("/agents/7", headers={"X-Once": "rest"})])
            return 1

        @page.graphql("one")
        def query(api):
            api.query("{ team(id: 3) { name } }", headers={"X-Once": "graphql"})
            api.query("{ team(id: 3) { name } }")
            return 1
        """
    status, _, err, _ = compare(LOGIN + dedent(text))
    assert (status, err) == (0, "")
    marked = {(one.headers["Host"], one.path) for one in desk.seen if "X-Once" in one.headers}
    assert marked == {(desk.rest, "/api/v2/agents/7"), (desk.graphql, "/gateway/graphql")}


# -- what fails -------------------------------------------------------------------------------


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
    assert 'differ at $.tickets[0].id: 50 by rest/textbook, "50" by graphql/one-query' in err
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
    assert "/wrong/graphql answered 404" in err
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
    assert "the views differ at $[1]: 0 by rest/other, 1 by rest/one\n" in err
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
    assert "/api/v2/nonesuch answers 404\n  next: name another path by --floor-rest" in err
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
