"""Before anything is timed: what each arm of a screen takes, and that all give the same view."""

from typing import Any

from client_examples.comparison.arms.screen import GraphqlArm, Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import ViewsDiffer
from client_examples.comparison.loading.load import Load
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.plan import PlannedLoads
from client_examples.comparison.measuring.screen_results import Measured


def check(screen: Screen, loader: Loader, loads: PlannedLoads) -> Measured:
    """Load by each arm once to count, and by those over GraphQL once more to learn their cost.

    Raises:
        ViewsDiffer: two arms show different things.
        LoadFailed: the screen could not be loaded.
        ServerAway: a server does not answer.
    """
    counted = {}
    for arm in screen.arms:
        counted[arm.name] = loader.load_counted(screen, arm)
        loads.one_done()
    reference = screen.arms[0].name
    measured = Measured(counted[reference][0].view, reference, counted)
    for name, (load, _) in counted.items():
        check_view(screen.name, name, load, reference, measured.view)
    for arm in screen.arms:
        if isinstance(arm, GraphqlArm):
            cost = loader.load_for_cost(screen, arm)
            loads.one_done()
            if cost is not None:
                measured.costs[arm.name] = cost
    return measured


def check_view(where: str, name: str, load: Load, reference: str, view: Any) -> None:
    """`ViewsDiffer` unless the load by the arm of this name shows the view.

    Args:
        where: the screen's name, and what else tells which load it is.
        name: of the arm.
        load: by that arm.
        reference: the name of the arm that the view is by.
        view: what must be shown.
    """
    found = difference(view, load.view)
    if found is not None:
        raise ViewsDiffer(
            f"{where}: the views differ at {found.path}: "
            f"{found.left} by {reference}, {found.right} by {name}"
        )
