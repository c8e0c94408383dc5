"""Nothing stale is ever shown: whatever would make a second visit show it is found out."""

import pytest

from client_examples import compare_apis
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.screens import book_list

ETAG, PERSISTED = "rest/etag", "graphql/persisted-get"
COLD, WARM = "cold", "warm"


def of_three_books(name):
    """A screen that nobody changes."""
    screen = Screen(name, "")

    @screen.rest("plain")
    @screen.rest("etag", caches=True)
    def books(api):
        return api.get("/books", limit=3)

    return screen


def test_a_server_that_always_confirms_is_found_out(visit, server):
    server.confirm = lambda kept, now: True
    with pytest.raises(ViewsDiffer) as error:
        visit()
    failure = error.value.failure
    assert failure.screen == "book-list"
    assert failure.arm in {ETAG, PERSISTED}
    assert failure.what == (
        f"the views differ at $[0].price: 11.25 by rest/textbook, 10.25 by {failure.arm} (changed)"
    )


def test_the_command_ends_with_4_then(server, tmp_path, capsys):
    server.confirm = lambda kept, now: True
    urls = ["--rest-url", server.url, "--graphql-url", server.url]
    status = compare_apis.main([*urls, "--quick", "--rtt", "0"], [book_list.screen])
    assert status == 4
    assert "the views differ at $[0].price" in capsys.readouterr().err


def test_an_answer_that_may_be_shown_unasked_is_found_out(visit, server):
    server.cache_control = "max-age=60"
    with pytest.raises(
        LoadFailed, match=r"shown from the cache without asking the server \(warm\)"
    ):
        visit()


def test_a_server_without_etags_gains_nothing_and_is_never_stale(visit, server):
    server.confirm = lambda kept, now: False
    found = visit()
    assert found[WARM, ETAG].statuses == found[WARM, PERSISTED].statuses == [200]


def test_a_server_that_confirms_what_was_never_kept_fails_the_load(visit, server):
    server.confirm = lambda kept, now: True
    server.confirms_unasked = True
    with pytest.raises(LoadFailed, match="304"):
        visit()


def test_answers_that_change_on_the_way_end_the_run(visit, server):
    asked = []

    def confirm_at_first(kept, now):
        asked.append(kept)
        return kept == now and len(asked) < 6

    server.confirm = confirm_at_first
    with pytest.raises(LoadFailed, match=r"the answers changed from \[304\] to \[200\] \(warm\)"):
        visit()


def test_a_change_that_is_not_shown_is_found_out(visit):
    screen = of_three_books("unmoved")
    screen.change(lambda api: None)
    with pytest.raises(LoadFailed, match="unmoved, rest/plain: does not show what another client"):
        visit(screen)


def test_a_screen_that_nobody_changes_has_no_such_phase(visit):
    found = visit(of_three_books("constant"))
    assert list(found) == [(COLD, "rest/plain"), (COLD, ETAG), (WARM, "rest/plain"), (WARM, ETAG)]


def test_an_arm_that_no_other_loads_like_stands_alone(visit):
    screen = Screen("alone", "")
    screen.rest("plain")(lambda api: api.get("/books", limit=3))
    screen.rest("etag", caches=True)(lambda api: api.get("/books", limit=3))
    found = visit(screen)
    assert {one.uncached for one in found.values()} == {None}
    assert list(found) == [(COLD, ETAG), (WARM, ETAG)]
