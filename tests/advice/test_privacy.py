"""No output holds a value of the recording: not of a header, a cookie, a body, or an address."""

from pathlib import Path

import pytest

from client_examples.advise import main
from tests.advice.har import Recording

SECRETS = {
    "header": "h3ader-5ecret",
    "answered header": "an5wered-header",
    "cookie": "c00kie-5ecret",
    "body": "b0dy-5ecret",
    "answer": "an5wer-5ecret",
    "variable": "v4riable-5ecret",
    "literal": "l1teral-5ecret",
    "token in the address": "t0ken-5ecret",
    "password": "p4ssw0rd",
    "name of a member": "m3mber-5ecret",
    "page": "pag3-title-5ecret",
    "unnamed": "5f2c9e71b04d",
    "email": "jane.doe@example.org",
}
ADDRESSES = {
    "id": "8d3f0001-aaaa-4000-8000-00000000abcd",
    "slug": "janedoe",
    "query": "what-she-looks-for-1",
    "encoded": "Jane%20Doe",
    "date": "1984-05-06",
    "number": "48213",
}


def secretive() -> Recording:
    """A recording with something private in every place that holds values."""
    made = Recording()
    told = {"content-type": "application/json", "set-cookie": f"session={SECRETS['cookie']}",
            "x-trace": SECRETS["answered header"], "location": f"/v1/x/{SECRETS['answer']}",
            "etag": SECRETS["answered header"]}  # fmt: skip
    asked = {"authorization": f"Bearer {SECRETS['header']}", "cookie": SECRETS["cookie"],
             "x-csrf-token": SECRETS["header"], "referer": SECRETS["page"]}  # fmt: skip
    people = [{"login": ADDRESSES["slug"], "id": ADDRESSES["id"], "mail": SECRETS["email"]}]
    by_name = {SECRETS["name of a member"]: {"v": 1}, SECRETS["answer"]: {"v": 2}}
    made.pages = [
        {"id": "page_1", "title": SECRETS["page"], "startedDateTime": "", "pageTimings": {}}
    ]
    made.call("/v1/people", [*people, by_name], asked=asked, headers=told)
    made.call(f"/v1/people/{ADDRESSES['slug']}", people[0], asked=asked, headers=told)
    made.call(f"/v1/people/{ADDRESSES['id']}/orders", by_name, asked=asked, headers=told)
    made.call(f"/v1/people/{SECRETS['email']}", by_name, headers=told)
    made.call(f"/v1/search?q={ADDRESSES['query']}&access_token={SECRETS['token in the address']}",
              by_name, headers=told)  # fmt: skip
    for name in (SECRETS["email"], SECRETS["answer"], SECRETS["unnamed"], ADDRESSES["id"]):
        made.call(f"/v1/search?{name}", by_name, headers=told)
        made.call(f"/v1/search?{name}=1", by_name, headers=told)
    made.call(f"/v1/names/{ADDRESSES['encoded']}", [SECRETS["answer"]], headers=told)
    made.call(f"/v1/born/{ADDRESSES['date']}", [SECRETS["answer"]] * 3, headers=told)
    made.call(f"https://jane:{SECRETS['password']}@api.example.com/v1/n/{ADDRESSES['number']}", {})
    made.call("/v1/people", people[0], method="POST", sent={"mail": SECRETS["body"]}, status=201)
    for _ in range(2):
        made.graphql(f'query Find($a: ID) {{ a(x: "{SECRETS["literal"]}") {{ b }} }}',
                     {SECRETS["answer"]: {"b": 1}}, {"a": SECRETS["variable"]})  # fmt: skip
        made.graphql(f'{{ {"al1as"}: person(name: "{SECRETS["literal"]}") {{ b }} }}', {})
    made.call("/graphql", {"errors": [{"message": SECRETS["answer"]}]}, method="POST",
              sent={"query": "{ broken }"}, headers=told)  # fmt: skip
    return made


def calls_of(paths: list[str]) -> Recording:
    """A GET of each of these, whose answer holds none of their words."""
    made = Recording()
    for path in paths:
        made.call(path, {"ok": True})
    return made


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        # A word where another call has an id.
        (["/v1/users/7", "/v1/users/alice"], ["/v1/users/{id}", "/v1/users/{slug}"]),
        (["/v1/users/7/orders", "/v1/users/alice/orders"], ["/v1/users/{slug}/orders"]),
        # Words that take turns, with a path below them.
        ([f"/v1/users/{name}/orders" for name in ("alice", "bob", "carol")],
         ["/v1/users/{slug}/orders"]),
        # Words between dots.
        (["/v1/users/alice.smith"], ["/v1/users/{"]),
        # Below an id at the beginning.
        (["/7/9", "/7/alice"], ["/{id}/{id}", "/{id}/{slug}"]),
    ],
)  # fmt: skip
def test_words_that_no_answer_held_are_no_routes_where_the_traffic_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], paths: list[str], shown: list[str]
) -> None:
    text = outputs(calls_of(paths).write(tmp_path / "made.har"), capsys)
    for template in shown:
        assert f"GET {template}" in text
    for name in ("alice", "bob", "carol", "smith"):
        assert name not in text


@pytest.mark.parametrize(
    "paths",
    [
        ["/shop/users", "/shop/orders", "/shop/books"],  # collections of one application
        ["/7/users", "/7/orders", "/7/books"],  # or of one customer
        ["/v1/users/me", "/v1/orders/latest"],
        ["/v1/reports/sales.json", "/v1/reports/stock.csv"],
        ["/api/chat.postMessage", "/api/users.list"],
    ],
)
def test_an_apis_own_words_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], paths: list[str]
) -> None:
    text = outputs(calls_of(paths).write(tmp_path / "made.har"), capsys)
    for path in paths:
        assert f"GET {path.replace('/7/', '/{id}/')}" in text


def outputs(recording: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """All that is written: every format, the screens, and the terminal with all numbers."""
    folder = recording.parent
    files = {
        "--html": folder / "a.html", "--json": folder / "a.json", "--markdown": folder / "a.md",
        "--write-screens": folder / "screens.py",
    }  # fmt: skip
    given = [text for name, file in files.items() for text in (name, str(file))]
    main([str(recording), *given, "--verbose", *options])
    return "\n".join([*capsys.readouterr(), *(file.read_text() for file in files.values())])


def test_no_value_is_in_any_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = outputs(secretive().write(tmp_path / "made.har"), capsys)
    kept = {name for name, value in {**SECRETS, **ADDRESSES}.items() if value in written}
    assert kept == set()
    assert "`GET /v1/people/{slug}`" in written or "GET /v1/people/{slug}" in written


def test_values_are_shown_on_request_and_secrets_never(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = outputs(secretive().write(tmp_path / "made.har"), capsys, "--show-values")
    hidden = {name for name, value in ADDRESSES.items() if value not in written}
    assert hidden == set()
    # An address may hold it, and was asked for.
    kept = {name for name, value in SECRETS.items() if value in written} - {"email"}
    assert kept == set()


def test_what_is_wrong_is_told_without_a_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = secretive()
    made.entries[1]["response"]["status"] = SECRETS["answer"]
    file = made.write(tmp_path / "made.har")
    text = file.read_text()
    for spoiled in (text, text.replace(SECRETS["answer"], f"\x01{SECRETS['answer']}"), text[:-900]):
        file.write_text(spoiled)
        written = outputs(file, capsys)
        assert {name for name, value in SECRETS.items() if value in written} == set()


def test_the_path_of_graphql_is_read_from_the_recording_where_it_may_hold_a_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Recording()
    for path in (f"/tenants/{ADDRESSES['slug']}/graphql", f"/t/{ADDRESSES['id']}/graphql"):
        made.call(path, {"data": {}}, method="POST", sent={"query": "{ a }"}, at=made.now + 5_000)
    text = outputs(made.write(tmp_path / "made.har"), capsys)
    assert ADDRESSES["slug"] not in text
    assert ADDRESSES["id"] not in text
    assert "path=recorded.path(2)" in text
    screens: dict[str, object] = {"__file__": str(tmp_path / "screens.py")}
    exec((tmp_path / "screens.py").read_text(), screens)  # the arms find their paths
    assert screens["recorded"].path(2) == f"/t/{ADDRESSES['id']}/graphql"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "/v1/orders;jsessionid={}", "/v1/reset-password/{}", "/v1/invitations/{}/accept",
        "/v1/me?pwd={}", "/v1/me?otp={}", "/v1/me?user[pin]={}", "/v1/me?sid={}",
        "/v1/me?state={}", "/v1/me?return=https%3A%2F%2Fa.example%2F%3Ftoken%3D{}",
        "/v1/me?filter=%7B%22password%22%3A%22{}%22%7D",
    ],
)  # fmt: skip
def test_secrets_in_addresses_are_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    made = calls_of([address.format("5ecr3t-9x"), "/v1/books?status=open&state_id=3"])
    text = outputs(made.write(tmp_path / "made.har"), capsys, "--show-values")
    assert "5ecr3t" not in text
    assert "/v1/books?status=open" in text


WROTE = "raise SystemExit('ran what a recording holds')"


def hostile() -> Recording:
    """A recording that puts a line of Python wherever a name may get into a file."""
    made = Recording()
    made.call("/v1/books", {f"x\n{WROTE}": [{"id": number} for number in (7, 31, 12)]},
              asked={f'x"]\n{WROTE}\n': "1", "x-app": "1"})  # fmt: skip
    for name in (f"P\n{WROTE}", "a\rb", "jane@doe.org"):
        sent = {"operationName": name, "variables": {}, "documentId": "ab" * 16}
        made.call("/graphql", {"data": {}}, method="POST", sent=sent)
    for path in ("/v1/a%0A/b", "/v1/a?b%0A=1", "/v1/a%00?c%00=1", "/api%0A/v1"):
        made.call(path, {"ok": True})
    return made


def test_no_name_of_a_recording_becomes_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = outputs(hostile().write(tmp_path / "made.har"), capsys)
    assert "SystemExit" not in text
    assert "jane@doe.org" not in text
    assert "\0" not in text
    screens = (tmp_path / "screens.py").read_text()
    exec(screens, {"__file__": str(tmp_path / "screens.py")})
    assert 'HEADERS: list[str] = ["x-app"]' in screens


def test_a_method_and_a_host_with_lines_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for member, value, wrong in (
        ("method", f"GET\n{WROTE}", "request.method must be a method, such as GET"),
        ("url", "https://a\x00b.example/v1", "request.url must be an address"),
    ):
        made = hostile()
        made.entries[0]["request"][member] = value
        text = outputs(made.write(tmp_path / "made.har"), capsys)
        assert f"entry 1: {wrong}" in text
        assert "SystemExit" not in text
