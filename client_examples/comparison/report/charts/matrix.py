"""Screens by conditions, as a chart: coloured by the API that is ahead, with the ratio."""

import altair as alt

from client_examples.comparison.report.charts.common import Chart, Row, scale, values
from client_examples.comparison.report.sections.section import Matrix

_CELL = alt.Step(112)  # px
_ROW = alt.Step(30)  # px
_NAMES = {"REST": "rest", "GraphQL": "graphql"}


def matrix_chart(matrix: Matrix) -> Chart:
    """A coloured cell for each screen and condition, with its text."""
    rows: list[Row] = [
        {"screen": screen, "condition": heading, "ahead": cell.ahead, "text": cell.text}
        for screen, cells in matrix.rows
        for heading, cell in zip(matrix.headings, cells, strict=True)
    ]
    names = alt.Axis(title=None, labelColor="var(--ink)", labelFontSize=13, ticks=False,
                     domain=False, labelPadding=8, labelLimit=220)  # fmt: skip
    heads = names.copy()
    heads.orient, heads.labelAngle = "top", 0
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("screen:N", sort=[screen for screen, _ in matrix.rows], axis=names),
        x=alt.X("condition:N", sort=list(matrix.headings), axis=heads),
    )
    tints = {name: f"var(--{one}-tint)" for name, one in _NAMES.items()}
    inks = {name: f"var(--{one})" for name, one in _NAMES.items()}
    cells = base.mark_rect(stroke="var(--page)", strokeWidth=3, cornerRadius=4).encode(
        color=alt.Color(
            "ahead:N", legend=None, scale=scale({**tints, "tie": "var(--panel)", "": "var(--page)"})
        )
    )
    text = base.mark_text(fontSize=13, fontWeight="bold").encode(
        text="text:N",
        fill=alt.Fill(
            "ahead:N", legend=None, scale=scale({**inks, "tie": "var(--quiet)", "": "var(--ink)"})
        ),
    )
    made: Chart = alt.layer(cells, text).properties(width=_CELL, height=_ROW).to_dict()
    return {name: part for name, part in made.items() if name not in {"config", "$schema"}}
