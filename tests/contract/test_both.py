"""What both servers promise besides their operations."""

import json

import pytest

from shared.limits import GZIP_MINIMUM_BYTES
from tests.concurrency.crowd import made
from tests.contract.rest_driver import RestDriver
from tests.exchange import Client, Response
from tests.fixtures import ENDPOINTS, Pair

EACH = pytest.mark.parametrize("api", ["rest", "graphql"])
LONG = {"rest": "/books?limit=100", "graphql": "/graphql?query={books(limit:100){title}}"}
SHORT = {"rest": "/books/1", "graphql": "/graphql?query={book(id:1){title}}"}
EXPOSED = {"server-timing", "link", "etag", "location", "deprecation", "sunset", "sql-trace"}


def client(pair: Pair, api: str) -> Client:
    return pair.rest if api == "rest" else pair.graphql


def get(pair: Pair, api: str, path: str, **headers: str) -> Response:
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return client(pair, api).request("GET", path, headers=named)


@EACH
def test_a_long_body_is_compressed_for_who_takes_it(reading_pair: Pair, api: str) -> None:
    plain = get(reading_pair, api, LONG[api])
    assert "content-encoding" not in plain.headers
    assert len(plain.body) > GZIP_MINIMUM_BYTES
    gzipped = get(reading_pair, api, LONG[api], accept_encoding="br, gzip;q=0.5")
    assert gzipped.headers["content-encoding"] == "gzip"
    assert len(gzipped.body) < len(plain.body) / 2
    assert gzipped.content == plain.body
    assert gzipped.headers["content-length"] == str(len(gzipped.body))
    for response in (plain, gzipped):
        assert "accept-encoding" in response.headers["vary"].lower()
    refused = get(reading_pair, api, LONG[api], accept_encoding="gzip;q=0")
    assert refused.body == plain.body


@EACH
def test_a_short_body_is_not_compressed(reading_pair: Pair, api: str) -> None:
    response = get(reading_pair, api, SHORT[api], accept_encoding="gzip")
    assert "content-encoding" not in response.headers


def test_both_compress_at_the_same_level(reading_pair: Pair) -> None:
    pages = [get(reading_pair, api, "/", accept="text/html") for api in ("rest", "graphql")]
    zipped = [
        get(reading_pair, api, "/", accept="text/html", accept_encoding="gzip")
        for api in ("rest", "graphql")
    ]
    shares = [len(z.body) / len(p.body) for z, p in zip(zipped, pages, strict=True)]
    assert abs(shares[0] - shares[1]) < 0.02


@EACH
@pytest.mark.parametrize("path", ["/", "/ping", "/health", "/nothing"])
def test_every_answer_has_server_timing(reading_pair: Pair, api: str, path: str) -> None:
    response = get(reading_pair, api, path)
    assert response.statements == (1 if path == "/health" else 0)
    assert response.headers["server-timing"].startswith("total;dur=")


@EACH
def test_ping_and_health(reading_pair: Pair, api: str) -> None:
    assert get(reading_pair, api, "/ping").body == b'{"status":"ok"}'
    health = get(reading_pair, api, "/health")
    assert (health.status, health.json["status"]) == (200, "ok")


LEVELS = {100: "VALIDATION", 102: "MALFORMED_BODY", 500: "MALFORMED_BODY", 1_000: "MALFORMED_BODY"}


def code_for_levels(answer: Response) -> str:
    document = answer.json
    return str(document.get("code") or document["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("levels", LEVELS)
def test_a_value_of_many_levels_is_refused(reading_pair: Pair, levels: int) -> None:
    within = levels - 2  # a body of GraphQL's has the variables around the value
    lists = "[" * within + "]" * within
    objects = lists.replace("[", '{"items":').replace("]", "}").replace(":}", ":1}")
    headers = {"Content-Type": "application/json"}
    for value in (lists, objects):
        for method, path in (("POST", "/orders"), ("PUT", "/books/1"), ("PATCH", "/customers/1")):
            body = f'{{"items": {value}, "title": {value}, "name": {value}}}'.encode()
            answer = reading_pair.rest.request(method, path, body=body, headers=headers)
            assert code_for_levels(answer) == LEVELS[levels], (method, path)
        for path in ENDPOINTS:
            text = "mutation q($d: Date) { updateBook(id: 1, input: {publicationDate: $d}) { id } }"
            body = f'{{"query": "{text}", "variables": {{"d": {value}}}}}'.encode()
            answer = reading_pair.graphql.request("POST", path, body=body, headers=headers)
            assert code_for_levels(answer) == LEVELS[levels], path


def test_both_have_the_same_bookstore_open(reading_pair: Pair) -> None:
    first, second = (get(reading_pair, api, "/health").json for api in ("rest", "graphql"))
    assert first == second


@EACH
def test_the_start_page_has_the_same_links_on_both(reading_pair: Pair, api: str) -> None:
    links = get(reading_pair, api, "/").json
    assert links == get(reading_pair, "rest", "/").json
    assert links["rest"]["swagger_ui"] == f"{reading_pair.rest.base_url}/docs"
    assert links["graphql"]["graphiql"] == f"{reading_pair.graphql.base_url}/graphql"
    page = get(reading_pair, api, "/", accept="text/html").content.decode()
    for server in links.values():
        for url in server.values():
            assert f'href="{url}"' in page


@EACH
def test_both_allow_their_own_pages_and_nobody_else(reading_pair: Pair, api: str) -> None:
    for page in (reading_pair.rest.base_url, reading_pair.graphql.base_url):
        for origin in (page, page.replace("127.0.0.1", "localhost")):
            response = get(reading_pair, api, SHORT[api], origin=origin)
            assert response.headers["access-control-allow-origin"] == origin
            assert response.headers["timing-allow-origin"] == origin
            exposed = response.headers["access-control-expose-headers"].lower()
            assert {name.strip() for name in exposed.split(",")} >= EXPOSED
            assert "access-control-allow-credentials" not in response.headers
            assert "origin" in response.headers["vary"].lower()
    for origin in ("https://elsewhere.example", "null", f"{reading_pair.rest.base_url}0"):
        response = get(reading_pair, api, SHORT[api], origin=origin)
        assert "access-control-allow-origin" not in response.headers
        assert "timing-allow-origin" not in response.headers
        assert response.status == 200


@EACH
def test_a_browser_may_ask_first(reading_pair: Pair, api: str) -> None:
    path = "/books" if api == "rest" else "/graphql"
    asks = {
        "Origin": reading_pair.rest.base_url,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client(reading_pair, api).request("OPTIONS", path, headers=asks)
    assert response.status in (200, 204)
    assert response.headers["access-control-allow-origin"] == reading_pair.rest.base_url
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()
    foreign = {**asks, "Origin": "https://elsewhere.example"}
    response = client(reading_pair, api).request("OPTIONS", path, headers=foreign)
    assert "access-control-allow-origin" not in response.headers


@EACH
def test_errors_can_be_read_from_another_page(reading_pair: Pair, api: str) -> None:
    origin = reading_pair.graphql.base_url
    response = get(reading_pair, api, "/nothing", origin=origin)
    assert response.status == 404
    assert response.headers["access-control-allow-origin"] == origin


@EACH
@pytest.mark.parametrize(
    "host", ["books.example", "books.example:8000", "localhost.example", "127.0.0.1.example"]
)
def test_a_host_of_others_is_refused(reading_pair: Pair, api: str, host: str) -> None:
    for path in (SHORT[api], "/", "/nothing"):
        response = get(reading_pair, api, path, host=host)
        assert response.status == 421, response
        assert "MISDIRECTED" in response.content.decode()


@EACH
def test_a_write_through_one_is_read_by_the_other_at_once(writing_pair: Pair, api: str) -> None:
    for number in range(20):
        new = {"name": f"At once {number}", "email": f"{api}.{number}@example.com"}
        if api == "rest":
            made = writing_pair.rest.post("/authors", new).json
            query = f"{{ author(id: {made['id']}) {{ id name email bio }} }}"
            seen = writing_pair.graphql.post("/graphql", {"query": query}).json["data"]["author"]
        else:
            members = ", ".join(f"{name}: {json.dumps(value)}" for name, value in new.items())
            query = f"mutation {{ createAuthor(input: {{{members}}}) {{ id name email bio }} }}"
            answer = writing_pair.graphql.post("/graphql", {"query": query}).json
            made = answer["data"]["createAuthor"]
            seen = writing_pair.rest.get(f"/authors/{made['id']}").json
        assert seen == made


def test_the_quotes_of_a_header_are_not_part_of_an_idempotency_key(writing_pair: Pair) -> None:
    """The header's draft has a quoted string, most clients send the bare key: both are one."""
    rest = RestDriver(writing_pair.rest)
    customer, book = (made(rest, kind)["id"] for kind in ("customer", "book"))
    order = {"customer_id": customer, "items": [{"book_id": book, "quantity": 1}]}
    sent = [
        writing_pair.rest.request(
            "POST", "/orders", json_body=order, headers={"Idempotency-Key": key}
        )
        for key in ('"quoted-once"', "quoted-once")
    ]
    assert {response.status for response in sent} == {201}
    query = (
        'mutation { placeOrder(idempotencyKey: "quoted-once",'
        f" input: {{customerId: {customer}, items: [{{bookId: {book}, quantity: 1}}]}}) {{ id }} }}"
    )
    through_graphql = writing_pair.graphql.post("/graphql", {"query": query}).json["data"]
    found = {through_graphql["placeOrder"]["id"], *(response.json["id"] for response in sent)}
    assert len(found) == 1
    assert sent[0].headers["location"] == sent[1].headers["location"]
    quoted = query.replace('"quoted-once"', r'"\"quoted-once\""')
    (error,) = writing_pair.graphql.post("/graphql", {"query": quoted}).json["errors"]
    assert error["extensions"]["field"] == "idempotencyKey"


def violations(pair: Pair, api: str, members: dict[str, object]) -> list[dict[str, str]]:
    """What is told of a new author with these members."""
    if api == "rest":
        found = pair.rest.post("/authors", members).json["errors"]
    else:
        query = "mutation($input: AuthorCreate!) { createAuthor(input: $input) { id } }"
        asked = {"query": query, "variables": {"input": members}}
        (error,) = pair.graphql.post("/graphql", asked).json["errors"]
        assert error["extensions"]["code"] == "VALIDATION"
        found = error["extensions"]["errors"]
    assert isinstance(found, list)
    return found


@EACH
def test_a_list_of_violations_ends_after_20(reading_pair: Pair, api: str) -> None:
    known = {"name": 5, "email": "none"}
    for number in (30, 40_000):
        unknown = {f"unknown{n}": n for n in range(number)}
        found = violations(reading_pair, api, {**unknown, **known})
        assert len(found) == 20
        assert any("name" in one["field"] for one in found)
    assert len(violations(reading_pair, api, {"u": 1, **known})) == (3 if api == "rest" else 2)
