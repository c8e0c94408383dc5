"""How many loads a run takes."""

from collections.abc import Sequence

from client_examples.comparison.analysis.self_check import SAMPLES
from client_examples.comparison.arms.screen import GraphqlArm, Screen
from client_examples.comparison.loading.floor import floors
from client_examples.comparison.measuring import caching, protocols
from client_examples.comparison.measuring.browser import run as browser
from client_examples.comparison.measuring.load_test.default_arms import arms_of
from client_examples.comparison.measuring.resilience import outage, random_failures
from client_examples.comparison.results.document import Settings


def planned(
    screens: Sequence[Screen],
    settings: Settings,
    watched_screens: int,
    loaded: Sequence[Screen] = (),
) -> int:
    """How many loads all screens take, if there is time for all.

    Watching an order is one, and so is an arm under load, or whose cost is measured.
    """
    arms = sum(len(screen.arms) for screen in screens)
    timed = settings.warm_up + settings.samples
    per_arm = 1 + timed
    per_arm += settings.link_samples * len(settings.links) * len(settings.protocols)
    others = timed * len(floors(settings)) * len(screens)
    others += sum(isinstance(arm, GraphqlArm) for screen in screens for arm in screen.arms)
    if settings.resilience:
        per_arm += random_failures.LOADS * len(random_failures.POLICIES)
        others += outage.planned(screens)
    others += settings.watched_orders * watched_screens
    if settings.load is not None:
        others += sum(len(arms_of(screen, settings.load.all_arms)) for screen in loaded)
    if settings.cpu is not None:
        others += sum(len(screen.arms) for screen in loaded)
    others += sum(caching.planned(screen, settings) for screen in screens)
    others += protocols.planned(screens, settings) + browser.planned(arms, settings)
    return per_arm * arms + others + (2 * SAMPLES if settings.self_check else 0)
