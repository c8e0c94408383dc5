"""Loading a screen once by one arm: its view, its exchanges and how long it took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter_ns
from typing import Any, TypeVar

from requests import Response

from client_examples.api_errors import ApiError, Unreachable
from client_examples.comparison.api import GraphqlApi, RestApi
from client_examples.comparison.arms import Arm, RestArm, Screen
from client_examples.comparison.connections import SideBySide, open_session
from client_examples.comparison.document import Counts
from client_examples.comparison.exchanges import Exchange, Recorder, level_sizes, rounds
from client_examples.comparison.failures import LoadFailed, ServerAway
from client_examples.comparison.leaves import LeafLedger, over_fetch, plain
from client_examples.graphql_client import GraphqlClient
from client_examples.http_client import NO_RETRY
from client_examples.rest_client import RestClient

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Load:
    """One load. `elapsed_ns` spans everything that the arm does, decoding included."""

    view: Any
    exchanges: list[Exchange]
    elapsed_ns: int

    @property
    def db_ms(self) -> float | None:
        """Time in the database, None where a server does not tell."""
        return _total([exchange.db_ms for exchange in self.exchanges])


class Loader:
    """The servers, with connections open and threads running: loads any arm of any screen.

    Nothing is retried: a failed exchange fails the load. A server that no arm needs may be
    left out (None).

    Raises:
        ServerAway: one of the servers does not answer.
    """

    def __init__(self, rest_url: str | None, graphql_url: str | None) -> None:
        self._rest = self._graphql = None
        if rest_url is not None:
            self._rest = RestClient(rest_url, session=open_session(rest_url), retry=NO_RETRY)
        if graphql_url is not None:
            session = open_session(graphql_url)
            self._graphql = GraphqlClient(graphql_url, session=session, retry=NO_RETRY)
        self._threads = SideBySide()

    def load(self, screen: Screen, arm: Arm) -> Load:
        """Load as a client would, to be timed."""
        return self._load(screen, arm, Recorder())

    def load_counted(
        self,
        screen: Screen,
        arm: Arm,
        on_exchange: Callable[[Response], None] | None = None,
    ) -> tuple[Load, Counts]:
        """Load with a record of every leaf that the arm reads; its time means nothing."""
        ledger = LeafLedger()
        load = self._load(screen, arm, Recorder(ledger, on_exchange))
        return load, _counts(load.exchanges, ledger)

    def _load(self, screen: Screen, arm: Arm, recorder: Recorder) -> Load:
        run = self._bound(arm, recorder)
        where = f"{screen.name}, {arm.name}"
        try:
            began = perf_counter_ns()
            view = run()
            elapsed = perf_counter_ns() - began
            view = plain(view)
        except Unreachable as error:
            raise ServerAway(error.url, f"{error.reason} ({where})") from error
        except ApiError as error:
            raise LoadFailed(f"{where}: {error.code}: {error}") from error
        except Exception as error:  # the arm's own code: an answer it was not written for
            raise LoadFailed(f"{where}: {type(error).__name__}: {error}") from error
        return Load(view, recorder.exchanges(began), elapsed)

    def _bound(self, arm: Arm, recorder: Recorder) -> Callable[[], Any]:
        """The arm's function with the API that it is to use."""
        if isinstance(arm, RestArm):
            assert self._rest is not None
            return partial(arm.load, RestApi(self._rest, self._threads, recorder))
        assert self._graphql is not None
        return partial(arm.load, GraphqlApi(self._graphql, arm.path, self._threads, recorder))

    def close(self) -> None:
        """Close the connections and end the threads."""
        self._threads.close()
        for client in (self._rest, self._graphql):
            if client is not None:
                client.close()


def _counts(exchanges: list[Exchange], ledger: LeafLedger) -> Counts:
    sizes = level_sizes(exchanges)
    return Counts(
        requests=len(exchanges),
        rounds=rounds(sizes),
        depth=len(sizes),
        sent_body_bytes=sum(exchange.request_body_bytes for exchange in exchanges),
        body_bytes=sum(exchange.body_bytes for exchange in exchanges),
        encoded_body_bytes=_total([exchange.encoded_body_bytes for exchange in exchanges]),
        delivered_leaves=ledger.delivered,
        used_leaves=ledger.used,
        over_fetch=over_fetch(ledger.used, ledger.delivered),
        delivered_leaf_bytes=ledger.delivered_bytes,
        used_leaf_bytes=ledger.used_bytes,
        over_fetch_bytes=over_fetch(ledger.used_bytes, ledger.delivered_bytes),
        statements=_total([exchange.statements for exchange in exchanges]),
        db_ms=_total([exchange.db_ms for exchange in exchanges]),
    )


def _total(values: Sequence[Number | None]) -> Number | int | None:
    """The sum, None if one of them is not known."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
