"""Asks a GraphQL server for the static cost of an operation.

The server computes it before the operation runs: the most objects that may be returned, and what it
takes to find them. Asking adds bytes that no arm needs, so it is done in a load of its own.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from requests import Response

from client_examples.comparison.arms.api import GraphqlApi, Headers, Method
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.network.connections import SideBySide
from client_examples.comparison.results.counts import StaticCost
from client_examples.graphql_client import GraphqlClient


class CostApi(GraphqlApi):
    """A GraphQL endpoint for a load that is neither counted nor timed.

    Attributes:
        costs: of each operation, None where the server did not tell.
    """

    def __init__(self, client: GraphqlClient, path: str, threads: SideBySide) -> None:
        super().__init__(client, path, threads, NoRecord())
        self.costs: list[StaticCost | None] = []

    def _exchange(
        self,
        method: Method,
        document: str,
        variables: dict[str, object],
        headers: Headers | None,
        *,
        repeatable: bool = True,
    ) -> Response:
        body = {"query": document, "variables": variables, "extensions": {"cost": True}}
        response = self._client.exchange(
            "POST", self._path, body=body, headers=headers, repeatable=repeatable
        )
        with suppress(ValueError):  # what is no JSON fails the load by itself
            self.costs.append(reported(response.json()))
        return response


def reported(answer: Any) -> StaticCost | None:
    """The cost in an answer; None where it has none that can be read."""
    match answer:
        case {"extensions": {"cost": {"computed": int(computed), "limit": int(limit)}}}:
            return StaticCost(computed, limit)
    return None


def sum_of(costs: Sequence[StaticCost | None]) -> StaticCost | None:
    """What several operations cost; None where one is not known, or there are none."""
    known = [cost for cost in costs if cost is not None]
    if not known or len(known) < len(costs):
        return None
    return StaticCost(sum(cost.computed for cost in known), known[0].limit)
