"""What is rendered from a document: terminal, Markdown, CSV and page, each with its numbers.

What the page has besides is in test_report_page.py.
"""

import csv
import io
import re
from dataclasses import replace

import pytest

from client_examples.comparison.report import files as render
from client_examples.comparison.report.contents import contents
from client_examples.comparison.report.numbers import (
    NONE,
    chance,
    distance,
    from_nanoseconds,
    milliseconds,
    share,
    signed_share,
)
from client_examples.comparison.report.sections.section import Paragraph, Table
from client_examples.comparison.results.document import from_json, to_json
from client_examples.comparison.results.timing import LinkResult
from tests.comparison.made_documents import arm, document, history, samples, screen, whole
from tests.comparison.report.rendered import DOWN, RENDERED, WIDTH, full, page, printed
from tests.selection import slow

TO = "\N{EN DASH}"  # between the ends of an interval


# -- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (milliseconds(0.8666), "0.867"),
        (milliseconds(12.04), "12.0"),
        (milliseconds(99.94), "99.9"),
        (milliseconds(99.96), "100"),
        (milliseconds(6314.2), "6,314"),
        (milliseconds(0), "0"),
        (from_nanoseconds(None), NONE),
        (share(0.004), "<1%"),
        (share(0.0), "0%"),
        (share(None), NONE),
        (chance(0.81), "81.0%"),
        (chance(0.99996), ">99.9%"),
        (chance(1.0), "100%"),
        (signed_share(-0.0204), "\N{MINUS SIGN}2.0%"),
        (signed_share(0.02), "+2.0%"),
        (distance(0.0234), "0.02"),
        (distance(0.001), "<0.01"),
        (distance(0), "0"),
        (distance(12.34), "12.3"),
    ],
)
def test_numbers_read_as_they_should(text, expected):
    assert text == expected


# -- all outputs -----------------------------------------------------------------------------


@pytest.mark.parametrize("text_of", [printed, render.markdown, render.csv, *slow(render.html)])
def test_a_document_that_was_saved_renders_the_same(text_of):
    made = full()
    assert text_of(from_json(to_json(made))) == text_of(made)


@RENDERED
def test_every_arm_of_every_screen_is_there(text_of):
    text = text_of(full())
    for one in full().screens:
        assert one.name in text
        assert all(arm.name in text for arm in one.arms)


@pytest.mark.parametrize("text_of", [printed, render.markdown, page])
def test_what_each_policy_bought_in_an_outage_is_told(text_of):
    text = re.sub(r"(<[^<>]*>|[|\s])+", " ", text_of(full()).partition("<script")[0])
    assert f"While exchanges failed: {DOWN}, a load every 100 ms" in text
    assert "no retries 41 of 140 1,140 1,099 0 0.08 0.07" in text
    assert f"breaker 32 of 140 47 15 93 0.09 {NONE}" in text
    assert "While exchanges failed: 1% of the exchanges fail" in text
    assert "n vain: sent to a server that could not answer" in text
    assert "n vain: sent" not in text_of(whole())


def test_csv_has_what_each_policy_bought():
    row = list(csv.DictReader(io.StringIO(render.csv(full()))))[4]
    names = ("exchanges", "in vain", "not sent", "longest load s", "recovery s")
    found = [row[f"{DOWN}, no retries: {name}"] for name in names]
    assert found == ["1140", "1099", "0", "0.08", "0.07"]
    assert row[f"{DOWN}, breaker: recovery s"] == ""


@RENDERED
def test_doubts_are_told(text_of):
    text = re.sub(r"\s+", " ", text_of(full()))
    for words in ("spread is 14% of the median", "statements are nearly free here"):
        assert words in text


@RENDERED
def test_a_run_without_times_renders(text_of):
    untimed = document(screen("s", arm("rest/fields", timed=False)), complete=False)
    assert "rest/fields" in text_of(untimed)


@pytest.mark.parametrize("text_of", [printed, render.markdown, page])
def test_a_run_that_did_not_end_says_so(text_of):
    assert "This run did not end" in text_of(replace(whole(), complete=False))
    assert "This run did not end" not in text_of(whole())


@RENDERED
def test_servers_that_tell_no_statements_leave_a_gap(text_of):
    made = document(screen("s", *(arm(name, statements=None) for name in ("rest/a", "graphql/b"))))
    text = text_of(made).partition("<script")[0]
    assert "None" not in text
    assert "rest/a" in text


@RENDERED
def test_no_screens_render(text_of):
    assert text_of(document()) is not None


def test_how_often_arms_were_timed_is_said_as_it_was():
    first, *others = whole().screens
    fewer = [replace(one, samples=one.samples[:40]) for one in first.arms]
    made = replace(whole(), screens=[replace(first, arms=fewer), *others])
    assert "40 to 60 loads per arm" in printed(made)
    assert "; 60 loads per arm" in printed(whole())


# -- terminal --------------------------------------------------------------------------------


def test_the_report_fits_its_width():
    assert max(map(len, printed(full()).splitlines())) <= WIDTH
    assert "…" not in printed(full())


def test_a_row_has_an_arm_s_numbers_with_the_marks_of_doubts():
    (row,) = [line for line in printed(whole()).splitlines() if "rest/parallel" in line][:1]
    summary = history().arms[1].summary
    low, median, high, p95 = (
        milliseconds(time / 1e6)
        for time in (
            summary.median_low_ns, summary.median_ns, summary.median_high_ns, summary.p95_ns
        )
    )  # fmt: skip
    times = [median, f"({low}{TO}{high})¹", p95]
    assert row.split() == ["rest/parallel", "21", "5", "13,860", "62%", "26", *times, "23%"]


def test_the_decision_table_marks_who_is_alone_and_who_ties():
    text = printed(whole())
    table = text[text.index("Which arm for which screen") :]
    first, *_ = [line for line in table.splitlines() if "rest/fields" in line]
    assert re.findall("[●=]", first) == ["●", "●", "●", "=", "="]
    decisions = table[table.index("Which arm to take") :]
    assert "rest/textbook" not in decisions[: decisions.index("book-list")]


def test_what_was_asked_for_besides_is_shown():
    text = re.sub(r"\s+", " ", printed(full()))
    assert "47 of 50" in text
    assert "a difference was claimed between equals in 2.0% of 400 repeats" in text


def test_markup_in_a_name_is_text():
    made = document(screen("s[bold]", arm("rest/[red]x"), shows="[blink]that"))
    assert "rest/[red]x" in printed(made)
    assert "[blink]that" in printed(made)


# -- CSV -------------------------------------------------------------------------------------


def test_csv_has_a_row_per_arm_and_screen_with_all_counts():
    rows = [row for row in csv.DictReader(io.StringIO(render.csv(full()))) if row["arm"]]
    arms = [(one.name, arm) for one in full().screens for arm in one.arms]
    assert [(row["screen"], row["arm"]) for row in rows] == [(name, a.name) for name, a in arms]
    for row, (_, one) in zip(rows, arms, strict=True):
        assert int(row["wire_bytes"]) == one.counts.wire_bytes
        assert float(row["median_ms"]) == one.summary.median_ns / 1e6
        assert float(row["predicted_rtt_20_ms"]) == one.predicted_ms["20"]
        assert float(row["measured_rtt_20_ms"]) == one.links[0].median_ns / 1e6
    assert rows[0]["p99_ms"] == ""
    assert rows[0]["1% of the exchanges fail, no retries: loaded"] == "47"


def test_csv_ends_with_a_row_per_screen_that_says_who_is_ahead():
    screens = full().screens
    rows = list(csv.DictReader(io.StringIO(render.csv(full()))))[-len(screens) :]
    assert [(row["screen"], row["arm"]) for row in rows] == [(one.name, "") for one in screens]
    for row in rows:
        assert row["ahead at 20 ms"] in {"REST", "GraphQL", "tie"}
        assert float(row["slower / faster at 20 ms"]) >= 1


# -- Markdown --------------------------------------------------------------------------------


def test_tables_in_markdown_have_rows_of_one_length():
    tables = re.findall(r"(?:^\|.*\n)+", render.markdown(full()), re.MULTILINE)
    assert len(tables) > len(full().screens)
    for table in tables:
        cells = [len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()]
        assert len(set(cells)) == 1


def test_a_bar_in_a_name_does_not_end_a_cell():
    made = document(screen("s", arm("rest/a|b")))
    assert r"`rest/a\|b`" in render.markdown(made)


@pytest.mark.parametrize("has_link", [True, False])
def test_without_a_link_nothing_is_said_of_one(has_link):
    over = LinkResult(20.0, None, False, samples(21.0), 21.2e6, 21.1e6, 0.005)
    one = replace(arm("rest/fields"), links=[over] if has_link else [])
    (found,) = [each for each in contents(document(screen("page", one))) if each.id == "beyond"]
    (table,) = [each for each in found.blocks if isinstance(each, Table)]
    told = " ".join(each.text for each in found.blocks if isinstance(each, Paragraph))
    assert [name in table.columns for name in ("link", "measured", "error")] == [has_link] * 3
    assert ("Predicted:" in told, "Measured:" in told) == (has_link, has_link)
    assert "loads" in table.columns
    assert "Loads: the chance" in told
