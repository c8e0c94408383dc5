"""Screens that are watched instead of loaded, as the modules in `screens/` declare them.

screen = WatchScreen("watch-order", "the status changes of an order")

@screen.rest("sse")
def sse(api: RestWatch, order: int) -> Iterator[str]:
    yield from (event["status"] for event in api.events(f"/orders/{order}/events"))
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from client_examples.comparison.arms.screen import Places, first_line
from client_examples.comparison.results.live_updates import Through

INTERVAL_S = 0.5  # between two polls of an arm
STATUSES = ("pending", "paid", "shipped", "delivered")  # of an order that is not cancelled
CHANGES, LAST = STATUSES[1:], STATUSES[-1]

# Called with the API and the order's id; gives each status as soon as it is known, to the last.
Watch: TypeAlias = Callable[..., Iterator[str]]
WatchFunction = TypeVar("WatchFunction", bound=Watch)


@dataclass(frozen=True)
class WatchArm:
    """A way to watch over one API; `asks_every_s` is the pause between its polls, if it polls."""

    name: str
    description: str
    load: Watch
    api: Through
    asks_every_s: float | None


@dataclass
class WatchScreen:
    """What a client page shows while it changes: the same statuses, whichever arm watches."""

    name: str
    shows: str
    arms: list[WatchArm] = field(default_factory=list)
    _places: Places = field(default_factory=Places, init=False, repr=False, compare=False)

    def rest(
        self, way: str, asks_every_s: float | None = None
    ) -> Callable[[WatchFunction], WatchFunction]:
        """Declare the function as the arm `rest/<way>`; its docstring describes it."""
        return self._declare("rest", way, asks_every_s)

    def graphql(
        self, way: str, asks_every_s: float | None = None
    ) -> Callable[[WatchFunction], WatchFunction]:
        """Declare the function as the arm `graphql/<way>`."""
        return self._declare("graphql", way, asks_every_s)

    def _declare(
        self, api: Through, way: str, asks_every_s: float | None
    ) -> Callable[[WatchFunction], WatchFunction]:
        name = f"{api}/{way}"
        self._places.take(name)

        def declare(watch: WatchFunction) -> WatchFunction:
            self._places.put(WatchArm(name, first_line(watch), watch, api, asks_every_s), self.arms)
            return watch

        return declare
