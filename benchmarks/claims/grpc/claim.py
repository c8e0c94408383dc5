"""Claim 13: gRPC is up to ten times faster than REST with JSON."""

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.claims.claim import Claim, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.grpc.results import (
    GRPC,
    NO_LINK,
    ArmFigures,
    Figure,
    GrpcResults,
    ScreenFigures,
)
from client_examples.comparison.report import numbers

CLAIMED = 10.0  # times
WORDS = "gRPC is up to ten times faster than REST with JSON"
SELECTING, TEXTBOOK, PLANNED = "rest/fields", "rest/textbook", "graphql/planned"
_SOURCE = Source(
    "Ruwan Fernando, Evaluating Performance of REST vs. gRPC",
    "https://medium.com/@EmperorRXF/evaluating-performance-of-rest-vs-grpc-1b8bdf0b22da",
    "about 7 times faster to receive and 10 times to send, for the data of its test",
)


def grpc_is_faster(found: GrpcResults) -> Claim:
    """By the time of each screen, with and without a link, beside the arms of REST."""
    return Claim(
        13,
        WORDS,
        _verdict(found, SELECTING),
        Usual(f"`{TEXTBOOK}`", _verdict(found, TEXTBOOK)),
        [_SOURCE],
        _why(found),
        Table(_header(found), [_row(screen, arm) for screen, arm in _each(found)], left=2),
        ".venv/bin/python -m benchmarks.claims --claim 13",
        f"gRPC in other languages. This is grpcio {found.packages['grpcio']} in Python with "
        f"protobuf {found.packages['protobuf']}, a call at a time over one open connection without "
        "TLS; its client is compiled, that of the other arms (requests) is not. Nor streams, nor "
        "browsers, which need a proxy to speak gRPC.",
    )


def _verdict(found: GrpcResults, arm: str) -> Verdict:
    """Whether an arm takes ten times as long as gRPC, on any screen, over any link."""
    reached = [
        screen.name
        for screen in found.screens
        if max(figure.times for figure in _arm(screen, arm).by_link.values()) >= CLAIMED
    ]
    named = numbers.listed([f"`{name}`" for name in reached])
    requests = numbers.listed(
        [
            numbers.counted(_arm(screen, arm).requests, "request")
            for screen in found.screens
            if screen.name in reached
        ]
    )
    return verdict_by(
        len(reached),
        len(found.screens),
        f"the screen is {named}, for which REST sends {requests} and gRPC one",
    )


def _why(found: GrpcResults) -> tuple[str, str, str]:
    far = f"{found.rtt_ms:g}"
    grpc, fields = _all(found, GRPC), _all(found, SELECTING)
    near_by = {name: arm.by_link[NO_LINK] for name, arm in fields.items()}
    far_away = {name: arm.by_link[far] for name, arm in fields.items()}
    near, distant = _beside(near_by), _beside(far_away)
    away = f"with {numbers.rtt(found.rtt_ms)} of round-trip time"
    by_time = f"One request with `fields` {near}; {away} it {distant}."
    if near == distant:
        by_time = f"One request with `fields` {near}, without a network and {away}."
    by_bytes = (
        f"It sends {_span(one.sent_bytes for one in fields.values())} bytes where gRPC sends "
        f"{_span(one.sent_bytes for one in grpc.values())}, and receives "
        f"{_span(one.received_bytes for one in fields.values())} with gzip where gRPC receives "
        f"{_span(one.received_bytes for one in grpc.values())} without."
    )
    of_fields, of_planned = (
        _beside({name: arm.cpu for name, arm in _all(found, one).items()})
        for one in (SELECTING, PLANNED)
    )
    by_processor = f"On the server's processors it {of_fields}, and planned GraphQL {of_planned}."
    return by_time, by_bytes, by_processor


def _header(found: GrpcResults) -> list[str]:
    far = numbers.rtt(found.rtt_ms)
    times = ["ms (to gRPC)", f"ms, {far} away", "processor ms"]
    return ["screen", "arm", "requests", "bytes up", "down", *times]


def _row(screen: ScreenFigures, arm: ArmFigures) -> list[str]:
    counts = [f"{count:,}" for count in (arm.requests, arm.sent_bytes, arm.received_bytes)]
    times = [_time(arm, figure) for figure in (*arm.by_link.values(), arm.cpu)]
    return [f"`{screen.name}`", f"`{arm.name}`", *counts, *times]


def _time(arm: ArmFigures, figure: Figure) -> str:
    """Milliseconds, and how many times gRPC's they are."""
    told = numbers.milliseconds(figure.median)
    if arm.name == GRPC:
        return told
    return f"{told} ({'tie' if figure.is_tie else numbers.ratio(figure.times)})"


def _each(found: GrpcResults) -> Iterator[tuple[ScreenFigures, ArmFigures]]:
    for screen in found.screens:
        for arm in screen.arms:
            yield screen, arm


def _arm(screen: ScreenFigures, name: str) -> ArmFigures:
    return next(arm for arm in screen.arms if arm.name == name)


def _all(found: GrpcResults, name: str) -> dict[str, ArmFigures]:
    """An arm of each screen, by the screens' names."""
    return {screen.name: _arm(screen, name) for screen in found.screens}


def _beside(figures: Mapping[str, Figure]) -> str:
    """`takes 1.33 to 1.5 times gRPC's time`, for those screens where it is no tie, by name."""
    differ = {name: one.times for name, one in figures.items() if not one.is_tie}
    if not differ:
        return "ties with gRPC"
    least, most = (numbers.ratio(of(differ.values())) for of in (min, max))
    takes = f"takes {numbers.span(least, most)} times gRPC's time"
    if len(differ) == len(figures):
        return takes
    some, ties = (
        numbers.listed([f"`{name}`" for name in figures if (name in differ) is differs])
        for differs in (True, False)
    )
    return f"{takes} for {some} and ties for {ties}"


def _span(counts: Iterable[int]) -> str:
    found = list(counts)
    return numbers.span(f"{min(found):,}", f"{max(found):,}")
