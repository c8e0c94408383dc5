"""What the clients send for each operation, and what they raise for each kind of failure."""

import pytest

from client_examples.clients.api_errors import BadAnswer, FieldError, GraphqlError, ProblemError
from client_examples.graphql_client import AUTHOR, BOOK, ORDER, GraphqlClient
from client_examples.rest_client import RestClient
from tests.clients.scripted_server import Says, ScriptedServer

ITEMS = [{"book_id": 7, "quantity": 2}]

REST_CALLS = [
    (lambda c: c.authors.get(1), "GET", "/authors/1", None),
    (lambda c: c.authors.list(limit=5, sort="-name"), "GET", "/authors?limit=5&sort=-name", None),
    (lambda c: c.authors.books(1, limit=3), "GET", "/authors/1/books?limit=3", None),
    (lambda c: c.books.get_many([3, 1]), "GET", "/books?ids=3,1", None),
    (
        lambda c: c.books.list(author_id=1, min_price=5.5, search="Py & co"),
        "GET",
        "/books?author_id=1&min_price=5.5&search=Py+%26+co",
        None,
    ),
    (lambda c: c.books.replace(1, {"title": "é"}), "PUT", "/books/1", {"title": "é"}),
    (lambda c: c.customers.create({"name": "N"}), "POST", "/customers", {"name": "N"}),
    (lambda c: c.customers.update(1, {"phone": None}), "PATCH", "/customers/1", {"phone": None}),
    (lambda c: c.customers.orders(1), "GET", "/customers/1/orders", None),
    (lambda c: c.orders.get(4), "GET", "/orders/4", None),
    (lambda c: c.orders.list(status="paid"), "GET", "/orders?status=paid", None),
    (
        lambda c: c.orders.place(1, ITEMS),
        "POST",
        "/orders",
        {"customer_id": 1, "items": ITEMS},
    ),
    (lambda c: c.orders.set_status(4, "paid"), "PATCH", "/orders/4", {"status": "paid"}),
    (lambda c: c.health(), "GET", "/health", None),
    (lambda c: c.get("/books/1", fields="title,price"), "GET", "/books/1?fields=title,price", None),
]


@pytest.mark.parametrize(("call", "method", "path", "body"), REST_CALLS)
def test_each_rest_call_is_the_request_of_the_contract(call, method, path, body):
    with ScriptedServer(Says(200, {"id": 1})) as server, RestClient(server.url) as client:
        assert call(client) == {"id": 1}
    (received,) = server.received
    assert (received.method, received.path) == (method, path)
    assert (received.json if received.body else None) == body


CONDITIONAL_CALLS = [
    (lambda c, etag: c.books.replace(1, {"title": "é"}, if_match=etag), "PUT", "/books/1"),
    (
        lambda c, etag: c.customers.update(1, {"phone": None}, if_match=etag),
        "PATCH",
        "/customers/1",
    ),
    (lambda c, etag: c.orders.set_status(4, "paid", if_match=etag), "PATCH", "/orders/4"),
    (lambda c, etag: c.authors.delete(1, if_match=etag), "DELETE", "/authors/1"),
]


@pytest.mark.parametrize(("call", "method", "path"), CONDITIONAL_CALLS)
def test_a_change_can_depend_on_what_was_seen(call, method, path):
    seen = Says(200, {"id": 1}, {"ETag": '"i-book-1-7-m"'})
    with ScriptedServer(seen) as server, RestClient(server.url) as client:
        resource, etag = client.books.get_with_etag(1)
        call(client, etag)
        call(client, None)
    assert resource == {"id": 1}
    assert [one.headers.get("If-Match") for one in server.received] == [
        None,
        '"i-book-1-7-m"',
        None,
    ]
    assert (server.received[1].method, server.received[1].path) == (method, path)


def test_a_server_without_etags_is_told_from_one_with():
    with ScriptedServer(Says(200, {"id": 1})) as server, pytest.raises(BadAnswer, match="no ETag"):
        RestClient(server.url).books.get_with_etag(1)


@pytest.mark.parametrize("name", ["authors", "books", "customers", "orders"])
def test_delete_takes_an_answer_without_a_body(name):
    with ScriptedServer(Says(204)) as server, RestClient(server.url) as client:
        assert getattr(client, name).delete(3) is None
    assert (server.received[0].method, server.received[0].path) == ("DELETE", f"/{name}/3")


def test_no_ids_need_no_request():
    with ScriptedServer(Says(500)) as server:
        assert RestClient(server.url).books.get_many([]) == []
        assert GraphqlClient(server.url).books.get_many([]) == []
    assert server.attempts == 0


GRAPHQL_CALLS = [
    (
        lambda c: c.authors.get(1),
        "author",
        f"query($id: Int!) {{ author(id: $id) {{ {AUTHOR} }} }}",
        {"id": 1},
    ),
    (
        lambda c: c.books.get_many([3, 1]),
        "books",
        f"query($ids: [Int!]) {{ books(ids: $ids) {{ {BOOK} }} }}",
        {"ids": [3, 1]},
    ),
    (lambda c: c.authors.list(), "authors", f"query {{ authors {{ {AUTHOR} }} }}", None),
    (
        lambda c: c.orders.list({"status": "paid"}, limit=5, offset=0),
        "orders",
        (
            "query($filter: OrderFilter, $limit: Int, $offset: Int!) "
            f"{{ orders(filter: $filter, limit: $limit, offset: $offset) {{ {ORDER} }} }}"
        ),
        {"filter": {"status": "paid"}, "limit": 5, "offset": 0},
    ),
    (
        lambda c: c.books.search("Python", limit=2),
        "searchBooks",
        (
            "query($query: String!, $limit: Int!, $offset: Int!) "
            f"{{ searchBooks(query: $query, limit: $limit, offset: $offset) {{ {BOOK} }} }}"
        ),
        {"query": "Python", "limit": 2, "offset": 0},
    ),
    (
        lambda c: c.books.create({"title": "T"}),
        "createBook",
        f"mutation($input: BookCreate!) {{ createBook(input: $input) {{ {BOOK} }} }}",
        {"input": {"title": "T"}},
    ),
    (
        lambda c: c.authors.update(2, {"bio": None}),
        "updateAuthor",
        (
            "mutation($id: Int!, $input: AuthorUpdate!) "
            f"{{ updateAuthor(id: $id, input: $input) {{ {AUTHOR} }} }}"
        ),
        {"id": 2, "input": {"bio": None}},
    ),
    (
        lambda c: c.customers.delete(2),
        "deleteCustomer",
        "mutation($id: Int!) { deleteCustomer(id: $id) }",
        {"id": 2},
    ),
    (
        lambda c: c.orders.place(1, [{"bookId": 7, "quantity": 2}], idempotency_key="k-1"),
        "placeOrder",
        (
            "mutation($input: OrderCreate!, $idempotencyKey: String) "
            "{ placeOrder(input: $input, idempotencyKey: $idempotencyKey) "
            f"{{ {ORDER} }} }}"
        ),
        {
            "input": {"customerId": 1, "items": [{"bookId": 7, "quantity": 2}]},
            "idempotencyKey": "k-1",
        },
    ),
    (
        lambda c: c.books.update(2, {"stock": 3}, expected_version=7),
        "updateBook",
        (
            "mutation($id: Int!, $expectedVersion: Int, $input: BookUpdate!) "
            "{ updateBook(id: $id, expectedVersion: $expectedVersion, input: $input) "
            f"{{ {BOOK} }} }}"
        ),
        {"id": 2, "expectedVersion": 7, "input": {"stock": 3}},
    ),
    (
        lambda c: c.authors.delete(2, expected_version=0),
        "deleteAuthor",
        (
            "mutation($id: Int!, $expectedVersion: Int) "
            "{ deleteAuthor(id: $id, expectedVersion: $expectedVersion) }"
        ),
        {"id": 2, "expectedVersion": 0},
    ),
    (
        lambda c: c.orders.set_status(4, "paid", expected_version=1),
        "setOrderStatus",
        (
            "mutation($id: Int!, $expectedVersion: Int, $status: OrderStatus!) "
            "{ setOrderStatus(id: $id, expectedVersion: $expectedVersion, status: $status) "
            f"{{ {ORDER} }} }}"
        ),
        {"id": 4, "expectedVersion": 1, "status": "paid"},
    ),
    (
        lambda c: c.orders.set_status(4, "paid"),
        "setOrderStatus",
        (
            "mutation($id: Int!, $status: OrderStatus!) "
            f"{{ setOrderStatus(id: $id, status: $status) {{ {ORDER} }} }}"
        ),
        {"id": 4, "status": "paid"},
    ),
]


@pytest.mark.parametrize(("call", "field", "document", "variables"), GRAPHQL_CALLS)
def test_each_graphql_call_is_an_operation_of_the_schema(call, field, document, variables):
    says = Says(200, {"data": {field: "what was asked for"}})
    with ScriptedServer(says) as server, GraphqlClient(server.url) as client:
        assert call(client) == "what was asked for"
    (received,) = server.received
    assert (received.method, received.path) == ("POST", "/graphql")
    assert received.headers["Content-Type"] == "application/json"
    expected = {"query": document} | ({"variables": variables} if variables else {})
    assert received.json == expected


def test_a_problem_document_becomes_an_error_with_all_it_says():
    problem = {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "code": "VALIDATION",
        "detail": "the query is not valid",
        "errors": [{"in": "query", "field": "limit", "message": "must be between 1 and 100"}],
    }
    with ScriptedServer(Says(422, problem)) as server, pytest.raises(ProblemError) as failed:
        RestClient(server.url).books.list(limit=500)
    error = failed.value
    assert (error.status, error.code, error.detail) == (422, "VALIDATION", problem["detail"])
    assert error.errors == (FieldError("query", "limit", "must be between 1 and 100"),)
    assert "limit: must be between 1 and 100" in str(error)


def test_what_the_detail_says_already_is_not_said_again():
    errors = [{"in": "body", "field": "name", "message": "name is required"}]
    problem = {"code": "VALIDATION", "detail": "name is required", "errors": errors}
    with ScriptedServer(Says(422, problem)) as server, pytest.raises(ProblemError) as failed:
        RestClient(server.url).authors.list()
    assert str(failed.value) == "422 name is required"


@pytest.mark.parametrize("body", [b"<h1>no</h1>", b"", b"[1]"])
def test_a_failure_without_a_problem_document_is_still_an_error(body):
    with ScriptedServer(Says(404, body)) as server, pytest.raises(ProblemError) as failed:
        RestClient(server.url).books.get(1)
    assert failed.value.code == "HTTP_404"


def test_a_redirect_is_not_followed():
    away = Says(301, None, {"Location": "/elsewhere"})
    with ScriptedServer(away) as server, pytest.raises(ProblemError):
        RestClient(server.url).books.get(1)
    assert server.attempts == 1


def test_an_answer_that_is_no_json_is_an_error():
    with ScriptedServer(Says(200, b"hello")) as server:
        with pytest.raises(BadAnswer):
            RestClient(server.url).books.get(1)
        with pytest.raises(BadAnswer):
            GraphqlClient(server.url).query("{ a }")


@pytest.mark.parametrize("status", [200, 400])
def test_graphql_errors_are_an_error_whatever_the_status(status):
    answer = {
        "data": None,
        "errors": [
            {
                "message": "limit must be between 1 and 100",
                "path": ["books"],
                "extensions": {"code": "VALIDATION", "field": "limit"},
            }
        ],
    }
    with ScriptedServer(Says(status, answer)) as server, pytest.raises(GraphqlError) as failed:
        GraphqlClient(server.url).query("{ books(limit: 0) { id } }")
    error = failed.value
    assert (error.code, error.field, error.status) == ("VALIDATION", "limit", status)
    assert error.errors[0].path == ("books",)


def test_a_partly_failed_query_has_failed():
    answer = {"data": {"book": None}, "errors": [{"message": "no"}]}
    with ScriptedServer(Says(200, answer)) as server, pytest.raises(GraphqlError) as failed:
        GraphqlClient(server.url).query("{ book(id: 1) { id } }")
    assert failed.value.data == {"book": None}
    assert failed.value.code == "GRAPHQL_ERROR"


def test_a_problem_from_a_graphql_server_is_a_problem():
    problem = {"code": "TOO_LARGE", "detail": "at most 1 MB", "errors": [{"field": "body"}]}
    with ScriptedServer(Says(413, problem)) as server, pytest.raises(ProblemError) as failed:
        GraphqlClient(server.url).mutate("mutation { a }")
    assert failed.value.code == "TOO_LARGE"
