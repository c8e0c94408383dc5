"""The result of a load, and how a load fails."""

from dataclasses import dataclass
from typing import Any

from client_examples.comparison.arms.counting import total
from client_examples.comparison.arms.failures import place_of_arm
from client_examples.comparison.arms.screen import Arm
from client_examples.comparison.arms.view_difference import difference, no_json
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.failures import ID_IS_TEXT
from client_examples.comparison.results.counts import Exchange

VIEW_CHANGES = (
    "what is shown changes from one load to the next: leave that out of the view, and sort what "
    "comes in any order"
)


@dataclass(frozen=True)
class Load:
    """One load. `elapsed_ns` spans everything that the arm does, decoding included.

    `client_ns` is the processor time that this process took meanwhile. `trips` are the round trips
    that a load waits for which is no arm's.
    """

    view: Any
    exchanges: list[Exchange]
    elapsed_ns: int
    client_ns: int = 0
    trips: int = 0

    @property
    def db_ms(self) -> float | None:
        """Time in the database, None where a server does not tell, or no exchange is known."""
        return total([one.db_ms for one in self.exchanges]) if self.exchanges else None


def check_shows(screen: str, arm: Arm, view: Any) -> None:
    """Check that a view is something, and a JSON value.

    Raises:
        LoadFailed: it is not.
    """
    what = no_json(view)
    more = {"screen": screen, "arm": arm.name, "place": place_of_arm(arm.load)}
    if what:
        raise LoadFailed(
            f"the view is no JSON value: {what}",
            **more,
            next="return text, numbers, true, false and None, in lists and in dictionaries with "
            "text as names",
        )
    if view is None:
        raise LoadFailed(
            "the function returns None, so nothing can be compared",
            **more,
            next="have it return what the screen shows",
        )


def check_view(
    screen: str, arm: Arm, load: Load, reference: str, view: Any, phase: str = ""
) -> None:
    """Check that a load shows the right view.

    Args:
        screen: its name.
        arm: whose load it is.
        load: a load by that arm.
        reference: the name of the arm that gave `view`.
        view: the right view.
        phase: of a screen that is visited several times.

    Raises:
        ViewsDiffer: it shows something else.
    """
    found = difference(view, load.view)
    if found is not None:
        each = f"{found.left} by {reference}, {found.right} by {arm.name}"
        if arm.name == reference:
            each = f"{found.left} at first, {found.right} now, by {arm.name}"
        raise ViewsDiffer(
            f"the views differ at {found.path}: {each}{phase and f' ({phase})'}",
            screen=screen,
            arm=arm.name,
            place=place_of_arm(arm.load),
            next=ID_IS_TEXT if found.is_of_types else "",
        )
