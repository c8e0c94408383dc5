"""Colours, dashes and shapes: an arm looks the same in every chart, in light and in dark.

REST is blue and GraphQL orange, which stay apart for the colour-blind; the better an arm's
practice, the stronger its colour and the fuller its line. Charts name colours as the page's CSS
variables, so that one drawing serves light, dark and paper.
"""

from dataclasses import dataclass

# CSS variable: (light, dark)
COLOURS: dict[str, tuple[str, str]] = {
    "page": ("#ffffff", "#14171c"),
    "panel": ("#f6f7f9", "#1c2027"),
    "ink": ("#1b1f24", "#e8eaed"),
    "quiet": ("#5a636e", "#a0a8b3"),
    "line": ("#d9dde2", "#343a44"),
    "grid": ("#e9ecef", "#2a2f37"),
    "link": ("#0b4fae", "#8ab8ff"),
    "rest": ("#0b4fae", "#8ab8ff"),
    "rest-tint": ("#e3edfb", "#1a2c4a"),
    "graphql": ("#a63c00", "#ffab70"),
    "graphql-tint": ("#fdebdd", "#43260f"),
    "rest-1": ("#7fa3d1", "#5f84b8"),
    "rest-2": ("#5389cb", "#6d9de0"),
    "rest-3": ("#2f6cba", "#82b1f5"),
    "rest-4": ("#0b3f8f", "#b3d1ff"),
    "graphql-1": ("#e3954f", "#c07a3c"),
    "graphql-2": ("#b84300", "#ffb37d"),
    "other": ("#6b7280", "#9aa3af"),
    "needed": ("#0f7b62", "#3fb596"),
    "over-fetched": ("#e6b422", "#e0b030"),
    "asked": ("#8b6fc0", "#a98fe0"),
    "heads": ("#9aa3ad", "#6f7883"),
    "instrument": ("#d3d8dd", "#434a54"),
    "wait": ("#c9d3df", "#3a4452"),
}
# What the colours of bytes mean.
BYTES = {
    "needed": "values that the arm used",
    "over-fetched": "values that it did not need",
    "asked": "bodies of its requests",
    "heads": "heads of requests and answers",
    "instrument": "Server-Timing, the measurement's own",
}


@dataclass(frozen=True)
class Style:
    """How an arm is drawn: a CSS colour, a dash in pixels (on, off), a Vega shape."""

    colour: str
    dash: tuple[int, ...]
    shape: str


_STYLES = {
    "rest/textbook": Style("var(--rest-1)", (2, 3), "circle"),
    "rest/parallel": Style("var(--rest-2)", (6, 3), "square"),
    "rest/batched": Style("var(--rest-3)", (9, 3, 2, 3), "triangle-up"),
    "rest/fields": Style("var(--rest-4)", (1, 0), "diamond"),
    "graphql/unbatched": Style("var(--graphql-1)", (2, 3), "cross"),
    "graphql/dataloader": Style("var(--graphql-2)", (1, 0), "triangle-down"),
    "graphql/planned": Style("var(--graphql-2)", (6, 3), "triangle-right"),
}
_DASHES = ((1, 0), (6, 3), (2, 3), (9, 3, 2, 3))
_SHAPES = ("diamond", "triangle-right", "triangle-left", "circle", "square", "cross")


def style_of(arm: str, others: list[str]) -> Style:
    """The style of an arm; one that is not the bookstore's gets the next one of its API.

    Args:
        arm: its name.
        others: the arms of its screen that have no style of their own, itself among them.
    """
    if arm in _STYLES:
        return _STYLES[arm]
    index = others.index(arm)
    dash, shape = _DASHES[index % len(_DASHES)], _SHAPES[index % len(_SHAPES)]
    for api, shades in (("rest", 4), ("graphql", 2)):
        if arm.startswith(f"{api}/"):
            return Style(f"var(--{api}-{shades - index % shades})", dash, shape)
    return Style("var(--other)", dash, shape)


def styles(arms: list[str]) -> dict[str, Style]:
    """The styles of a screen's arms."""
    others = [arm for arm in arms if arm not in _STYLES]
    return {arm: style_of(arm, others) for arm in arms}


def css(dark: bool) -> str:
    """The variables of one scheme."""
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in COLOURS.items())
