"""Screens and their arms, as the modules in `screens/` declare them.

screen = Screen("book-list", "20 books, title and price")

@screen.rest("fields")
def fields(api: RestApi) -> View:
    return api.get("/books", limit=20, fields="title,price")
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from client_examples.clients.settings import Api
from client_examples.comparison.arms.api import GraphqlApi, Method, RestApi
from client_examples.comparison.arms.exchanges import Recorder
from client_examples.comparison.arms.session import SessionApi
from client_examples.comparison.network.clients import BothClients, Clients
from client_examples.comparison.network.connections import SideBySide

View: TypeAlias = Any  # one JSON value: what the screen shows

# Called with the API, and with what the screen has prepared, if it prepares something.
ArmFunction: TypeAlias = Callable[..., View]
LoadFunction = TypeVar("LoadFunction", bound=ArmFunction)
Preparation: TypeAlias = Callable[[RestApi], AbstractContextManager[Any]]
PreparationFunction = TypeVar("PreparationFunction", bound=Preparation)
Change: TypeAlias = Callable[[RestApi], object]
ChangeFunction = TypeVar("ChangeFunction", bound=Change)
SessionFunction: TypeAlias = Callable[[SessionApi], object]
Beginning = TypeVar("Beginning", bound=SessionFunction)

_CACHED = {
    "rest": "the answer is kept, and asked for again by its ETag",
    "graphql": "sent by its hash over GET; the answer is kept, and asked for again by its ETag",
}


@dataclass(frozen=True)
class RestArm:
    """A way to load a screen over REST; `load` builds the view."""

    api: ClassVar[Api] = "rest"
    name: str
    description: str
    load: ArmFunction

    def by(
        self, clients: BothClients | Clients, threads: SideBySide, recorder: Recorder
    ) -> RestApi:
        """The API that `load` is given, for one load."""
        return RestApi(clients.rest, threads, recorder)


@dataclass(frozen=True)
class GraphqlArm:
    """A way to load a screen over GraphQL, by the endpoint at `path`; queries go by `method`."""

    api: ClassVar[Api] = "graphql"
    name: str
    description: str
    load: ArmFunction
    path: str
    method: Method = "POST"

    def by(
        self, clients: BothClients | Clients, threads: SideBySide, recorder: Recorder
    ) -> GraphqlApi:
        """The API that `load` is given, for one load."""
        return GraphqlApi(clients.graphql, self.path, threads, recorder, self.method)


Arm: TypeAlias = RestArm | GraphqlArm


class Named(Protocol):
    """An arm of any kind."""

    @property
    def name(self) -> str:
        """What it is called among the arms of its screen."""


NamedArm = TypeVar("NamedArm", bound=Named)


class Places:
    """The places of a screen's arms, in the order in which its file says them.

    Python makes the decorators of a function from the first to the last, but calls them from the
    last to the first.
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, name: str) -> None:
        """Keep the next place for the arm of this name, when its decorator is made."""
        self._taken.setdefault(name, len(self._taken))

    def put(self, arm: NamedArm, among: list[NamedArm]) -> None:
        """Put it in its place, when its decorator is called."""
        among.append(arm)
        among.sort(key=lambda one: self._taken.get(one.name, -1))


@dataclass
class Screen:
    """What a client page needs: the same view, whichever of its arms loads it.

    `arms` are in the order of their decorators, as they are read.

    `caching` are the arms whose client has a cache. They answer another question, what a second
    visit takes, and are compared with the arm that loads the same without one.
    """

    name: str
    shows: str
    arms: list[Arm] = field(default_factory=list)
    preparation: Preparation | None = None
    caching: list[Arm] = field(default_factory=list)
    changing: Change | None = None
    beginning: SessionFunction | None = None
    _places: Places = field(default_factory=Places, init=False, repr=False, compare=False)

    def rest(self, level: str, *, caches: bool = False) -> Callable[[LoadFunction], LoadFunction]:
        """Declare the function as the arm `rest/<level>`; its docstring describes it."""
        self._places.take(f"rest/{level}")

        def declare(load: LoadFunction) -> LoadFunction:
            said = _described(load, _CACHED["rest"] if caches else "")
            self._places.put(RestArm(f"rest/{level}", said, load), self._among(caches))
            return load

        return declare

    def graphql(
        self,
        level: str,
        path: str = "/graphql",
        *,
        caches: bool = False,
        does: str = "",
        method: Method = "POST",
    ) -> Callable[[LoadFunction], LoadFunction]:
        """Declare the function as the arm `graphql/<level>`; one function may be several arms.

        Args:
            level: the arm's name below `graphql/`.
            path: of the endpoint.
            caches: whether its client has a cache.
            does: what the endpoint does with the query; it follows the docstring.
            method: "GET" to send queries by it, text and variables in the address; so they can be
                cached as they are.
        """
        by_get = "sent by GET" if method == "GET" else ""
        kept = _CACHED["rest"] if method == "GET" else _CACHED["graphql"]
        how = "; ".join(filter(None, (kept, by_get) if caches else (does, by_get)))
        self._places.take(f"graphql/{level}")

        def declare(load: LoadFunction) -> LoadFunction:
            arm = GraphqlArm(f"graphql/{level}", _described(load, how), load, path, method)
            self._places.put(arm, self._among(caches))
            return load

        return declare

    def endpoints(self) -> set[str]:
        """The paths of the GraphQL endpoints that its arms use."""
        arms = [*self.arms, *self.caching]
        return {arm.path for arm in arms if isinstance(arm, GraphqlArm)}

    def uncached(self, arm: Arm) -> Arm | None:
        """The arm that loads as a caching one does, but without a cache."""
        return next((one for one in self.arms if _way(one) == _way(arm)), None)

    def prepare(self, function: PreparationFunction) -> PreparationFunction:
        """Declare a context that is entered before anything is timed, and left at the end.

        What it gives is the second argument of every arm.
        """
        self.preparation = function
        return function

    def change(self, function: ChangeFunction) -> ChangeFunction:
        """Declare what another client changes of what is shown, between two visits.

        It says by `api.afterwards` how to put it back.
        """
        self.changing = function
        return function

    def session(self, function: Beginning) -> Beginning:
        """Declare what logs in, once before anything is timed.

        It may send requests by the API that it is given, and set `api.headers` for what follows;
        cookies are kept.
        """
        self.beginning = function
        return function

    def _among(self, caches: bool) -> list[Any]:
        return self.caching if caches else self.arms


def compact(document: str) -> str:
    """A GraphQL document without the line breaks and indentation that only people need.

    It must hold no strings and no comments, for which white space matters.
    """
    if set(document) & set('"#'):
        raise ValueError("compact() takes documents without strings and comments")
    return " ".join(document.split())


def _way(arm: Arm) -> tuple[object, ...]:
    """How an arm loads, whatever its name."""
    return type(arm), arm.load, getattr(arm, "path", None)


def _described(load: ArmFunction, how: str) -> str:
    """What the function says of itself, then how that is done."""
    return f"{first_line(load)}; {how}" if how else first_line(load)


def first_line(function: Callable[..., Any]) -> str:
    """What a function's docstring says first, without the full stop."""
    return (function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
