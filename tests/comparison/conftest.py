"""What several of these files use; a file whose server is another one has its own `server`."""

import gc
import signal
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace

import pytest

from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring import garbage
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.screens import book_list
from tests.comparison.fake_bookstore import BOOKS, FakeBookstore
from tests.comparison.made_documents import SETTINGS
from tests.fixtures import screens_pair, writing_pair

__all__ = ["screens_pair", "writing_pair"]


@pytest.fixture(autouse=True, scope="module")
def little_garbage():
    """Let comparisons collect quickly: each does so some 40 times, 0.15 s among all tests' objects.

    What is frozen here stays so, where a comparison would thaw all there is when it ends.
    """
    gc.collect()
    gc.freeze()
    kept = {name: getattr(gc, name) for name in ("collect", "disable", "enable")}
    kept |= dict.fromkeys(("freeze", "unfreeze"), lambda: None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(garbage, "gc", SimpleNamespace(**kept))
        yield


@pytest.fixture
def server():
    books = deepcopy(BOOKS)
    with FakeBookstore() as fake:
        yield fake
    left = deepcopy(BOOKS)
    BOOKS.update(books)
    assert left == books  # whatever happened, each has its own price again


@pytest.fixture(scope="session")
def relay():
    with closing(Relay()) as running:
        yield running


@pytest.fixture
def loader(server, relay):
    with closing(Loader(server.url, server.url, relay=relay)) as loader:
        yield loader


@pytest.fixture
def rest_loader(server, relay):
    with closing(Loader(server.url, None, relay=relay)) as loader:
        yield loader


@pytest.fixture
def compare_visits(server, loader):
    """A comparison that is done once it is run, and of which only visits are timed: 3 rounds."""

    def compare(screen=book_list.screen, **settings):
        asked = replace(
            SETTINGS, rest_url=server.url, graphql_url=server.url, samples=1, warm_up=0,
            link_rtts_ms=[], floor_rest=None, floor_graphql=None, visit_samples=3,
        )  # fmt: skip
        return Comparison([screen], loader, replace(asked, **settings))

    return compare


@pytest.fixture
def visit(compare_visits):
    """Compare; what the visits took, by phase and arm."""

    def visit(*arguments, **settings):
        comparison = compare_visits(*arguments, **settings)
        comparison.run()
        for failure in comparison.failures:
            raise failure
        return {(one.phase, one.arm): one for one in comparison.document().screens[0].caching}

    return visit


@pytest.fixture
def interruptible():
    """SIGINT raises KeyboardInterrupt, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
