"""What is measured only where it is asked for: load, processor time, a shared cache, a browser."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.command_line.arguments import (
    LOAD_MOST_S,
    LOAD_STEP_S,
    LOAD_USERS,
    QUICK_LOAD_STEP_S,
)
from client_examples.comparison.measuring.browser import chromium
from client_examples.comparison.measuring.load_test import locust_process
from client_examples.comparison.measuring.load_test.default_arms import usual_screens
from client_examples.comparison.results.browser import BrowserSettings
from client_examples.comparison.results.caching import SharedCacheSettings
from client_examples.comparison.results.cpu import CpuSettings
from client_examples.comparison.results.load_test import BOUND_MS, LoadSettings

BROWSER, QUICK_BROWSER = BrowserSettings(7, 6, 6), BrowserSettings(2, 1, 1)
CPU_TURNS, QUICK_CPU_TURNS = 6, 3  # of each arm, and of the servers at rest
CPU_TURN_S, QUICK_CPU_TURN_S = 2.0, 1.0
SHARED_SCREENS = ("book-list", "book-detail", "author-page")
SHARED_CACHE = SharedCacheSettings(near_rtt_ms=20.0, far_rtt_ms=80.0, visitors=100)


def load(given: dict[str, Any], quick: bool) -> LoadSettings | None:
    """How to load under load; refused where that was not asked for, or is not possible."""
    if not given.get("load", False):
        ineffective = sorted(name for name in given if name.startswith("load_"))
        if ineffective:
            option = ineffective[0].replace("_", "-")
            raise argparse.ArgumentTypeError(f"without --load, --{option} has no effect")
        return None
    _require_locust("--load")
    return LoadSettings(
        bound_ms=BOUND_MS,
        step_s=given.get("load_seconds", QUICK_LOAD_STEP_S if quick else LOAD_STEP_S),
        most_s=given.get("load_most_seconds", LOAD_MOST_S),
        users=given.get("load_users", LOAD_USERS),
        processes=given.get("load_processes", 1),
        all_arms=given.get("load_all_arms", False),
    )


def cpu(given: dict[str, Any], quick: bool) -> CpuSettings | None:
    """How to measure what the servers' processors do; None where that was not asked for."""
    if not given.get("cpu", False):
        return None
    _require_locust("--cpu")
    turns, turn_s = (QUICK_CPU_TURNS, QUICK_CPU_TURN_S) if quick else (CPU_TURNS, CPU_TURN_S)
    return CpuSettings(turns=turns, turn_s=turn_s, users=LOAD_USERS)


def _require_locust(option: str) -> None:
    if not locust_process.is_there():
        raise argparse.ArgumentTypeError(
            f"argument {option}: Locust is not installed; pip install -e '.[load]' does it"
        )


def loaded(screens: Sequence[Screen], given: dict[str, Any]) -> list[Screen]:
    """What was named, or the usual ones."""
    return list(screens) if "screen" in given else usual_screens(screens)


def shared(screens: Sequence[Screen], given: dict[str, Any]) -> list[Screen]:
    """Those of the screens that a shared cache can be measured with.

    Raises:
        ArgumentTypeError: there are none.
    """
    if "screens" in given:
        raise argparse.ArgumentTypeError(
            "--shared-cache loads the bookstore's screens: its nginx knows where these APIs are, "
            "and what may be kept of them; leave out --screens"
        )
    usual = [screen for screen in screens if screen.name in SHARED_SCREENS]
    if not usual:
        raise argparse.ArgumentTypeError(
            f"--shared-cache loads {', '.join(SHARED_SCREENS)}: name one of them with --screen"
        )
    return usual


def browser(given: dict[str, Any], quick: bool) -> BrowserSettings | None:
    """How often to load in a browser; refused where there is none, or nothing that it can load."""
    if not given.get("browser", False):
        return None
    if "screens" in given:
        wrong = "the page has the bookstore's screens alone, none of --screens"
    elif "edge_url" not in given:
        wrong = (
            "needs the page of --edge-url (./start_servers.sh --edge starts a proxy that has it)"
        )
    elif given.get("protocol") == ["http1"]:
        wrong = "browsers are measured over TLS: --protocol http1-tls or http2"
    else:
        wrong = chromium.missing() or ""
    if wrong:
        raise argparse.ArgumentTypeError(f"argument --browser: {wrong}")
    return QUICK_BROWSER if quick else BROWSER


def har(given: dict[str, Any]) -> Path | None:
    """Where the browser's loads are to be saved; refused where there are none."""
    if "har" in given and not given.get("browser", False):
        raise argparse.ArgumentTypeError("without --browser, --har has no effect")
    return given.get("har")
