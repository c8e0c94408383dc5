"""What to do about an error of this run, where its own advice would not help."""

from dataclasses import replace
from typing import Final

from client_examples.clients.http_client import TIMEOUT
from client_examples.comparison.command_line.options import Options
from client_examples.comparison.errors import ComparisonError, ServerUnreachable

LONG_RTT_MS: Final = 1000.0  # from which on a client's patience may be what ends a run


def cure(error: ComparisonError, options: Options) -> None:
    """Have the error say what to do in this run."""
    if other := other_cure(error, options):
        error.failure = replace(error.failure, next=other)


def other_cure(error: ComparisonError, options: Options) -> str:
    """What to do where the error's own advice would not help; "" where it does."""
    settings, failure = options.settings, error.failure
    edge_url = settings.edge_url
    if not isinstance(error, ServerUnreachable):
        asked = failure.url if failure.status == 404 else failure.what  # that names a floor's
        if edge_url is None or f" {edge_url}/" not in f" {asked}":
            return ""
        return f"check --edge-url: REST must be at {edge_url}/rest, GraphQL at {edge_url}"
    if error.is_distrusted:
        return "name the file of the authority that signed its certificate by --ca-file"
    if "too long" in failure.what and any(link.rtt_ms > LONG_RTT_MS for link in settings.links):
        connecting, waiting = TIMEOUT
        return (
            f"ask for a shorter --rtt: clients wait {connecting:g} s for a connection, with TLS "
            f"two round trips, and {waiting:g} s for an answer"
        )
    if edge_url is not None and error.server.startswith(edge_url):
        starting = "" if options.own_screens else " (./start_servers.sh --edge starts one)"
        return f"check the address, and that the proxy runs{starting}"
    return "check the address, and that the server runs there" if options.own_screens else ""
