"""What a failed exchange makes of its load, and what to do about it."""

from http.client import IncompleteRead, RemoteDisconnected

import pytest
from requests import ConnectTimeout, ReadTimeout

from client_examples.clients.api_errors import GraphqlError, Unreachable
from client_examples.comparison.arms.api import RestApi
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.arms.failures import FailedExchange
from client_examples.comparison.errors import LoadFailed, ServerUnreachable
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.network.connections import SideBySide
from client_examples.comparison.network.metered import MadeToFail
from client_examples.rest_client import RestClient
from tests.comparison.counting_server import CountingServer, answer


@pytest.fixture(scope="module")
def server():
    with CountingServer(lambda request: answer(b"1")) as running:
        yield running


@pytest.fixture
def dead():
    with CountingServer(lambda request: answer(b"1")) as running:
        pass
    return running


def failed(url: str, cause: Exception, *, is_far: bool = False) -> type[Exception]:
    """What an exchange that ended by `cause` makes of its load."""
    error = Unreachable(f"{url}/slow", "why")
    error.__cause__ = cause
    with RestClient(url) as client:
        api = RestApi(client, SideBySide(), NoRecord())
        api.failure = FailedExchange(error, "GET", error.url, None, "", "")
        with (
            pytest.raises((LoadFailed, ServerUnreachable)) as ended,
            loading_of("page", "rest/one", api, is_far=is_far),
        ):
            raise error
    return ended.type


@pytest.mark.parametrize(
    "cause", [ReadTimeout(), RemoteDisconnected(), IncompleteRead(b""), ConnectionResetError()]
)
def test_a_request_that_went_out_fails_its_load_while_the_server_listens(server, dead, cause):
    assert failed(server.url, cause) is LoadFailed
    assert failed(dead.url, cause) is ServerUnreachable


@pytest.mark.parametrize("cause", [ConnectTimeout(), ConnectionRefusedError(), MadeToFail()])
def test_one_that_did_not_or_was_made_to_fail_is_of_the_server(server, cause):
    assert failed(server.url, cause) is ServerUnreachable


def test_over_a_link_it_may_be_the_link_that_takes_too_long(server):
    assert failed(server.url, ReadTimeout(), is_far=True) is ServerUnreachable


@pytest.mark.parametrize("text", ["UNAUTHENTICATED", "You must log in", "Not authenticated."])
def test_graphql_errors_that_ask_for_a_login_say_how_to(server, text):
    error = GraphqlError(200, [{"message": text}])
    with RestClient(server.url) as client:
        api = RestApi(client, SideBySide(), NoRecord())  # as a session has it, which asks both
        api.failure = FailedExchange(error, "POST", server.url, 200, "", "")
        with pytest.raises(LoadFailed) as ended, loading_of("page", "logging in", api):
            raise error
    assert "next: name what the server asks for by --graphql-header" in str(ended.value)
