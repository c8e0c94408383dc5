"""The contract of servers with a token, where every change must name its version."""

from collections.abc import Iterator

import pytest

from tests.contract.case import Case
from tests.contract.catalogue.guarded import GUARDED, TOKEN
from tests.contract.conftest import drivers_of
from tests.contract.runner import Run, Watch
from tests.contract.test_contract import Drivers, each, over
from tests.exchange import Client, Response
from tests.fixtures import Pair, running_pair

EACH = pytest.mark.parametrize("api", ["rest", "graphql"])
NEW = '{name: "Denied", email: "denied@example.com"}'


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both servers, with a token."""
    folder = tmp_path_factory.mktemp("guarded-pair")
    with running_pair(folder, token=TOKEN, require_if_match="1") as running:
        yield running
        text = running.log.read_text()
        assert TOKEN not in text
        assert "Traceback" not in text, text[-5_000:]


@pytest.fixture(scope="module")
def guarded(pair: Pair) -> Drivers:
    """Drivers by the name of the API."""
    return drivers_of(pair)


@pytest.fixture(scope="module")
def watched(pair: Pair) -> Iterator[Watch]:
    """Sees whether a case has written something."""
    watching = Watch(pair.database)
    yield watching
    watching.close()


@EACH
@each([*GUARDED])
def test_guarded(case: Case, api: str, guarded: Drivers, watched: Watch) -> None:
    over(case, api, guarded, watched).all()


@each([case for case in GUARDED if not case.writes])
@pytest.mark.parametrize("endpoint", ["dataloader", "unbatched"])
def test_the_other_endpoints_show_no_more(case: Case, endpoint: str, guarded: Drivers) -> None:
    Run(case, guarded[endpoint]).all()


def denied(pair: Pair, api: str, **headers: str) -> Response:
    client: Client = pair.rest if api == "rest" else pair.graphql
    if api == "rest":
        body: object = {"name": "Denied", "email": "denied@example.com"}
        return client.request("POST", "/authors", json_body=body, headers=headers)
    body = {"query": f"mutation {{ createAuthor(input: {NEW}) {{ id }} }}"}
    return client.request("POST", "/graphql", json_body=body, headers=headers)


@EACH
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {TOKEN} {TOKEN}"},
        {"Cookie": f"token={TOKEN}"},
    ],
    ids=str,
)
def test_who_may_not_write_is_told_what_is_needed(
    pair: Pair, api: str, headers: dict[str, str]
) -> None:
    response = denied(pair, api, **headers)
    assert response.status == 401, response
    assert response.headers["www-authenticate"].startswith("Bearer ")  # RFC 9110, 11.6.1
    assert TOKEN not in response.content.decode()


@EACH
def test_an_answer_that_the_token_decides_says_so(pair: Pair, api: str) -> None:
    """Whether it shows what is private, refuses what may not be, or makes it."""
    with_token = {"Authorization": f"Bearer {TOKEN}"}
    made = {"name": "Vera", "email": f"vera.{api}@example.com"}
    text = f'{{name: "Vera", email: "{made["email"]}"}}'
    mutation = {"query": f"mutation {{ createAuthor(input: {text}) {{ id }} }}"}
    reads, writes = {
        "rest": (
            ["/customers/1", "/customers", "/orders?fields=customer.email"],
            ("/authors", made),
        ),
        "graphql": (["/graphql?query={customer(id:1){email}}"], ("/graphql", mutation)),
    }[api]
    client = pair.rest if api == "rest" else pair.graphql
    answers = [
        *(
            client.request("GET", path, headers=given)
            for path in reads
            for given in ({}, with_token)
        ),
        client.post(*writes),
        client.request("POST", writes[0], json_body=writes[1], headers=with_token),
    ]
    assert [answer.status for answer in answers[-2:]] == [401, 201 if api == "rest" else 200]
    for answer in answers:
        names = answer.headers["vary"].split(", ")
        assert names.count("Authorization") == 1, answer


@EACH
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_in_any_case(pair: Pair, api: str, scheme: str) -> None:
    response = denied(pair, api, Authorization=f"{scheme} {TOKEN}x")
    assert response.status == 401
    body = {"name": scheme, "email": f"{scheme}.{api}@example.com"}
    if api == "rest":
        client, path, document = pair.rest, "/authors", body
    else:
        text = f'{{name: "{scheme}", email: "{body["email"]}"}}'
        client, path = pair.graphql, "/graphql"
        document = {"query": f"mutation {{ createAuthor(input: {text}) {{ id }} }}"}
    response = client.request(
        "POST", path, json_body=document, headers={"Authorization": f"{scheme} {TOKEN}"}
    )
    assert response.status in (200, 201), response
    assert "errors" not in response.json, response
