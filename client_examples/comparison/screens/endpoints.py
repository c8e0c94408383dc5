"""The bookstore's three GraphQL endpoints, which answer the same query by different ways."""

from collections.abc import Callable
from typing import NamedTuple

from client_examples.comparison.arms.screen import LoadFunction, Screen


class Endpoint(NamedTuple):
    """The arm's level, where its query is sent, and what the server does with it and relations."""

    level: str
    path: str
    does: str
    by_relation: str


ENDPOINTS = (
    Endpoint("unbatched", "/graphql/unbatched", "by resolvers",
             "an SQL statement for each parent of a relation"),
    Endpoint("dataloader", "/graphql/dataloader", "by resolvers with DataLoaders",
             "one SQL statement per relation"),
    Endpoint("planned", "/graphql", "planned before it runs", "one SQL statement per relation"),
)  # fmt: skip


def by_every_endpoint(
    screen: Screen, *, relations: bool = True
) -> Callable[[LoadFunction], LoadFunction]:
    """Declare the function as an arm per endpoint, from the textbook's to the best known.

    Args:
        screen: whose arms they are.
        relations: whether the query follows relations.
    """

    def declare(load: LoadFunction) -> LoadFunction:
        for level, path, does, by_relation in ENDPOINTS:
            said = f"{does}, {by_relation}" if relations else does
            screen.graphql(level, path, does=said)(load)
        return load

    return declare
