"""What all tests share: the options `--all` and `--no-skips`, workers, and a clean environment."""

import gc
import os
import signal
from types import SimpleNamespace

import pytest

from tests.progress import Progress

# Each worker collects all tests and starts servers of its own, about 15 s of a processor: more
# of them than this would spend more on their start than they take off the rest.
MAX_WORKERS = 8
# New objects after which the collector looks through them: with Python's 700, tests take 5% longer.
_YOUNGEST = 10_000
_DESELECTED = "deselected"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bookstore")
    group.addoption("--all", action="store_true", help="run the tests marked slow as well")
    group.addoption("--no-skips", action="store_true", help="fail if a test is skipped")


def pytest_configure() -> None:
    gc.disable()  # see `pytest_collection_finish`
    # A developer's own settings must not change what is tested.
    for name in [name for name in os.environ if name.startswith("BOOKSTORE_")]:
        del os.environ[name]
    # Workers and servers are started by the dozen: compiled once, not by each of them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_sessionstart(session: pytest.Session) -> None:
    plugins = session.config.pluginmanager
    if plugins.has_plugin("dsession"):  # this is the process that has workers, and collects nothing
        plugins.register(Progress(session))
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # what has failed is told still
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """For the tests more than there are processors; for a choice, which is soon done, none.

    While tests wait for a server, or for a time to pass, others have their processors. The slow
    ones measure links, for which two more would be too many.
    """
    asked = config.option
    is_choice = (
        config.args_source is not pytest.Config.ArgsSource.TESTPATHS
        or asked.keyword
        or getattr(asked, "lf", False)  # of pytest's cache, which may be switched off
    )
    if is_choice or asked.collectonly:
        return 0
    return min(MAX_WORKERS, _processors() + (1 if config.getoption("--all") else 2))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all") or "slow" in config.getoption("-m"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)


def pytest_collection_finish() -> None:
    # Ten thousand tests and what was imported stay: to look through them takes a quarter of a
    # second each time, a second while they come, and a comparison collects before it measures.
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(_YOUNGEST)


# -- what workers do not tell by themselves -----------------------------------------------------


def pytest_deselected(items: list[pytest.Item]) -> None:
    output = getattr(items[0].config, "workeroutput", None) if items else None
    if output is not None:
        output[_DESELECTED] = output.get(_DESELECTED, 0) + len(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Have the closing line count them, once for all workers: each has left out the same."""
    reporter = node.config.pluginmanager.get_plugin("terminalreporter")
    count = getattr(node, "workeroutput", {}).get(_DESELECTED, 0)
    reporter.stats[_DESELECTED] = [SimpleNamespace() for _ in range(count)]


# -- tests that are skipped ---------------------------------------------------------------------


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not config.getoption("--no-skips"):  # a worker has none
        return []
    return reporter.stats.get("skipped", [])


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
