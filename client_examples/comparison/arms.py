"""Screens and their arms, as the modules in `screens/` declare them.

screen = Screen("book-list", "20 books, title and price")

@screen.rest("fields")
def fields(api: RestApi) -> View:
    return api.get("/books", limit=20, fields="title,price")
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from client_examples.comparison.api import GraphqlApi, RestApi

View: TypeAlias = Any  # one JSON value: what the screen shows
RestLoad: TypeAlias = Callable[[RestApi], View]
GraphqlLoad: TypeAlias = Callable[[GraphqlApi], View]
RestFunction = TypeVar("RestFunction", bound=RestLoad)
GraphqlFunction = TypeVar("GraphqlFunction", bound=GraphqlLoad)


@dataclass(frozen=True)
class RestArm:
    """A way to load a screen over REST; `load` builds the view."""

    name: str
    description: str
    load: RestLoad


@dataclass(frozen=True)
class GraphqlArm:
    """A way to load a screen over GraphQL, by the endpoint at `path`."""

    name: str
    description: str
    load: GraphqlLoad
    path: str


Arm: TypeAlias = RestArm | GraphqlArm


@dataclass
class Screen:
    """What a client page needs: the same view, whichever of its arms loads it."""

    name: str
    shows: str
    arms: list[Arm] = field(default_factory=list)

    def rest(self, level: str) -> Callable[[RestFunction], RestFunction]:
        """Declare the function as the arm `rest/<level>`; its docstring describes it."""

        def declare(load: RestFunction) -> RestFunction:
            self.arms.append(RestArm(f"rest/{level}", _first_line(load), load))
            return load

        return declare

    def graphql(
        self, level: str, path: str = "/graphql"
    ) -> Callable[[GraphqlFunction], GraphqlFunction]:
        """Declare the function as the arm `graphql/<level>`; one function may be several arms."""

        def declare(load: GraphqlFunction) -> GraphqlFunction:
            self.arms.append(GraphqlArm(f"graphql/{level}", _first_line(load), load, path))
            return load

        return declare


def compact(document: str) -> str:
    """A GraphQL document without the line breaks and indentation that only people need.

    It must hold no strings and no comments, for which white space matters.
    """
    if set(document) & set('"#'):
        raise ValueError("compact() takes documents without strings and comments")
    return " ".join(document.split())


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
