"""The errors of a comparison; `status` is the program's exit status."""

from pathlib import Path

_CLONE = Path(__file__).resolve().parents[2]


class ComparisonError(Exception):
    """The comparison cannot go on."""

    status = 1


class LoadFailed(ComparisonError):
    """A screen could not be loaded: an answer that is not 2xx, GraphQL errors, a bad answer."""


class LinkFailed(ComparisonError):
    """The simulated link is not there any more, or is not what was asked for."""


class ServerUnreachable(ComparisonError):
    """A server does not answer."""

    status = 3

    def __init__(self, url: str, reason: str) -> None:
        self.reason = f"{url} does not answer: {reason}."
        super().__init__(f"{self.reason} Start both servers with ./start_servers.sh (in {_CLONE}).")


class ViewsDiffer(ComparisonError):
    """Two arms of a screen show different views."""

    status = 4
