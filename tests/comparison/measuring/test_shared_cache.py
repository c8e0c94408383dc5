"""What a shared cache saves, by a real nginx between two relays, in front of real servers."""

import os
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.command_line.options import parse
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.shared_cache.edge import NoEdge, max_age_of
from client_examples.comparison.measuring.shared_cache.run import SharedCacheTest
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.server_processes import ServerProcesses, Unseen
from client_examples.comparison.results.caching import SharedCacheSettings
from client_examples.comparison.screens import ALL_SCREENS, author_page, book_detail
from tests.comparison.counting_server import CountingServer, answer
from tests.comparison.made_documents import SETTINGS
from tests.fixtures import running_pair

MAX_AGE_S = 2
ASKED = SharedCacheSettings(near_rtt_ms=4.0, far_rtt_ms=16.0, visitors=12)
PUBLIC = {
    "rest_public_url": "https://localhost:1/rest",
    "graphql_public_url": "https://localhost:1",
}


@pytest.fixture(scope="module")
def sharing(tmp_path_factory):
    """Both servers, behind an edge as far as they know, whose answers may be kept."""
    folder = tmp_path_factory.mktemp("sharing")
    with running_pair(folder, shared_max_age_s=f"{MAX_AGE_S}", **PUBLIC) as pair:
        yield pair


def started():
    """What this process has started."""
    return {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}


def each(work, screens):
    for screen in screens:
        work(screen)


def measured(pair, *screens, **headers):
    test = SharedCacheTest([one.screen for one in screens])
    settings = replace(SETTINGS, shared_cache=ASKED)
    before = started()
    urls = pair.rest.base_url, pair.graphql.base_url
    with closing(Loader(*urls, credentials=Credentials(headers or {}, headers or {}))) as loader:
        test.run(loader, settings, lambda: None, each)
    assert started() <= before
    return test.results()


@pytest.mark.slow
@pytest.mark.parametrize("screens", [[book_detail], [author_page, book_detail]], ids=["one", "two"])
def test_a_get_is_answered_by_the_edge_over_both_apis(sharing, tmp_path, monkeypatch, screens):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = measured(sharing, *screens)
    assert not [*Path(tmp_path).iterdir()]
    assert (found.missing, found.max_age_s) == ("", MAX_AGE_S)
    assert [one.name for one in found.screens] == [one.screen.name for one in screens]
    for one in found.screens:
        rest, get, post = one.ways
        assert (rest.method, get.method, post.method) == ("GET", "GET, persisted", "POST")
        for way in one.ways:
            assert len(way.times_ms) == way.requests == ASKED.visitors
            assert way.cpu_ms is not None
            assert min(way.times_ms) >= ASKED.near_rtt_ms
        for way in (rest, get):
            assert way.hits + way.reached == ASKED.visitors
            assert 1 <= way.reached < ASKED.visitors
            assert way.times_ms[0] >= ASKED.near_rtt_ms + ASKED.far_rtt_ms
            # Shown, and not older by then than the servers let it be.
            assert MAX_AGE_S - 1.5 < way.stale_ms / 1000 < MAX_AGE_S + max(way.times_ms) / 1000
        assert (post.hits, post.stale_ms) == (0, 0)
        assert min(post.times_ms) >= ASKED.near_rtt_ms + ASKED.far_rtt_ms
    # Another client's change is put back.
    assert sharing.rest.request("GET", "/books/1").json["price"] == 29.99


@pytest.mark.slow
def test_a_process_of_the_servers_that_ends_leaves_only_their_time_unknown(sharing, monkeypatch):
    seen = ServerProcesses.used
    left = [2 + 1]  # while the servers rest, and once before the first way

    def used(self):
        left[0] -= 1
        if left[0] < 0:
            raise Unseen("a process of the servers cannot be seen any more")
        return seen(self)

    monkeypatch.setattr(ServerProcesses, "used", used)
    (one,) = measured(sharing, book_detail).screens
    assert [way.cpu_ms for way in one.ways] == [None] * 3
    assert all(len(way.times_ms) == ASKED.visitors for way in one.ways)


@pytest.mark.slow
def test_where_nothing_may_be_kept_one_line_says_so(tmp_path):
    with running_pair(tmp_path, **PUBLIC) as pair:
        assert "BOOKSTORE_SHARED_MAX_AGE_S" in measured(pair, book_detail).missing


@pytest.mark.parametrize("control", ["no-cache", "public, s-maxage=0, max-age=9"])
def test_answers_that_no_shared_cache_may_keep_are_told_of(control):
    kept = answer(b'{"n":1}', b"Cache-Control: public, s-maxage=9")
    never = answer(b'{"n":1}', f"Cache-Control: {control}".encode())
    screen = Screen("two", "")
    screen.rest("both")(lambda api: [api.get("/kept"), api.get("/other")])
    other = kept

    def respond(request):
        return kept if b" /kept " in request.splitlines()[0] else other

    with CountingServer(respond) as server, closing(Loader(server.url, None)) as loader:
        assert max_age_of(loader, screen) == 9
        other = never
        with pytest.raises(NoEdge, match="BOOKSTORE_SHARED_MAX_AGE_S"):
            max_age_of(loader, screen)


@pytest.mark.slow
def test_servers_that_know_no_edge_are_told_of(tmp_path):
    with running_pair(tmp_path, shared_max_age_s="5") as pair:
        assert "do not know that an edge is in front" in measured(pair, book_detail).missing


@pytest.mark.slow
def test_with_a_token_nothing_comes_from_a_shared_cache(sharing):
    found = measured(sharing, book_detail, Authorization="Bearer x")
    assert found.missing == "a request with Authorization is never answered from a shared cache"


def test_the_three_screens_are_measured_when_it_is_asked_for():
    assert parse("", [], ALL_SCREENS).shared == []
    asked = parse("", ["--shared-cache"], ALL_SCREENS)
    assert {one.name for one in asked.shared} == {"book-list", "book-detail", "author-page"}
    assert asked.settings.shared_cache == SharedCacheSettings(20.0, 80.0, 100)
    one = parse("", ["--shared-cache", "--screen", "deep", "book-list"], ALL_SCREENS)
    assert [screen.name for screen in one.shared] == ["book-list"]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (["--screen", "deep"], "name one of them with --screen"),
        (["--screens", "client_examples/foreign_example/screens.py"], "leave out --screens"),
    ],
)
def test_other_screens_are_a_usage_error(more, wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        parse("", ["--shared-cache", *more], ALL_SCREENS)
    assert ended.value.code == 2
    assert wrong in " ".join(capsys.readouterr().err.split())
