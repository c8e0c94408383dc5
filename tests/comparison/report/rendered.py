"""Documents as they are read: each of the outputs, and a document that has everything."""

import io
import pickle
from dataclasses import replace
from functools import cache

import pytest
from rich.console import Console

from client_examples.comparison.report import files as render
from client_examples.comparison.results.resilience import ResilienceResult
from client_examples.comparison.results.timing import SelfCheck
from tests.comparison.made_documents import whole

WIDTH = 100  # columns in which no column is left out


def printed(made, width=WIDTH, *, verbose=True):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    render.print_report(made, console, verbose=verbose)
    return console.file.getvalue()


@cache
def _page(pickled):
    return render.html(pickle.loads(pickled))


def page(made):
    """The page of a document, which takes a third of a second to make, made once."""
    return _page(pickle.dumps(made))


RENDERED = pytest.mark.parametrize(
    "text_of", [printed, render.markdown, render.csv, page],
    ids=["terminal", "markdown", "csv", "html"],
)  # fmt: skip


DOWN = "the server is down for 10 s"
OUTAGE = [
    ResilienceResult(DOWN, "no retries", 140, 41, 1140, 13.9, 1099, 0, 0.1, 0.08, 0.07),
    ResilienceResult(DOWN, "breaker", 140, 32, 47, 13.9, 15, 93, 0.1, 0.09, None),
]


@cache
def full():
    """A document with everything that is only there when it is asked for."""
    made = whole()
    result = ResilienceResult("1% of the exchanges fail", "no retries", 50, 47, 103, 0.25)
    retried = replace(result, policy="retries", loaded=50)
    first = made.screens[0]
    arms = [replace(one, resilience=[result, retried]) for one in first.arms]
    arms[4] = replace(arms[4], resilience=[result, retried, *OUTAGE])
    check = SelfCheck("order-history", "rest/fields", 60, 400, 0.02, 0.1, 0.97, 0.08, 0.09, [])
    screens = [replace(first, arms=arms), *made.screens[1:]]
    return replace(made, screens=screens, self_check=check)
