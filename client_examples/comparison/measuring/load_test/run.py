"""Finds the highest rate that each arm sustains."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.measuring.load_test import locust_process
from client_examples.comparison.measuring.load_test.default_arms import arms_of
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.load_test import LoadArm, LoadScreen


class LoadTest:
    """The load test of some screens, arm by arm; `results` can be asked for at any time.

    Args:
        screens: what to load.
        screens_file: where the screens are declared, if they are a user's own.
    """

    def __init__(self, screens: Sequence[Screen], screens_file: Path | None = None) -> None:
        self.screens = screens
        self._file = screens_file
        self._found: dict[str, dict[str, LoadArm]] = {}

    def run(
        self,
        screen: Screen,
        servers: Servers,
        settings: Settings,
        on_arm: Callable[[], None],
    ) -> None:
        """Test one of the screens; does nothing unless a load test was asked for.

        Raises:
            LoadFailed: the screen could not be loaded.
        """
        if settings.load is None:
            return
        found = self._found.setdefault(screen.name, {})
        for arm in arms_of(screen, settings.load.all_arms):
            record = partial(_record, found)
            locust_process.search(
                screen, arm, servers, settings.load, settings.seed, self._file, record
            )
            on_arm()

    def results(self) -> list[LoadScreen]:
        """The results so far."""
        return [
            LoadScreen(screen.name, screen.shows, list(self._found[screen.name].values()))
            for screen in self.screens
            if self._found.get(screen.name)
        ]


def _record(found: dict[str, LoadArm], result: LoadArm) -> None:
    found[result.name] = result
