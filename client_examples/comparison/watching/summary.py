"""What was watched, made into the document's member."""

from client_examples.comparison.arms.live.screen import CHANGES, INTERVAL_S, WatchArm, WatchScreen
from client_examples.comparison.loading.code_lines import code_lines
from client_examples.comparison.measuring.live_updates.run import Watched
from client_examples.comparison.measuring.live_updates.schedule import APART_S
from client_examples.comparison.results.live_updates import WatchArmResult, WatchResult
from client_examples.comparison.statistics import median_resamples, summarize

_MS_PER_S = 1000
_S_PER_HOUR = 3600


def watch_result(screen: WatchScreen, watched: Watched) -> WatchResult:
    """The screen's part of the document."""
    return WatchResult(
        name=screen.name,
        shows=screen.shows,
        view=list(CHANGES),
        interval_ms=INTERVAL_S * _MS_PER_S,
        apart_ms=APART_S * _MS_PER_S,
        arms=[_arm_result(arm, watched) for arm in screen.arms],
    )


def _arm_result(arm: WatchArm, watched: Watched) -> WatchArmResult:
    changes = watched.changes.get(arm.name, [])
    late = [change.seen_ns for change in changes]
    return WatchArmResult(
        name=arm.name,
        description=arm.description,
        code_lines=code_lines(arm),
        idle_requests_per_hour=_S_PER_HOUR / arm.asks_every_s if arm.asks_every_s else 0.0,
        orders=watched.orders.get(arm.name, []),
        changes=changes,
        summary=summarize(late, median_resamples(late, arm.name) if late else None),
    )
