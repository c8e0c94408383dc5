"""A whole comparison: check that all arms give the same view, then time them."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from client_examples.comparison.arms import Screen
from client_examples.comparison.caveats import caveats
from client_examples.comparison.document import (
    SCHEMA_VERSION,
    ArmResult,
    Counts,
    Document,
    Sample,
    ScreenResult,
    Settings,
)
from client_examples.comparison.environment import environment
from client_examples.comparison.exchanges import level_sizes
from client_examples.comparison.failures import LoadFailed, ViewsDiffer
from client_examples.comparison.loading import Load, Loader
from client_examples.comparison.schedule import interleaved
from client_examples.comparison.statistics import summarize
from client_examples.comparison.views import difference

GARBAGE_COLLECTION = "collected before each load, off during it"


@dataclass
class _Progress:
    """What is known of a screen so far."""

    view: Any
    reference: str
    counted: dict[str, tuple[Load, Counts]]
    warm_up_order: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    samples: dict[str, list[Sample]] = field(default_factory=dict)


class Comparison:
    """Compares the arms of some screens; `document` holds what is known at any moment.

    Args:
        screens: what to load.
        loader: the two servers.
        settings: how often, and in which order.
        on_load: called after each load with the number of loads done and of all; not timed.
    """

    def __init__(
        self,
        screens: Sequence[Screen],
        loader: Loader,
        settings: Settings,
        on_load: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self._screens = screens
        self._loader = loader
        self._settings = settings
        self._on_load = on_load
        self._began = datetime.now(UTC)
        self._environment = environment()
        self._progress: dict[str, _Progress] = {}
        self._complete = False
        self._loads_done = 0

    def run(self) -> None:
        """Check all screens, then time them.

        Raises:
            ViewsDiffer: two arms of a screen show different things.
            LoadFailed: a screen could not be loaded.
            ServerAway: a server does not answer any more.
        """
        for screen in self._screens:
            self._check(screen)
        with _collector_held():
            for screen in self._screens:
                self._time(screen)
        self._complete = True

    def document(self) -> Document:
        """All results so far."""
        screens = [
            self._result(screen, self._progress[screen.name])
            for screen in self._screens
            if screen.name in self._progress
        ]
        return Document(
            schema_version=SCHEMA_VERSION,
            began=self._began.isoformat(timespec="seconds"),
            complete=self._complete,
            settings=self._settings,
            environment=self._environment,
            screens=screens,
            caveats=caveats(self._settings, self._environment, screens),
        )

    def _check(self, screen: Screen) -> None:
        counted = {}
        for arm in screen.arms:
            counted[arm.name] = self._loader.load_counted(screen, arm)
            self._loaded()
        reference = screen.arms[0].name
        progress = _Progress(counted[reference][0].view, reference, counted)
        for name, (load, _) in counted.items():
            _same_view(screen, progress, name, load)
        self._progress[screen.name] = progress

    def _time(self, screen: Screen) -> None:
        progress = self._progress[screen.name]
        names = [arm.name for arm in screen.arms]
        seed = f"{self._settings.seed}/{screen.name}"  # the same order when it is run alone
        order = interleaved(names, self._settings.warm_up + self._settings.samples, seed)
        uncounted = self._settings.warm_up * len(names)
        progress.warm_up_order, progress.order = order[:uncounted], order[uncounted:]
        arms = {arm.name: arm for arm in screen.arms}
        for position, name in enumerate(order, -uncounted):
            gc.collect()
            load = self._loader.load(screen, arms[name])
            _same_view(screen, progress, name, load)
            _same_schedule(screen, progress, name, load)
            if position >= 0:
                sample = Sample(position, load.elapsed_ns, load.db_ms)
                progress.samples.setdefault(name, []).append(sample)
            self._loaded()

    def _loaded(self) -> None:
        per_arm = 1 + self._settings.warm_up + self._settings.samples
        self._loads_done += 1
        self._on_load(self._loads_done, per_arm * sum(len(screen.arms) for screen in self._screens))

    def _result(self, screen: Screen, progress: _Progress) -> ScreenResult:
        arms = []
        for arm in screen.arms:
            load, counts = progress.counted[arm.name]
            samples = progress.samples.get(arm.name, [])
            summary = summarize([sample.elapsed_ns for sample in samples])
            arms.append(
                ArmResult(arm.name, arm.description, counts, load.exchanges, samples, summary)
            )
        return ScreenResult(
            name=screen.name,
            shows=screen.shows,
            view=progress.view,
            warm_up_order=progress.warm_up_order,
            order=progress.order,
            arms=arms,
        )


@contextmanager
def _collector_held() -> Iterator[None]:
    """No garbage collection but where it is called for, and then only of what is new."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _same_view(screen: Screen, progress: _Progress, name: str, load: Load) -> None:
    found = difference(progress.view, load.view)
    if found is not None:
        raise ViewsDiffer(
            f"{screen.name}: the views differ at {found.path}: "
            f"{found.left} by {progress.reference}, {found.right} by {name}"
        )


def _same_schedule(screen: Screen, progress: _Progress, name: str, load: Load) -> None:
    """A timed load must be the load that was counted, or counts and times do not belong."""
    counted, timed = level_sizes(progress.counted[name][0].exchanges), level_sizes(load.exchanges)
    if counted != timed:
        raise LoadFailed(
            f"{screen.name}, {name}: the exchanges changed from {counted} to {timed} per level"
        )
