"""The commands of the claims repeat the runs that their results are of."""

import pytest

from benchmarks.claims.compared.screens import command, slow_command
from client_examples.comparison.results.document import Document
from client_examples.comparison.screens import SCREENS
from launcher.options import parse
from tests.benchmarks.claims.made import slow
from tests.comparison.made_documents import arm, document, screen

NAMES = [one.name for one in SCREENS]
START = "./start_servers.sh --compare"


def of(*names: str, **settings: object) -> Document:
    """A run of these screens, with an edge unless the settings say otherwise."""
    given = {"edge_url": "https://localhost:8443", **settings}
    return document(*(screen(name, arm("rest/textbook")) for name in names), **given)


@pytest.mark.parametrize(
    ("run", "more"),
    [
        (of(*NAMES), ""),
        (of(*reversed(NAMES)), ""),
        (of(*NAMES, edge_url=None), " --no-edge"),
        (of(*NAMES, samples=200), " --samples 200"),
        (of(NAMES[2], NAMES[0]), f" --screen {NAMES[2]} {NAMES[0]}"),
        (of(NAMES[0], edge_url=None, samples=20), f" --no-edge --samples 20 --screen {NAMES[0]}"),
    ],
)
def test_a_command_has_what_was_not_usual_of_the_run(run: Document, more: str) -> None:
    assert command(run) == f"{START}{more}"
    assert command(run, "--cpu") == f"{START} --cpu{more}"
    assert parse(command(run).split()[1:]).edge is ("--no-edge" not in more)


def test_the_command_of_slow_statements_says_how_slow_they_were() -> None:
    assert slow_command(slow(of(*NAMES), 2.5)) == f"BOOKSTORE_DB_LATENCY_MS=2.5 {START}"
    some = slow(of(NAMES[0]))
    assert slow_command(some).endswith(f" --screen {NAMES[0]}")
