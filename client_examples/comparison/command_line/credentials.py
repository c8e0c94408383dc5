"""The headers that the command line names, for both servers or for one."""

import argparse
from typing import Any

from client_examples.clients.settings import token_header
from client_examples.comparison.network.access.credentials import Credentials, joined


def credentials_of(given: dict[str, Any]) -> Credentials:
    """The headers of each API: those of the file, then those for both, then its own.

    The bookstore's servers are sent BOOKSTORE_TOKEN, unless another Authorization is named.

    Raises:
        ArgumentTypeError: two options say which encodings are accepted.
    """
    of_file: Credentials = given.get("headers", Credentials())
    both = dict(given.get("header", []))
    rest = joined(joined(of_file.rest, both), dict(given.get("rest_header", [])))
    graphql = joined(joined(of_file.graphql, both), dict(given.get("graphql_header", [])))
    if "screens" not in given:  # the bookstore's own servers may be told its secret
        rest, graphql = joined(token_header(), rest), joined(token_header(), graphql)
    encoding = given.get("encoding", "default")
    if encoding == "default":
        return Credentials(rest, graphql)
    if any(name.lower() == "accept-encoding" for name in (*rest, *graphql)):
        raise argparse.ArgumentTypeError("--encoding and a header Accept-Encoding say both")
    accepted = {"Accept-Encoding": encoding}
    return Credentials({**rest, **accepted}, {**graphql, **accepted})


def header_names(given: dict[str, Any]) -> dict[str, Any]:
    """The names of the headers that both servers are sent, and either alone, as settings."""
    credentials = credentials_of({**given, "encoding": "default"})
    rest, graphql = set(credentials.rest), set(credentials.graphql)
    return {
        "header_names": sorted(rest & graphql),
        "rest_header_names": sorted(rest - graphql),
        "graphql_header_names": sorted(graphql - rest),
    }
