"""The terminal's report: it fits any width, cuts no number, and says what matters first."""

from dataclasses import replace

import pytest

from client_examples.comparison.report import numbers
from client_examples.comparison.report.unsettled import unsettled
from client_examples.comparison.statistics import summarize
from tests.comparison import made_documents as made
from tests.comparison.report.made_load import under_load
from tests.comparison.report.rendered import full, printed

WIDTHS = (20, 40, 60, 80, 100, 200)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(width, verbose):
    document = full()
    text = printed(document, width, verbose=verbose)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for screen in document.screens:
        for arm in screen.arms:
            cell = numbers.median(arm.summary) if verbose else numbers.plus_minus(arm.summary)
            assert cell in text.replace("\N{NO-BREAK SPACE}", " ").replace("\n", " ") or width < 40


def row_of(text, arm):
    return next(line for line in text.splitlines() if line.startswith(arm))


def test_the_columns_that_may_be_left_out_go_first():
    wide, narrow = (printed(made.whole(), width, verbose=False) for width in (80, 60))
    assert "over-fetch" in wide
    assert "over-" not in narrow
    assert row_of(narrow, "rest/textbook").split()[1:3] == ["21", "21"]


def test_rows_are_stacked_where_no_table_fits():
    lines = printed(made.whole(), 40, verbose=False).splitlines()
    below = " ".join(lines[lines.index("rest/textbook") + 1 :][:3]).split(", ")
    told = [one.strip().replace("\N{NO-BREAK SPACE}", " ") for one in below]
    assert told[:2] == ["requests 21", "steps 21"]


def test_the_answer_is_the_last_section_and_minor_numbers_wait_for_verbose():
    brief, verbose = (printed(full(), 80, verbose=one) for one in (False, True))
    for word in ("floor share", "p95", "Break-even", "wire bytes: heads", "Beyond one machine"):
        assert (word in brief, word in verbose) == (False, True)
    assert brief.index("\nThe answer") > brief.index("storefront")
    assert "What this does not show" in brief[brief.index("\nThe answer") :]


def test_a_mark_is_explained_once_below_all_screens():
    noisy = [
        made.screen(name, made.arm("rest/fields", 1.0), made.arm("graphql/planned", 2.0))
        for name in ("a", "b")
    ]
    document = made.document(*map(with_noise, noisy))
    text = printed(document, 80, verbose=False)
    assert text.count("¹\N{NO-BREAK SPACE}Noisy") == 1
    assert row_of(text, "rest/fields").endswith("¹")
    assert "¹" not in row_of(text, "graphql/planned")


def test_the_marks_are_explained_below_the_screens_before_what_else_was_measured():
    lines = printed(under_load(), 80, verbose=False).splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith("¹\N{NO-BREAK SPACE}")]
    assert lines[at - 1].startswith("graphql/unbatched")
    assert lines[at + 2].startswith("Under load: order-history")


def with_noise(screen):
    """The first arm's times spread widely, by a percentage of its own."""
    first, *others = screen.arms
    taken = made.samples(1.0, spread=0.3, seed=screen.name)
    summary = summarize([one.elapsed_ns for one in taken])
    told = made.Caveat(f"{screen.name}/{first.name}", "median", f"It spreads: {summary.spread:.2%}")
    first = replace(first, samples=taken, summary=summary)
    return replace(screen, arms=[first, *others], doubts=[told])


@pytest.mark.parametrize(
    ("median", "low", "high", "text"),
    [
        (13.9e6, 13.8e6, 14.1e6, "13.9 ±0.2"),
        (0.753e6, 0.746e6, 0.760e6, "0.753 ±0.007"),
        (312e6, 311.9e6, 312.1e6, "312 ±<1"),
        (1.5e6, 1.5e6, 1.5e6, "1.50 ±0.00"),
    ],
)
def test_the_interval_is_told_by_how_far_it_reaches(median, low, high, text):
    summary = made.arm("rest/a").summary
    assert summary is not None
    changed = replace(summary, median_ns=median, median_low_ns=low, median_high_ns=high)
    assert numbers.plus_minus(changed) == text


def test_an_arm_s_main_part_is_told_with_the_screen():
    slow = made.arm("rest/naive", 86.0, 2)
    slow = replace(
        slow,
        exchanges=[
            made.exchange(0, 0, 0.0, 4.0, path="/tickets/1"),
            made.exchange(1, 1, 4.5, 85.5, path="/tickets/1/comments"),
        ],
    )
    text = " ".join(printed(made.document(made.screen("tickets", slow)), verbose=False).split())
    assert "rest/naive: 81.0 of 8" in text
    assert "ms are one call, `GET /tickets/1/comments`: that server's endpoint, not REST." in text


def test_what_is_open_is_told_with_what_would_settle_it():
    settled = made.document(
        made.screen("a", made.arm("rest/fields", 1.0), made.arm("graphql/planned", 2.0))
    )
    assert unsettled(settled) is None
    noisy = with_noise(replace(settled.screens[0], name="b"))
    found = unsettled(replace(settled, screens=[*settled.screens, noisy]))
    assert (found.reasons, found.again) == ("noisy: b", "--samples 300 --screen b")
    assert unsettled(replace(settled, complete=False)).reasons == "this run did not end"
    busy = replace(settled, environment=settled.environment | {"load_average": [2.1, 1, 1]})
    assert unsettled(busy).reasons == "the machine was busy"


def test_forty_screens_a_bandwidth_and_rest_alone_have_an_answer():
    many = [
        made.screen(f"s{n}", made.arm("rest/mine", 1.0 + n), made.arm("graphql/theirs", 1.0))
        for n in range(40)
    ]
    for document in (
        made.document(*many),
        made.document(*many, bandwidth_mbit=10.0),
        made.document(made.screen("s", made.arm("rest/a"), made.arm("rest/b", 3.0, 2))),
    ):
        for width in (40, 80):
            text = printed(document, width, verbose=False)
            assert "The answer" in text
            assert max(map(len, text.splitlines())) <= width


def test_a_screen_is_set_off_by_its_heading_and_with_verbose_by_an_empty_line_too():
    brief, verbose = (printed(made.whole(), verbose=one).splitlines() for one in (False, True))
    (at,) = [n for n, line in enumerate(brief) if line.startswith("book-list ────────  requests")]
    assert brief[at - 1].startswith("graphql/unbatched")
    (at,) = [n for n, line in enumerate(verbose) if line.startswith("book-list: ")]
    assert verbose[at - 1] == ""
