"""The bookstore's three GraphQL endpoints, which answer the same query by different ways."""

from collections.abc import Callable
from typing import NamedTuple

from client_examples.comparison.arms.screen import LoadFunction, Screen


class Endpoint(NamedTuple):
    """Where a query is sent, the arm's level, and what the server does with it."""

    level: str
    path: str
    does: str


ENDPOINTS = (
    Endpoint("unbatched", "/graphql/unbatched", "an SQL statement for each parent of a relation"),
    Endpoint("dataloader", "/graphql/dataloader", "one SQL statement per relation, by DataLoaders"),
    Endpoint("planned", "/graphql", "one SQL statement per relation, planned before it runs"),
)


def by_every_endpoint(screen: Screen) -> Callable[[LoadFunction], LoadFunction]:
    """Declare the function as an arm per endpoint, from the textbook's to the best known."""

    def declare(load: LoadFunction) -> LoadFunction:
        for level, path, does in ENDPOINTS:
            screen.graphql(level, path, does=does)(load)
        return load

    return declare
