"""Floors: a constant answer of each server, the least that a request costs there."""

from time import perf_counter_ns, process_time_ns
from urllib.parse import urlsplit

from client_examples.clients.http_client import HttpClient
from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.failures import said_by
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.loading.load import Load
from client_examples.comparison.network.wire import wire_of
from client_examples.comparison.results.document import Settings

REST_FLOOR, GRAPHQL_FLOOR = "floor/rest", "floor/graphql"


def floors(settings: Settings) -> dict[str, str]:
    """The addresses of the floors, by their names."""
    addresses = {REST_FLOOR: settings.floor_rest, GRAPHQL_FLOOR: settings.floor_graphql}
    return {name: address for name, address in addresses.items() if address is not None}


def load_floor(name: str, url: str, client: HttpClient, times: int = 1) -> Load:
    """Ask for the address, which is on the client's server, so many times one after the other.

    Raises:
        LoadFailed: the answer's status is not 2xx.
        ServerUnreachable: there is no answer.
    """
    parts = urlsplit(url)
    asking = HttpClient(f"{parts.scheme}://{parts.netloc}", session=client.session, retry=NO_RETRY)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    with loading_of(""):
        client_ns = process_time_ns()
        began = perf_counter_ns()
        responses = [asking.exchange("GET", path or "/", repeatable=True) for _ in range(times)]
        elapsed = perf_counter_ns() - began
        client_ns = process_time_ns() - client_ns
    for response in responses:
        if not 200 <= response.status_code < 300:
            raise LoadFailed(
                f"{url} answers {response.status_code}",
                said=said_by(response),
                next=f"name another path by --{name.replace('/', '-')}, such as that of a status "
                "page",
            )
    trips = sum(1 + wire_of(response).connection_trips for response in responses)
    return Load(None, [], elapsed, client_ns, trips)
