"""A picture of what size costs: time by the number of books, both on logarithmic scales."""

import altair as alt

from benchmarks.size.figures import Document, groups, typical
from client_examples.comparison.report.charts.common import Chart, Row, scale, values
from client_examples.comparison.report.charts.svg import svg

_COLOURS = (
    *("var(--rest)", "var(--graphql)", "var(--needed)", "var(--over-fetched)"),
    *("var(--asked)", "var(--rest-1)", "var(--graphql-1)", "var(--other)", "var(--ink)"),
)
_SHAPES = (
    *("circle", "square", "diamond", "triangle-up"),
    *("triangle-down", "triangle-right", "cross", "triangle-left", "stroke"),
)
_TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
_WIDTH, _HEIGHT = 300, 360  # px, of each of the two plots


def size_picture(measured: Document) -> str:
    """The SVG's text; equal results give equal text."""
    rows: list[Row] = [
        {
            "API": {"rest": "REST", "graphql": "GraphQL"}[api],
            "requests": group,
            "books": books,
            "ms": round(typical(kinds, "median_us", books) / 1_000, 4),
        }
        for (group, api), kinds in groups(measured).items()
        for books in measured["settings"]["sizes"]
    ]
    names = list(dict.fromkeys(row["requests"] for row in rows))
    base = alt.Chart(values(rows)).encode(
        x=_books_axis(measured["settings"]["sizes"]),
        y=_time_axis(),
        color=alt.Color("requests:N", sort=names, scale=_looks(names, _COLOURS)),
        shape=alt.Shape("requests:N", sort=names, scale=_looks(names, _SHAPES)),
    )
    lines = base.mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=60, filled=True, opacity=1))
    faceted = lines.properties(width=_WIDTH, height=_HEIGHT).facet(
        column=alt.Column(
            "API:N",
            sort=["REST", "GraphQL"],
            title=None,
            header=alt.Header(labelColor="var(--ink)", labelFontSize=13),
        )
    )
    chart: Chart = faceted.to_dict()
    return svg({
        **{name: part for name, part in chart.items() if name not in {"config", "$schema"}},
        "padding": 16,
        "title": {"text": "Time of a request by the size of the bookstore", "anchor": "start",
                  "fontSize": 15, "offset": 14, "color": "var(--ink)"},
    })  # fmt: skip


def _looks(names: list[str], looks: tuple[str, ...]) -> alt.Scale:
    return scale(dict(zip(names, looks, strict=False)))


def _books_axis(sizes: list[int]) -> alt.X:
    return alt.X(
        "books:Q",
        title="books",
        scale=alt.Scale(type="log", domain=[sizes[0], sizes[-1]], nice=False),
        axis=alt.Axis(values=sizes, format=",d"),
    )


def _time_axis() -> alt.Y:
    return alt.Y(
        "ms:Q",
        title="time of a request, ms (one client)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=_TICKS, format=",~r"),
    )
