"""Before anything is timed: counts each arm, and checks that all give the same view."""

from client_examples.comparison.arms.screen import GraphqlArm, Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import ViewsDiffer
from client_examples.comparison.loading.load import VIEW_CHANGES, check_shows, check_view
from client_examples.comparison.loading.load_counter import LoadCounter
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.screen_results import Measured


def check(screen: Screen, loader: Loader, loads: LoadCounter) -> Measured:
    """Load by each arm once to count, and by those over GraphQL once more to learn their cost.

    Raises:
        ViewsDiffer: two arms show different things.
        LoadFailed: the screen could not be loaded.
        ServerUnreachable: a server does not answer.
    """
    counted = {}
    for arm in screen.arms:
        counted[arm.name] = loader.load_counted(screen, arm)
        if counted[arm.name][1].new_connections and not loader.is_cold:
            # It was the first to ask another host, whose connection is open from now on.
            loads.beside()
            counted[arm.name] = loader.load_counted(screen, arm)
        check_shows(screen.name, arm, counted[arm.name][0].view)
        loads.one_done()
    reference = screen.arms[0].name
    measured = Measured(counted[reference][0].view, reference, counted)
    for arm in screen.arms:
        try:
            check_view(screen.name, arm, counted[arm.name][0], reference, measured.view)
        except ViewsDiffer as error:
            again = loader.load(screen, screen.arms[0])
            if difference(measured.view, again.view) is not None:
                error.add(next=VIEW_CHANGES)
            raise
    for arm in screen.arms:
        if isinstance(arm, GraphqlArm):
            cost = loader.load_for_cost(screen, arm)
            loads.one_done()
            if cost is not None:
                measured.costs[arm.name] = cost
    return measured
