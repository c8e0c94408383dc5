"""A browser's load must be the load that the Python clients make; no browser runs here."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.load import Load
from client_examples.comparison.measuring.browser.page import PageLoad
from client_examples.comparison.measuring.browser.turns import Turns
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.network.relay import Passed, PassedConnection
from client_examples.comparison.results.browser import BrowserSettings
from client_examples.comparison.screens import order_history
from tests.comparison.made_documents import SETTINGS, exchange

GOOD = PageLoad(ms=5.0, view=[1], levels=[1], protocols=["h2"])
OPENED = PassedConnection(opened_ms=1.0, closed_ms=None, up_bytes=1, down_bytes=1)
KEPT = replace(OPENED, opened_ms=-1.0)


@dataclass
class FakePage:
    """Gives the same load each time."""

    result: PageLoad
    connected: int = 0

    def connect(self, connections):
        self.connected = connections

    def load(self, screen, arm, way=None):
        return self.result


def turns(page, connections=(KEPT,)):
    """Warm loads by that page, one that counts; each finds the next of the connections."""
    left = list(connections)

    def counted():
        return Passed(1, 1, [left.pop(0) if len(left) > 1 else left[0]])

    relay = SimpleNamespace(over=lambda link: nullcontext(), reset=lambda: None, counted=counted)
    asked = replace(SETTINGS, browser=BrowserSettings(1, 0), link_rtts_ms=[20.0])
    known = Measured([1], "rest/fields", {"rest/fields": (Load([1], [exchange()], 0), None)})
    made = Turns(order_history.screen, ["rest/fields"], known, asked, relay)
    made.warm({"http2": page}, lambda: None)
    return made.found["rest/fields"].loads


def test_a_load_like_theirs_counts():
    page = FakePage(GOOD)
    (loads,) = turns(page).values()
    assert [sample.elapsed_ns for sample, _ in loads] == [5_000_000]
    assert page.connected == 6


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"protocols": ["http/1.1"]}, LoadFailed, "loads over http/1.1, not over h2"),
        ({"protocols": ["h2", "http/1.1"]}, LoadFailed, "loads over h2, http/1.1, not over h2"),
        ({"protocols": [""]}, LoadFailed, "not over h2"),
        ({"levels": [1, 1]}, LoadFailed, r"sends \[1, 1\] requests per level, not \[1\]"),
        ({"view": [2]}, ViewsDiffer, r"differ at \$\[0\]: 1 by rest/fields, 2 in the browser"),
    ],
)
def test_any_other_load_ends_it(wrong, error, said):
    with pytest.raises(error, match=said) as raised:
        turns(FakePage(replace(GOOD, **wrong)))
    assert "order-history, rest/fields" in str(raised.value)


def test_a_warm_load_that_opens_a_connection_is_made_again():
    ((_, passed),) = next(iter(turns(FakePage(GOOD), [OPENED, OPENED, KEPT]).values()))
    assert passed.opened == []
    with pytest.raises(LoadFailed, match="does not keep its connections open"):
        turns(FakePage(GOOD), [OPENED])
