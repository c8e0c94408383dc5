"""Later visits of a client with a cache, in all reports."""

import csv
import io
import re
from dataclasses import replace

import pytest

from client_examples.comparison.report import files as render
from client_examples.comparison.report.readme import findings_block
from client_examples.comparison.report.sections.caching import caching_cells, caching_finding
from client_examples.comparison.results.document import from_json, to_json
from tests.comparison.made_documents import document, history, visits, whole
from tests.comparison.report.rendered import WIDTH, page, printed
from tests.selection import slow

SCREEN = replace(history(), caching=visits())
MADE = replace(whole(), screens=[SCREEN, *whole().screens[1:]])


RENDERED = pytest.mark.parametrize(
    "text_of", [printed, render.markdown, page], ids=["terminal", "markdown", "html"]
)


def one_of(arm, phase):
    return next(one for one in SCREEN.caching if (one.arm, one.phase) == (arm, phase))


@RENDERED
def test_every_phase_of_every_arm_is_there_with_its_numbers(text_of):
    text = text_of(MADE)
    text = text[text.index("A client with a cache") :]
    for one in SCREEN.caching:
        cells = caching_cells(one)
        for number in ("statuses", "bytes", "median", "ratio"):
            assert cells[number] in text
        assert one.arm in text
        assert one.phase in text


@pytest.mark.parametrize("text_of", [printed, render.markdown, *slow(render.html)])
def test_what_was_saved_renders_the_same(text_of):
    assert text_of(from_json(to_json(MADE))) == text_of(MADE)


@RENDERED
def test_nothing_is_said_where_no_visits_were_measured(text_of):
    assert "A client with a cache" not in text_of(whole())
    assert "A client with a cache" not in text_of(document())


def test_a_phase_s_row_has_its_numbers():
    one = one_of("rest/etag", "warm")
    text = printed(MADE)
    row = [line for line in text.splitlines() if "rest/etag" in line][1]
    assert row.split()[:4] == ["rest/etag", "1", "304", "603"]
    assert f"{one.ratio.ratio:.2f}" in row


def test_the_table_fits_the_width_of_the_report():
    text = printed(MADE)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "…" not in text


def test_a_row_of_csv_is_a_phase_after_the_rows_of_the_arms():
    rows = list(csv.DictReader(io.StringIO(render.csv(MADE))))
    arms = sum(len(screen.arms) for screen in MADE.screens)
    assert {row["phase"] for row in rows[:arms]} == {""}
    for row, one in zip((row for row in rows[arms:] if row["arm"]), SCREEN.caching, strict=True):
        assert (row["screen"], row["arm"], row["phase"]) == (SCREEN.name, one.arm, one.phase)
        assert row["statuses"] == " ".join(map(str, one.statuses))
        assert int(row["wire_bytes"]) == one.counts.wire_bytes
        assert float(row["median_ms"]) == one.summary.median_ns / 1e6
        told = row["times_uncached (median / uncached median)"]
        assert (told == "") if one.ratio is None else (float(told) == one.ratio.ratio)


def test_what_is_slower_is_said_with_the_bandwidth_that_makes_up_for_it():
    said = caching_finding(SCREEN)
    opening = (
        "A second visit by rest/etag takes 1 request and 603 bytes instead of the 2,103 of "
        r"rest/fields; 1\.\d\d ms instead of 1\.\d\d ms, 1\.\d\d \(1\.\d\d.1\.\d\d\) times as "
        r"long; below about ([\d.]+) Mbit/s the bytes it saves outweigh that\."
    )
    found = re.match(opening, said)
    assert found, said
    warm, beside = one_of("rest/etag", "warm"), one_of("rest/fields", "warm")
    lost_us = (warm.summary.median_ns - beside.summary.median_ns) / 1e3
    assert float(found[1]) == pytest.approx(1500 * 8 / lost_us, rel=0.01)


def test_no_difference_is_claimed_where_there_is_none():
    said = caching_finding(SCREEN).partition("A second visit by graphql/persisted-get ")[2]
    assert said.startswith("takes 1 request and 700 bytes instead of the 2,000 of graphql/data")
    assert "no material difference in time" in said
    assert said.endswith("the very first, of a query that the server does not know yet, takes "
                         "2 requests.")  # fmt: skip


def test_what_is_faster_is_said_to_be():
    turned = one_of("rest/fields", "warm")
    ratio = replace(one_of("rest/etag", "warm").ratio, ratio=0.8, low=0.75, high=0.85,
                    verdict="left")  # fmt: skip
    warm = replace(one_of("rest/etag", "warm"), ratio=ratio)
    said = caching_finding(replace(SCREEN, caching=[turned, warm]))
    assert " ms, 0.80 (0.75\N{EN DASH}0.85) times as long." in said


def test_visits_that_were_interrupted_before_any_was_timed_have_no_finding():
    bare = [replace(one, samples=[], summary=None, ratio=None) for one in SCREEN.caching]
    made = replace(MADE, screens=[replace(SCREEN, caching=bare)], complete=False)
    assert caching_finding(made.screens[0]) == ""
    for text_of in (printed, render.markdown, render.html, render.csv):
        assert "rest/etag" in text_of(made)


def test_the_readmes_findings_tell_them():
    text = re.sub(r"\s+", " ", findings_block(MADE))
    assert f"- **{SCREEN.name}**. {caching_finding(SCREEN)}" in text
    assert "A client with a cache" not in findings_block(whole())
