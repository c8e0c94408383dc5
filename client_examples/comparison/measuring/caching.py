"""Caching: what a second visit to a screen takes, and that it never shows a stale view.

In each round, every arm loads the screen with an empty cache, again, and after another client has
changed what is shown, which is then undone. So a drift affects all arms and phases alike.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from client_examples.comparison.arms.api import RestApi
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.caching_loader import CachingLoader
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.loading.load import Load, check_view
from client_examples.comparison.loading.load_counter import numbered
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.budget import Budget
from client_examples.comparison.measuring.building.caching import Visit, phases
from client_examples.comparison.measuring.garbage import collect
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.results.caching import Phase
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.timing import Sample

BUDGET_S = 5.0  # for a screen, of a run whose time is limited


def planned(screen: Screen, settings: Settings) -> int:
    """How many loads the visits of a screen take, the counted ones among them."""
    if settings.visit_samples == 0:
        return 0
    return (1 + settings.visit_samples) * sum(len(arms) for _, arms in phases(screen))


def measure(
    screen: Screen,
    measured: Measured,
    loader: Loader,
    settings: Settings,
    on_load: Callable[[], None] = lambda: None,
) -> None:
    """Count and time the phases of the screen's visits, and record them in `measured`.

    Args:
        screen: what to load.
        measured: of that screen, whose view is known.
        loader: loads without a cache; with one, connections of their own are opened.
        settings: how often, and the seed that decides the order.
        on_load: called after each load.

    Raises:
        ViewsDiffer: a load shows something else than is there now: it is stale.
        LoadFailed: a load failed, made other exchanges than the first one, or none.
    """
    if planned(screen, settings) == 0:
        return
    budget = Budget(None if settings.budget_s is None else BUDGET_S)
    budget.begin_screen(1, 0.0)
    with closing(loader.beside(CachingLoader)) as caching, loader.another_client(screen) as another:
        rounds = 1 + settings.visit_samples
        visiting = _Visiting(screen, measured, loader, caching, settings.seed, rounds, on_load)
        for number in range(rounds):
            if budget.is_spent(number - 1):
                break
            visiting.round(number, another)


class _Visiting:
    """The visits of one screen, round by round; the first one is counted, the others timed."""

    def __init__(
        self,
        screen: Screen,
        measured: Measured,
        loader: Loader,
        caching: CachingLoader,
        seed: int,
        of: int,
        on_load: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._measured = measured
        self._loader = loader
        self._caching = caching
        self._on_load = on_load
        self._generator = random.Random(f"{seed}/{screen.name}/visits")
        self._position = self._number = 0
        self._of = of

    def round(self, number: int, another: RestApi) -> None:
        """Load by each arm in each phase.

        Args:
            number: of the round, from 0.
            another: the client that changes what is shown.
        """
        self._number = number
        self._caching.use_unseen_queries()
        for phase, arms in phases(self._screen):
            if phase in {"first ever", "cold"}:
                self._caching.forget()
            if phase == "changed":
                with self._changed(another) as view:
                    self._visit(phase, arms, view)
            else:
                self._visit(phase, arms, self._measured.view)

    def _visit(self, phase: Phase, arms: Sequence[Arm], view: Any) -> None:
        for arm in self._generator.sample(arms, len(arms)):
            with numbered(f"a visit ({phase})", self._number + 1, self._of):
                load = self._load(phase, arm)
                self._check(phase, arm, load, view)
            self._on_load()

    def _load(self, phase: Phase, arm: Arm) -> Load:
        loader = self._caching if arm in self._screen.caching else self._loader
        known = self._measured.visits.get((phase, arm.name))
        if known is None:
            load, counts = loader.load_counted(self._screen, arm)
            self._measured.visits[phase, arm.name] = Visit(_statuses(load), counts)
            return load
        collect()
        load = loader.load(self._screen, arm)
        if _statuses(load) != known.statuses:
            raise LoadFailed(
                f"the answers changed from {known.statuses} to {_statuses(load)} ({phase})",
                screen=self._screen.name,
                arm=arm.name,
            )
        known.samples.append(Sample(self._position, load.elapsed_ns, load.db_ms))
        self._position += 1
        return load

    def _check(self, phase: Phase, arm: Arm, load: Load, view: Any) -> None:
        """Check that the view is the current one, and that the server was asked."""
        name = self._screen.name
        check_view(name, arm, load, self._measured.reference, view, phase)
        if not load.exchanges:
            raise LoadFailed(
                f"shown from the cache without asking the server ({phase})",
                screen=name,
                arm=arm.name,
                next="have the server's answers say Cache-Control: no-cache",
            )

    @contextmanager
    def _changed(self, another: RestApi) -> Iterator[Any]:
        """Have another client change what is shown; the view that shows it."""
        screen, before = self._screen, self._measured
        assert screen.changing is not None
        try:
            with loading_of(screen.name, "changing it", another):
                screen.changing(another)
            reference = next(arm for arm in screen.arms if arm.name == before.reference)
            view = self._loader.load(screen, reference).view
            if difference(before.view, view) is None:
                raise LoadFailed(
                    "does not show what another client changed",
                    screen=screen.name,
                    arm=reference.name,
                )
            yield view
        finally:
            with loading_of(screen.name, "putting it back"):
                _put_back(another)


def _put_back(another: RestApi) -> None:
    """Undo the change, also when interrupted in doing so."""
    try:
        another.undo()
    except KeyboardInterrupt:
        another.undo()
        raise


def _statuses(load: Load) -> list[int]:
    return [exchange.status for exchange in load.exchanges]
