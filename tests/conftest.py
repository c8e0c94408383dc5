"""What all tests share: the options `--all` and `--no-skips`, and a clean environment."""

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bookstore")
    group.addoption("--all", action="store_true", help="run the tests marked slow as well")
    group.addoption("--no-skips", action="store_true", help="fail if a test is skipped")


def pytest_configure() -> None:
    # A developer's own settings must not change what is tested.
    for name in [name for name in os.environ if name.startswith("BOOKSTORE_")]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all") or "slow" in config.getoption("-m"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if config.getoption("--no-skips") else []


@pytest.hookimpl(tryfirst=True)  # before the closing line is written
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if skipped := _skipped(config):
        terminalreporter.section("skipped, which --no-skips does not allow", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")
