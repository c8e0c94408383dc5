"""Screens and their arms, as the modules in `screens/` declare them.

screen = Screen("book-list", "20 books, title and price")

@screen.rest("fields")
def fields(api: RestApi) -> View:
    return api.get("/books", limit=20, fields="title,price")
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from client_examples.comparison.api import RestApi

View: TypeAlias = Any  # one JSON value: what the screen shows

# Called with the API, and with what the screen has prepared, if it prepares something.
Load: TypeAlias = Callable[..., View]
LoadFunction = TypeVar("LoadFunction", bound=Load)
Preparation: TypeAlias = Callable[[RestApi], AbstractContextManager[Any]]
PreparationFunction = TypeVar("PreparationFunction", bound=Preparation)


@dataclass(frozen=True)
class RestArm:
    """A way to load a screen over REST; `load` builds the view."""

    name: str
    description: str
    load: Load


@dataclass(frozen=True)
class GraphqlArm:
    """A way to load a screen over GraphQL, by the endpoint at `path`."""

    name: str
    description: str
    load: Load
    path: str


Arm: TypeAlias = RestArm | GraphqlArm


@dataclass
class Screen:
    """What a client page needs: the same view, whichever of its arms loads it."""

    name: str
    shows: str
    arms: list[Arm] = field(default_factory=list)
    preparation: Preparation | None = None

    def rest(self, level: str) -> Callable[[LoadFunction], LoadFunction]:
        """Declare the function as the arm `rest/<level>`; its docstring describes it."""

        def declare(load: LoadFunction) -> LoadFunction:
            self.arms.append(RestArm(f"rest/{level}", _first_line(load), load))
            return load

        return declare

    def graphql(self, level: str, path: str = "/graphql") -> Callable[[LoadFunction], LoadFunction]:
        """Declare the function as the arm `graphql/<level>`; one function may be several arms."""

        def declare(load: LoadFunction) -> LoadFunction:
            self.arms.append(GraphqlArm(f"graphql/{level}", _first_line(load), load, path))
            return load

        return declare

    def prepare(self, function: PreparationFunction) -> PreparationFunction:
        """Declare a context that is entered before anything is timed, and left at the end.

        What it gives is the second argument of every arm.
        """
        self.preparation = function
        return function


def compact(document: str) -> str:
    """A GraphQL document without the line breaks and indentation that only people need.

    It must hold no strings and no comments, for which white space matters.
    """
    if set(document) & set('"#'):
        raise ValueError("compact() takes documents without strings and comments")
    return " ".join(document.split())


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
