"""The typed clients against the real servers: orders placed once, changes that depend on a view."""

import pytest
import requests

from client_examples.clients.api_errors import GraphqlError, ProblemError
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient

CUSTOMER, BOOK = 1, 30


@pytest.fixture
def rest(writing_pair):
    with RestClient(writing_pair.rest.base_url) as client:
        yield client


@pytest.fixture
def graphql(writing_pair):
    with GraphqlClient(writing_pair.graphql.base_url) as client:
        yield client


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("client_examples.clients.http_client.time.sleep", lambda seconds: None)


def losing(client):
    """The client over a session that loses the first answer: the server has done what it says."""
    answers: list[requests.Response] = []

    class Losing(requests.Session):
        def request(self, *arguments, **options):
            answers.append(super().request(*arguments, **options))
            if len(answers) == 1:
                raise requests.ConnectionError("the answer was lost")
            return answers[-1]

    session = Losing()
    session.trust_env = False
    return type(client)(client.url, session=session), answers


def rest_order(client, **key):
    return client.orders.place(CUSTOMER, [{"book_id": BOOK, "quantity": 1}], **key)


def graphql_order(client, **key):
    return client.orders.place(CUSTOMER, [{"bookId": BOOK, "quantity": 1}], **key)


def undo(rest, *ids):
    for id_ in ids:
        rest.orders.set_status(id_, "cancelled")
        rest.orders.delete(id_)


@pytest.mark.parametrize(("api", "place"), [("rest", rest_order), ("graphql", graphql_order)])
def test_an_order_whose_answer_was_lost_is_placed_once(api, place, rest, request):
    client, answers = losing(request.getfixturevalue(api))
    stock = rest.books.get(BOOK)["stock"]
    order = place(client)
    assert len(answers) == 2
    assert {answer.ok for answer in answers} == {True}
    assert rest.books.get(BOOK)["stock"] == stock - 1
    undo(rest, order["id"])
    assert rest.books.get(BOOK)["stock"] == stock


def test_a_key_names_one_order_on_both_servers_and_no_other_one(rest, graphql):
    first = rest_order(rest, idempotency_key="one-cart")
    again = graphql_order(graphql, idempotency_key="one-cart")
    assert first["id"] == again["id"]
    other = [{"book_id": BOOK, "quantity": 2}]
    with pytest.raises(ProblemError) as refused:
        rest.orders.place(CUSTOMER, other, idempotency_key="one-cart")
    assert refused.value.code == "IDEMPOTENCY_MISMATCH"
    without_key = rest_order(rest)
    assert without_key["id"] != first["id"]
    undo(rest, first["id"], without_key["id"])


def test_a_change_of_what_somebody_else_has_changed_is_refused_by_rest(rest):
    book, seen = rest.books.get_with_etag(BOOK)
    rest.books.update(BOOK, {"stock": book["stock"]}, if_match=seen)
    rest.books.update(BOOK, {"price": book["price"] + 1})
    for change in (
        lambda: rest.books.update(BOOK, {"stock": 0}, if_match=seen),
        lambda: rest.books.delete(BOOK, if_match=seen),
    ):
        with pytest.raises(ProblemError) as refused:
            change()
        assert (refused.value.status, refused.value.code) == (412, "PRECONDITION_FAILED")
    _, now = rest.books.get_with_etag(BOOK)
    assert rest.books.update(BOOK, {"price": book["price"]}, if_match=now) == book


def test_a_change_of_what_somebody_else_has_changed_is_refused_by_graphql(rest, graphql):
    book = graphql.books.get(BOOK)
    rest.books.update(BOOK, {"price": book["price"] + 1})
    for change in (
        lambda: graphql.books.update(BOOK, {"stock": 0}, expected_version=book["version"]),
        lambda: graphql.books.delete(BOOK, expected_version=book["version"]),
    ):
        with pytest.raises(GraphqlError) as refused:
            change()
        assert refused.value.code == "PRECONDITION_FAILED"
    now = graphql.books.get(BOOK)["version"]
    changed = graphql.books.update(BOOK, {"price": book["price"]}, expected_version=now)
    assert changed | {"version": 0} == book | {"version": 0}


def test_an_orders_status_changes_only_as_it_was_seen(rest, graphql):
    order = graphql_order(graphql)
    _, seen = rest.orders.get_with_etag(order["id"])
    graphql.orders.set_status(order["id"], "paid", expected_version=order["version"])
    with pytest.raises(ProblemError) as refused:
        rest.orders.set_status(order["id"], "cancelled", if_match=seen)
    assert refused.value.code == "PRECONDITION_FAILED"
    with pytest.raises(GraphqlError) as refused_too:
        graphql.orders.set_status(order["id"], "cancelled", expected_version=order["version"])
    assert refused_too.value.code == "PRECONDITION_FAILED"
    undo(rest, order["id"])
