"""Formats numbers, the same way in every report."""

from collections.abc import Sequence

from client_examples.comparison.statistics import Summary

NONE = "\N{EN DASH}"  # where a number is not known
_TO = "\N{EN DASH}"
_NS_PER_MS = 1e6


def milliseconds(value: float | None) -> str:
    """A time with three significant digits, or to the millisecond from 100 on."""
    if value is None:
        return NONE
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def from_nanoseconds(value: float | None) -> str:
    """Nanoseconds as milliseconds."""
    return milliseconds(None if value is None else value / _NS_PER_MS)


def interval(low: float, high: float) -> str:
    """An interval of nanoseconds as milliseconds."""
    return f"{from_nanoseconds(low)}{_TO}{from_nanoseconds(high)}"


def share(value: float | None) -> str:
    """A share from 0 to 1 in percent; one that is not zero never reads as 0%."""
    if value is None:
        return NONE
    return "<1%" if 0 < value < 0.005 else f"{value:.0%}"


def distance(value: float) -> str:
    """A break-even RTT in ms: two decimals, from 10 on as any time."""
    if 0 < value < 0.01:
        return "<0.01"
    return f"{value:.2f}" if 0 < value < 9.995 else milliseconds(value)


def distances(low: float | None, high: float | None) -> str:
    """The interval of a break-even RTT in brackets; nothing where it is not known."""
    if low is None or high is None:
        return ""
    return f" ({distance(low)}{_TO}{distance(high)})"


def signed_share(value: float | None) -> str:
    """A deviation in percent with one digit and its sign."""
    return NONE if value is None else f"{value:+.1%}".replace("-", "\N{MINUS SIGN}")


def chance(value: float) -> str:
    """A probability in percent with one decimal; only certainty reads as 100.0%."""
    if 0.9995 <= value < 1:
        return ">99.9%"
    return "100%" if value == 1 else f"{value:.1%}"


def ratio(value: float) -> str:
    """A ratio with two decimals; from 10 on with one."""
    return f"{value:,.1f}" if value >= 9.995 else f"{value:.2f}"


def ratios(low: float, high: float) -> str:
    """An interval of ratios."""
    return f"{ratio(low)}{_TO}{ratio(high)}"


def counted(number: int, noun: str) -> str:
    """`1 request`, `21 requests`, `2 entries`."""
    if number == 1:
        return f"1 {noun}"
    several = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {several}"


def times(number: int) -> str:
    """`once`, `3 times`."""
    return "once" if number == 1 else f"{number:,} times"


def mean(counts: Sequence[int]) -> str:
    """The mean of some counts, with one decimal unless it is a whole number."""
    if not counts:
        return NONE
    found = sum(counts) / len(counts)
    return f"{found:,.0f}" if found == int(found) else f"{found:,.1f}"


def whole(number: int | None) -> str:
    """A count with separators."""
    return NONE if number is None else f"{number:,}"


def rtt(value: float) -> str:
    """A round-trip time in milliseconds, without needless digits."""
    return f"{value:g} ms"


def span(low: str, high: str) -> str:
    """`1.2 to 3.4`, or `1.2` where both are the same."""
    return low if low == high else f"{low} to {high}"


def listed(names: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def median(summary: Summary | None) -> str:
    """A median in milliseconds with its interval."""
    if summary is None:
        return NONE
    within = interval(summary.median_low_ns, summary.median_high_ns)
    return f"{from_nanoseconds(summary.median_ns)} ({within})"


def plus_minus(summary: Summary | None) -> str:
    """A median in milliseconds and how far its interval reaches, such as `13.9 ±0.1`."""
    if summary is None:
        return NONE
    told = from_nanoseconds(summary.median_ns)
    digits = len(told.partition(".")[2])
    reach = max(
        summary.median_high_ns - summary.median_ns, summary.median_ns - summary.median_low_ns
    )
    reach_ms = f"{reach / _NS_PER_MS:,.{digits}f}"
    least = f"{10**-digits:.{digits}f}"
    return f"{told} ±{f'<{least}' if reach and not float(reach_ms.replace(',', '')) else reach_ms}"
