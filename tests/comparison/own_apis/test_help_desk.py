"""Two APIs that are not the bookstore's, compared as a new user would: logins and headers."""

import json
import re
from textwrap import dedent

import pytest

from client_examples import compare_apis
from tests.comparison.own_apis.help_desk import PASSWORD, SESSION, TOKEN
from tests.comparison.own_apis.help_desk_screens import LOGIN, TEAM, arms_of
from tests.selection import slow


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


@pytest.mark.parametrize("api", ["rest", "graphql"])
def test_screens_of_one_api_need_no_address_of_the_other(desk, tmp_path, capsys, api) -> None:
    arm, ask = {
        "rest": ("rest", 'api.get("/teams/3")["data"]["name"]'),
        "graphql": ("graphql", 'api.query(\'{ team(id: 3) { name } }\')["team"]["name"]'),
    }[api]
    desk.guarded = False
    file = tmp_path / "my_screens.py"
    file.write_text(
        "from client_examples.comparison import Screen\n"
        'page = Screen("page", "")\n'
        f'@page.{arm}("one")\ndef one(api):\n    return {ask}\n'
    )
    url = {"rest": f"{desk.rest}/api/v2", "graphql": f"{desk.graphql}/gateway/graphql"}[api]
    asked = [f"--{api}-url", url, "--screens", str(file), "--quick", "--samples", "2"]
    assert compare_apis.main(asked) == 0
    said = capsys.readouterr().out
    assert ("REST at" in said, "GraphQL at" in said) == (api == "rest", api == "graphql")
