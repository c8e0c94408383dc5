"""The page that is rendered from a document: complete in itself, its charts and its words."""

import json
import re
from dataclasses import replace

from client_examples.comparison.analysis.regressions.budget import checked, for_each_arm
from client_examples.comparison.report import files as render
from client_examples.comparison.report.reproduce import commands
from client_examples.comparison.results.judging.caveats import Caveat
from client_examples.comparison.results.judging.regressions import Limit
from tests.comparison.made_documents import arm, document, history, screen, whole
from tests.comparison.report.rendered import full
from tests.comparison.report.rendered import page as page_of


def charts_of(page):
    (found,) = re.findall(r'<script type="application/json" id="charts">(.*?)</script>', page)
    return json.loads(found)["charts"]


def rows_of(chart, layer=None):
    """The data of a chart, or of one of its layers."""
    name = (chart if layer is None else chart["layer"][layer]).get("data", chart["data"])["name"]
    return chart["datasets"][name]


def test_the_page_is_small_and_names_nothing_to_load():
    page = page_of(full())
    assert len(page.encode()) < 2_000_000
    markup = re.sub(r'<script type="module">.*?</script>', "", page, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", markup)
    assert "@import" not in markup


def test_the_page_holds_the_library_once():
    assert page_of(full()).count("window.vegaEmbed=") == 1


def test_each_chart_has_its_place():
    page = page_of(full())
    charts = charts_of(page)
    assert set(charts) == set(re.findall(r'<div id="([^"]+)" class="plot">', page))
    assert len(charts) == 4 * len(full().screens)


def test_bars_of_bytes_add_up_to_the_bytes_on_the_wire():
    rows = rows_of(charts_of(page_of(full()))["order-history-bytes"])
    for one in history().arms:
        mine = [row for row in rows if row["arm"] == one.name]
        assert sum(row["size"] for row in mine) == one.counts.wire_bytes
        kinds = {row["kind"]: row["size"] for row in mine}
        assert kinds["instrument"] == one.counts.server_timing_bytes


def test_the_waterfall_has_every_exchange_in_a_row_of_its_own():
    (drawn,) = re.findall(r'id="screen-order-history">.*?<label', page_of(full()), re.DOTALL)
    labels = re.findall(r'<span class="label">(.*?)</span>', drawn)
    assert len(labels) == sum(one.counts.requests for one in history().arms)
    assert set(labels) == {"GET /books/1"}


def test_every_link_of_the_page_leads_somewhere_in_it():
    page = page_of(full())
    links = re.findall(r'href="#([^"]+)"', page)
    assert "screen-order-history/graphql/unbatched" in links
    assert set(links) <= set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'popovertarget="([^"]+)"', page)) <= set(
        re.findall(r'<div popover id="([^"]+)"', page)
    )


def test_an_id_of_the_page_stands_once():
    ids = re.findall(r' id="([^"]+)"', page_of(full()).partition("<script")[0])
    assert sorted(set(ids)) == sorted(ids)


def test_the_distance_of_the_answer_is_chosen_at_first():
    (chosen,) = re.findall(r'<input type="radio"[^>]* checked><label[^>]*>(.*?)</label>',
                           page_of(full()))  # fmt: skip
    assert chosen == "20 ms"


def test_a_cell_of_the_matrix_tells_its_arms_and_leads_to_a_table_of_them():
    page = page_of(full())
    assert re.search(r'<td class="tie in-2" title="\S+ 21\.\d ms, \S+ 21\.\d ms">tie</td>', page)
    assert '<a href="#summary">Screen by screen</a>' in page
    assert "GraphQL, typical" in page


def test_minor_columns_wait_until_they_are_asked_for():
    page = page_of(full())
    headings = {
        re.sub("<[^>]+>", "", text): classes
        for classes, text in re.findall(r'<th scope="col" class="([^"]*)">(.*?)</th>', page)
    }
    assert "spare" in headings["floor share"]
    assert "spare" in next(one for name, one in headings.items() if name.startswith("p95"))
    for name in ("requests", "steps", "wire bytes", "over-fetch", "SQL statements"):
        assert "spare" not in headings[name]


def test_break_evens_are_marked_where_the_lines_cross():
    chart = charts_of(page_of(full()))["order-history-rtt"]
    rings = next(rows for rows in chart["datasets"].values() if "break-even" in rows[0])
    evens = [p.break_even.rtt_ms for p in history().pairs if p.break_even.kind == "at"]
    assert {ring["rtt"] for ring in rings} <= set(evens)
    assert len(rings) == 2


def test_text_of_a_document_is_not_markup():
    doubt = Caveat("run", "", "</script><b>bold</b>")
    path = replace(arm("rest/a").exchanges[0], path="/</script><i>")
    hostile = replace(arm("rest/<b>a"), exchanges=[path])
    page = render.html(document(screen("s", hostile), doubts=[doubt]))
    assert "<b>bold" not in page
    assert "rest/<b>" not in page.split("<script")[0]
    assert page.count("</script>") == 3


def test_how_to_repeat_it_names_what_was_set():
    made = replace(whole(), settings=replace(whole().settings, seed=7, cold=True))
    page = render.html(made)
    assert "--seed 7 --samples 60 --rtt 20 --failure-rate 0.01 --cold" in page
    assert "./start_servers.sh --compare --seed" in page
    assert "git checkout 0123456789ab" in page


def test_other_ports_are_named_in_how_to_repeat_it():
    there = replace(whole().settings, rest_url="http://127.0.0.1:8311")
    command = commands(replace(whole(), settings=there))[-1]
    assert command.startswith("./start_servers.sh --compare --rest-port 8311 --seed 1")
    assert "port" not in commands(whole())[-1]


def test_servers_elsewhere_are_named_in_how_to_repeat_it():
    settings = replace(whole().settings, rest_url="https://192.0.2.1", header_names=["X-Key"])
    first, second = commands(replace(whole(), settings=settings))
    assert first.startswith("git checkout")
    assert second.startswith(".venv/bin/python client_examples/compare_apis.py --seed 1")
    assert "--rest-url https://192.0.2.1 --graphql-url http://127.0.0.1:8001" in second
    assert "--header 'X-Key: ...'" in second


def test_the_command_lets_the_sides_share_their_processors_only_where_they_did() -> None:
    def command(**environment: object) -> str:
        return commands(replace(whole(), environment=whole().environment | environment))[-1]

    assert "--no-affinity" in command(affinity=None)
    assert "--no-affinity" not in command(affinity={"servers": [0], "client": [1]})
    assert "--no-affinity" not in command()  # an older document does not tell


def test_a_budget_that_is_kept_waits_in_its_place():
    made = full()
    for most, is_first in ((0, True), (99, False)):
        limits = [Limit("order-history", "*", "requests", most)]
        arms = {"order-history": [one.name for one in history().arms]}
        judged = checked(for_each_arm(limits, arms), made, None)
        page = page_of(replace(made, budget=judged)).partition("<script")[0]
        assert (page.index('id="budget"') < page.index('id="answer"')) is is_first
        assert 'href="#budget"' in page
