"""Tells how far the workers are: a line for each twentieth of the tests, and for each failure.

In the place of pytest's dots, of which nearly ten thousand tests are a hundred lines.
"""

import time
from collections.abc import Generator

import pytest

STEP_PERCENT = 5


class Progress:
    """A plugin for the process that the workers tell what they have done."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        self._begun = time.monotonic()
        self._done = 0
        self._step = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(
        self,
    ) -> Generator[None, tuple[str, str, object], tuple[str, str, object]]:
        category, _letter, word = yield
        return category, "", word

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self._reporter.verbosity <= 0:  # else it is told anyway
            what = "FAILED" if report.when == "call" else "ERROR"
            self._reporter.write_line(f"{what} {report.nodeid}", red=True)

    def pytest_runtest_logfinish(self) -> None:
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
