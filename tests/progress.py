"""Tells how far the workers are: a line for each twentieth of the tests, and for each failure.

In the place of pytest's dots, of which ten thousand tests are a hundred lines. At the end it names
what took longest, where those that run by default have taken longer than they should, and what was
under way, where the tests were ended before.
"""

import time
from collections import Counter
from collections.abc import Generator

import pytest

STEP_PERCENT = 5
LIMIT_S = 180  # what a developer waits for, on two processors that nobody else uses
NAMED = 10


class Progress:
    """A plugin for the process that the workers tell what they have done."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        self._begun = time.monotonic()
        self._done = 0
        self._step = 0
        self._seconds: Counter[str] = Counter()  # of each test, with what it set up
        self._running: dict[str, float] = {}  # since when

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(
        self,
    ) -> Generator[None, tuple[str, str, object], tuple[str, str, object]]:
        category, _letter, word = yield
        return category, "", word

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration
        if report.failed and self._reporter.verbosity <= 0:  # else it is told anyway
            what = "FAILED" if report.when == "call" else "ERROR"
            self._reporter.write_line(f"{what} {report.nodeid}", red=True)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running[nodeid] = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._running.pop(nodeid, None)
        self._done += 1
        total = self._session.testscollected
        percent = 100 * self._done // total
        step = percent // STEP_PERCENT
        if step > self._step and percent < 100:  # pytest tells the end itself
            self._step = step
            seconds = time.monotonic() - self._begun
            self._reporter.write_line(
                f"{percent:3d}%  {self._done:,} of {total:,} tests, {seconds:.0f} s"
            )
            self._reporter.flush()

    def pytest_terminal_summary(self, config: pytest.Config) -> None:
        now = time.monotonic()
        if self._running:
            self._reporter.section("under way when the tests were ended")
            for name, begun in self._running.items():
                self._reporter.line(f"{now - begun:5.1f} s  {name}")
        took = now - self._begun
        if took <= LIMIT_S or config.getoption("--all"):
            return
        self._reporter.section(f"{took:.0f} s, and {LIMIT_S} s are enough")
        self._reporter.line("Unless the machine was busy, mark as slow what seldom breaks:")
        for name, seconds in self._seconds.most_common(NAMED):
            self._reporter.line(f"{seconds:5.1f} s  {name}")
