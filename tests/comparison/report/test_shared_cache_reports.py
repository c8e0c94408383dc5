"""What a shared cache saved, in each of the outputs."""

from dataclasses import replace

from client_examples.comparison.report import files as render
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.report.sections.beyond.shared_cache import section
from client_examples.comparison.results.caching import (
    SharedCacheResults,
    SharedCacheScreen,
    SharedCacheSettings,
    SharedCacheWay,
)
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.made_documents import arm, document, screen
from tests.comparison.report.rendered import RENDERED, printed

KEPT = SharedCacheWay(
    "rest/fields", "One request", "GET", [118.0, 24.0, 23.5], 3, 2, 0.9, 23.0, 9_400.0
)
ASKING = replace(
    KEPT,
    arm="graphql/planned",
    method="POST",
    times_ms=[119.0, 104.0, 103.0],
    hits=0,
    cpu_ms=2.7,
    changed_ms=101.0,
    stale_ms=0.0,
)
FOUND = SharedCacheResults(max_age_s=10, screens=[SharedCacheScreen("book-list", [KEPT, ASKING])])
ASKED = SharedCacheSettings(near_rtt_ms=20.0, far_rtt_ms=80.0, visitors=3)
MADE = replace(
    document(screen("book-list", arm("rest/fields"), arm("graphql/planned")), shared_cache=ASKED),
    shared_cache=FOUND,
)


@RENDERED
def test_every_output_has_the_numbers(text_of):
    text = text_of(MADE)
    for number in ("118", "23.5", "9400.0" if text_of is render.csv else "9.4"):
        assert number in text


def test_the_report_says_what_reaches_the_servers():
    text = " ".join(printed(MADE, verbose=True).split())
    assert (
        "Requests that reach the servers: 1 of 3 by rest/fields (GET) and 3 of 3 by "
        "graphql/planned (POST); a visitor waits 24.0 ms instead of 104." in text
    )
    assert "nginx sends no Age, which a cache must (RFC 9111, 4)" in text
    assert "--shared-cache" in commands(MADE)[-1]
    assert from_json(to_json(MADE)) == MADE


def test_what_no_clock_can_tell_from_rest_is_not_called_nothing():
    least = replace(KEPT, cpu_ms=0.0)
    made = replace(MADE, shared_cache=replace(FOUND, screens=[SharedCacheScreen("x", [least])]))
    (group,) = section(made).blocks[0].groups
    assert [row["cpu"] for row in group.rows] == ["<1"]


def test_what_was_not_measured_is_one_line():
    made = replace(MADE, shared_cache=SharedCacheResults(missing="there is no nginx"))
    (block,) = section(made).blocks
    assert block.text == "Not measured: there is no nginx."
    assert section(replace(MADE, shared_cache=None)) is None
