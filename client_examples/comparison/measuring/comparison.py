"""A whole comparison: checks that all arms give the same view, then times them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from client_examples.comparison.analysis.caveats import run_caveats
from client_examples.comparison.analysis.self_check import SAMPLES, self_check
from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.errors import ComparisonError, LoadFailed, ViewsDiffer
from client_examples.comparison.loading.floor import floors
from client_examples.comparison.loading.load_counter import LoadCounter, numbered
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.loading.protocols import ByProtocol
from client_examples.comparison.measuring import caching, protocols
from client_examples.comparison.measuring.attempts import Work
from client_examples.comparison.measuring.browser.run import BrowserTest
from client_examples.comparison.measuring.budget import Budget, waiting_s
from client_examples.comparison.measuring.building.links import Steps
from client_examples.comparison.measuring.checks import check
from client_examples.comparison.measuring.cpu.run import CpuTest
from client_examples.comparison.measuring.garbage import collector_held
from client_examples.comparison.measuring.links import Links
from client_examples.comparison.measuring.live_updates.run import Watched, watch_result, watching
from client_examples.comparison.measuring.live_updates.schedule import watching_s
from client_examples.comparison.measuring.load_test.run import LoadTest
from client_examples.comparison.measuring.plan import planned
from client_examples.comparison.measuring.resilience import outage, random_failures
from client_examples.comparison.measuring.screen_results import Measured, screen_result
from client_examples.comparison.measuring.shared_cache.run import SharedCacheTest
from client_examples.comparison.measuring.timing import time_arms, timed_load
from client_examples.comparison.results.document import SCHEMA_VERSION, Document, Settings
from client_examples.comparison.results.environment import environment
from client_examples.comparison.results.protocols import Handshake
from client_examples.comparison.results.resilience import ResilienceResult
from client_examples.comparison.results.timing import Sample, SelfCheck


class Comparison:
    """Compares the arms of some screens; `document` gives the results at any moment.

    A screen that fails is left out of what follows and of the results, and does not keep the others
    from being compared.

    Args:
        screens: what to load.
        loader: the two servers.
        settings: how often, in which order, and what else is measured.
        on_load: called after each load with the number of loads done and of all; not timed.
        watched: the screens whose live updates are measured after the others are timed.
        load_test: run after the others.
        cpu_test: run after that.
        ways: the loaders of the protocols to load over, `loader` among them; by default it alone.
        shared_cache_test: run after that.
        browser_test: run last.

    Attributes:
        failures: why screens failed.
    """

    def __init__(
        self,
        screens: Sequence[Screen],
        loader: Loader,
        settings: Settings,
        on_load: Callable[[int, int], None] = lambda done, total: None,
        watched: Sequence[WatchScreen] = (),
        load_test: LoadTest | None = None,
        cpu_test: CpuTest | None = None,
        ways: ByProtocol | None = None,
        shared_cache_test: SharedCacheTest | None = None,
        browser_test: BrowserTest | None = None,
    ) -> None:
        self._screens = screens
        self._loader = loader
        self._settings = settings
        self._began = datetime.now(UTC)
        self._environment = environment(
            settings.server_processors, with_servers=not settings.is_own
        )
        self._measured: dict[str, Measured] = {}
        self._watch_screens = watched
        self._watched: dict[str, Watched] = {}
        self._self_check: SelfCheck | None = None
        self._complete = False
        self.failures: list[ComparisonError] = []
        self._failed: set[str] = set()
        self._load_test = load_test or LoadTest([])
        self._cpu_test = cpu_test or CpuTest([])
        self._browser_test = browser_test or BrowserTest(settings)
        self._ways = ways or ByProtocol(loader, replace(settings, protocols=settings.protocols[:1]))
        self._shared_cache_test = shared_cache_test or SharedCacheTest([])
        self._handshakes: list[Handshake] = []
        loads = planned(screens, settings, len(watched), self._load_test.screens)
        loads += len(self._shared_cache_test.screens)
        self._loads = LoadCounter(loads, on_load)
        self._steps = Steps()
        self._links = Links(self._ways, settings, len(screens), self._steps, self._loads)

    def run(self) -> None:
        """Check all screens, then time them, then measure what else is asked for.

        Raises:
            LinkFailed: a simulated link is not what was asked for.
            LoadFailed: a floor cannot be loaded.
            ServerUnreachable: a server does not answer any more.
        """
        with self._loads.telling():
            self._run()

    def _run(self) -> None:
        if not self._settings.is_own:  # another API has no such address
            self._environment["servers"] = self._loader.health()
        self._check()
        self._check_floors()
        budget = Budget(self._settings.budget_s, self._planned_watching_s() + self._links.steps_s)
        with collector_held():
            self._probe_links()
            screens = self._left()
            for number, screen in enumerate(screens):
                budget.begin_screen(len(screens) - number, self._waiting_s(screens[number:]))
                with self._of(screen):
                    self._time(screen, budget)
            for screen in self._left():
                with self._of(screen):
                    self._visit_again(screen)
            if self._settings.self_check:
                self._check_itself()
            for watched in self._watch_screens:
                with self._of(watched):
                    self._watch(watched)
        if self._settings.resilience:
            self._fail_exchanges()
        self._test_servers()
        self._complete = True

    def _check(self) -> None:
        """Load each screen by all arms, and find out what connections take if they are new."""
        for screen in self._left():
            with self._of(screen):
                self._loader.prepare(screen)
        for screen in self._left():
            with self._of(screen):
                self._measured[screen.name] = check(screen, self._loader, self._loads)
        if self._settings.cold:
            self._handshakes = protocols.handshakes(self._ways)

    def _check_floors(self) -> None:
        """Ask for each floor once: it is of all screens, so none can be timed without it."""
        if self._left():
            for name, address in floors(self._settings).items():
                self._loader.load_floor(name, address)

    def _probe_links(self) -> None:
        """Have the links proved, by the first screen that can be loaded."""
        for screen in self._left():
            with self._of(screen):
                self._links.probe(screen, self._measured[screen.name])
                return

    def _test_servers(self) -> None:
        """Measure under load, behind a cache and in a browser, where that is asked for."""
        servers, settings, done = self._loader.servers, self._settings, self._loads.part_done
        self._attempts(
            lambda screen: self._load_test.run(screen, servers, settings, done),
            self._load_test.screens,
        )
        self._cpu_test.run(servers, settings, done, self._attempts)
        self._shared_cache_test.run(self._loader, settings, done, self._attempts)
        self._browser_test.run(self._screens, self._measured, self._loads.one_done, self._attempts)

    def _attempts(self, work: Work, screens: Sequence[Screen]) -> None:
        """Do it for each screen that has not failed; one that fails at it keeps its results."""
        for screen in screens:
            if screen.name not in self._failed:
                try:
                    work(screen)
                except (LoadFailed, ViewsDiffer) as error:
                    error.add(screen=screen.name)
                    self._loads.tell(error)
                    self.failures.append(error)

    def _left(self) -> list[Screen]:
        """The screens that have not failed."""
        return [screen for screen in self._screens if screen.name not in self._failed]

    @contextmanager
    def _of(self, screen: Screen | WatchScreen) -> Iterator[None]:
        """Leave the screen out if it fails, and go on with the others."""
        try:
            yield
        except (LoadFailed, ViewsDiffer) as error:
            error.add(screen=screen.name)
            self._loads.tell(error)
            self.failures.append(error)
            self._failed.add(screen.name)

    def document(self) -> Document:
        """All results so far."""
        screens = [
            screen_result(screen, self._measured[screen.name], self._settings, self._steps)
            for screen in self._left()
            if screen.name in self._measured
        ]
        return Document(
            schema_version=SCHEMA_VERSION,
            began=self._began.isoformat(timespec="seconds"),
            complete=self._complete,
            settings=self._settings,
            environment=self._environment,
            screens=screens,
            doubts=run_caveats(self._settings, self._environment, screens),
            self_check=self._self_check,
            watching=[
                watch_result(screen, self._watched[screen.name])
                for screen in self._watch_screens
                if screen.name in self._watched and screen.name not in self._failed
            ],
            load=self._load_test.results(),
            cpu=self._cpu_test.results(),
            left_out=self._ways.left_out,
            handshakes=self._handshakes,
            shared_cache=self._shared_cache_test.results(),
            failures=[error.failure for error in self.failures],
            browser=self._browser_test.results(),
            links=self._links.proved,
        )

    def _planned_watching_s(self) -> float:
        return watching_s(self._settings.watched_orders) * len(self._watch_screens)

    def _waiting_s(self, screens: Sequence[Screen]) -> float:
        """How long these screens wait for links."""
        left = [self._measured[screen.name] for screen in screens]
        counts = [counts for measured in left for _, counts in measured.counted.values()]
        return waiting_s(self._settings, counts)

    def _time(self, screen: Screen, budget: Budget) -> None:
        measured, settings = self._measured[screen.name], self._settings
        time_arms(self._loader, screen, measured, settings, budget, self._loads)
        if len(self._ways.loaders) > 1:
            protocols.measure(screen, measured, self._ways, settings, self._loads)
        self._links.time(screen, measured)

    def _visit_again(self, screen: Screen) -> None:
        measured = self._measured[screen.name]
        caching.measure(screen, measured, self._loader, self._settings, self._loads.one_done)

    def _watch(self, screen: WatchScreen) -> None:
        settings = self._settings
        watched = Watched()
        with watching(screen, self._loader.servers, settings.seed) as watch:
            for number in range(1, settings.watched_orders + 1):
                with numbered("an order watched", number, settings.watched_orders):
                    watch.watch(watched)
                self._watched[screen.name] = watched
                self._loads.part_done()

    def _check_itself(self) -> None:
        """Time an arm against itself: of the first screen that writes nothing, if there is one."""
        screens = self._left()
        reading = [one for one in screens if one.preparation is None]
        self._attempts(self._time_against_itself, (reading or screens)[:1])

    def _time_against_itself(self, screen: Screen) -> None:
        """Time the screen's arm with the fewest requests against itself."""
        settings = self._settings
        counted = self._measured[screen.name].counted
        name = min(counted, key=lambda arm: counted[arm][1].requests)
        loads: list[Sample] = []
        try:
            for position in range(2 * SAMPLES):
                with numbered("timed against itself", position + 1, 2 * SAMPLES):
                    load = timed_load(self._loader, screen, self._measured[screen.name], name)
                self._loads.one_done()
                loads.append(Sample(position, load.elapsed_ns, load.db_ms))
        finally:
            self._self_check = self_check(screen.name, name, loads, settings.samples, settings.seed)

    def _fail_exchanges(self) -> None:
        def record(screen: Screen, arm: Arm, result: ResilienceResult) -> None:
            self._measured[screen.name].resilience.setdefault(arm.name, []).append(result)
            self._loads.beside(result.loaded)

        seed, done = self._settings.seed, self._loads.part_done
        rate = self._settings.failure_rate
        random_failures.measure(
            self._loader, self._left(), rate, seed, record, self._attempts, done
        )
        arms = outage.chosen(self._left(), self._taken)
        self._attempts(
            lambda _: outage.measure(self._loader, arms, seed, record, done),
            [screen for screen, _ in arms[:1]],
        )

    def _taken(self, screen: Screen, arm: Arm) -> tuple[int, int]:
        _, counts = self._measured[screen.name].counted[arm.name]
        return counts.requests, counts.statements or 0
