"""Which screens and arms the load test takes by default."""

from collections.abc import Sequence

from client_examples.comparison.arms.screen import Arm, RestArm, Screen

# One resource, one page, and a screen of three relations.
USUAL = ("book-list", "book-detail", "order-history")


def usual_screens(screens: Sequence[Screen]) -> list[Screen]:
    """The bookstore's usual ones; of other people's screens the first three that write nothing."""
    usual = [screen for screen in screens if screen.name in USUAL]
    return usual or [screen for screen in screens if screen.preparation is None][: len(USUAL)]


def arms_of(screen: Screen, all_arms: bool) -> list[Arm]:
    """All, or the first and the last of each API, in the screen's order."""
    if all_arms:
        return list(screen.arms)
    rest = [arm for arm in screen.arms if isinstance(arm, RestArm)]
    graphql = [arm for arm in screen.arms if not isinstance(arm, RestArm)]
    ends = [arm.name for each in (rest, graphql) for arm in (*each[:1], *each[-1:])]
    return [arm for arm in screen.arms if arm.name in ends]
