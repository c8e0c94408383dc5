"""Documents made by hand, for the reports: known counts, and times around known medians."""

import random
from dataclasses import replace
from functools import lru_cache

from client_examples.comparison.results.caching import CachingPhase
from client_examples.comparison.results.counts import Counts, Exchange
from client_examples.comparison.results.document import (
    SCHEMA_VERSION,
    ArmResult,
    Document,
    ScreenResult,
    Settings,
)
from client_examples.comparison.results.judging.caveats import Caveat
from client_examples.comparison.results.resilience import FailureChance
from client_examples.comparison.results.timing import (
    BreakEven,
    FloorResult,
    LinkResult,
    Pair,
    Sample,
)
from client_examples.comparison.statistics import compare, median_resamples, summarize

RTTS = (0, 1, 20, 100, 300)
SETTINGS = Settings(
    rest_url="http://127.0.0.1:8000",
    graphql_url="http://127.0.0.1:8001",
    samples=60,
    warm_up=5,
    seed=1,
    at_once=6,
    garbage_collection="collected before each load, off during it",
    link_rtts_ms=[20.0],
    link_samples=5,
    bandwidth_mbit=None,
    cold=False,
    failure_rate=0.01,
    resilience=False,
    quick=False,
    floor_rest="http://127.0.0.1:8000/ping",
    floor_graphql="http://127.0.0.1:8001/ping",
    self_check=False,
    header_names=[],
)
ENVIRONMENT = {
    "python": "CPython 3.12.1",
    "system": "Linux 6.1 x86_64",
    "processors": 2,
    "load_average": [0.1, 0.2, 0.3],
    "packages": {"flask": "3.1.3", "strawberry-graphql": "0.341.2"},
    "revision": "0123456789ab",
}


def exchange(level=0, in_round=0, start_ms=0.0, end_ms=1.0, path="/books/1"):
    return Exchange(
        method="GET",
        path=path,
        status=200,
        level=level,
        round=in_round,
        start_ns=int(start_ms * 1e6),
        end_ns=int(end_ms * 1e6),
        repeatable=True,
        new_connection=False,
        connection_trips=0,
        sent_head_bytes=150,
        sent_body_bytes=0,
        received_head_bytes=260,
        received_body_bytes=250,
        server_timing_bytes=60,
        body_bytes=250,
        encoded_body_bytes=250,
        statements=1,
        db_ms=0.05,
        server_ms=0.3,
    )


def samples(median_ms, count=60, spread=0.03, seed=""):
    """Log-normal times around the median."""
    generator = random.Random(f"{median_ms}{seed}")
    times = [median_ms * generator.lognormvariate(0, spread) for _ in range(count)]
    return [Sample(index, int(time * 1e6), 0.1) for index, time in enumerate(times)]


def counts(requests=1, rounds=None, over_fetch=0.0, statements: int | None = 3):
    rounds = requests if rounds is None else rounds
    body = 250 * requests
    return Counts(
        requests=requests,
        rounds=rounds,
        depth=rounds,
        trips=rounds,
        new_connections=0,
        sent_head_bytes=150 * requests,
        sent_body_bytes=0,
        received_head_bytes=260 * requests,
        received_body_bytes=body,
        wire_bytes=410 * requests + body,
        server_timing_bytes=60 * requests,
        body_bytes=body,
        encoded_body_bytes=body,
        delivered_leaves=10 * requests,
        used_leaves=round(10 * requests * (1 - over_fetch)),
        over_fetch=over_fetch,
        delivered_leaf_bytes=200 * requests,
        used_leaf_bytes=round(200 * requests * (1 - over_fetch)),
        over_fetch_bytes=over_fetch,
        statements=statements,
        db_ms=None if statements is None else 0.05 * statements,
    )


def arm(name, median_ms=1.0, requests=1, rounds=None, timed=True, **counted):
    taken = samples(median_ms, seed=name) if timed else []
    summary = summarize([one.elapsed_ns for one in taken])
    told = counts(requests, rounds, **counted)
    step = median_ms / told.rounds
    at_once = -(-requests // told.rounds)
    exchanges = [
        exchange(n // at_once, n // at_once, step * (n // at_once), step * (n // at_once + 0.9))
        for n in range(requests)
    ]
    t0 = summary.median_ns / 1e6 if summary else 0.0
    predicted = {str(rtt): t0 + told.trips * rtt for rtt in RTTS} if summary else {}
    link = LinkResult(
        20.0, None, False, [], predicted["20"] * 1.02e6, predicted["20"] * 1e6, -0.02 / 1.02
    ) if summary else None  # fmt: skip
    return ArmResult(
        name=name,
        description=f"How {name} loads it",
        code_lines=7,
        counts=told,
        exchanges=exchanges,
        samples=taken,
        summary=summary,
        floor_share=told.rounds * 0.5 / t0 if summary else None,
        links=[link] if link else [],
        predicted_ms=predicted,
        failure=FailureChance(0.01, 0.99**requests, 0.9999**requests),
        resilience=[],
    )


@lru_cache(maxsize=512)  # the same few arms are compared in each document
def resampled(samples, seed):
    return median_resamples(samples, seed)


def pair(left, right):
    assert left.summary
    assert right.summary
    each = [resampled(tuple(s.elapsed_ns for s in one.samples), one.name) for one in (left, right)]
    fewest = min(len(one.samples) for one in (left, right))
    ratio = compare(left.summary.median_ns, right.summary.median_ns, *each, fewest)
    verdict = ratio.verdict
    slope = left.counts.trips - right.counts.trips
    ahead = (right.summary.median_ns - left.summary.median_ns) / 1e6
    if slope and ahead / slope > 0:
        names = (left.name, right.name) if slope > 0 else (right.name, left.name)
        at = ahead / slope
        even = BreakEven("at", at, at * 0.9, at * 1.1, *names)
    elif slope or verdict != "none":
        first = slope < 0 or (slope == 0 and verdict == "left")
        name = left.name if first else right.name
        even = BreakEven("always" if first else "never", None, None, None, name, name)
    else:
        even = BreakEven("level", None, None, None, None, None)
    return Pair(left.name, right.name, ratio.ratio, ratio.low, ratio.high, verdict, even)


def floor(api, median_ms=0.5):
    taken = samples(median_ms, seed=api)
    return FloorResult(f"floor/{api}", "/ping", taken, summarize([one.elapsed_ns for one in taken]))


def screen(name, *arms, doubts=(), shows="what it shows"):
    timed = [one for one in arms if one.summary]
    return ScreenResult(
        name=name,
        shows=shows,
        view={},
        warm_up_order=[],
        order=[],
        link_orders={},
        floors=[floor("rest"), floor("graphql")],
        arms=list(arms),
        pairs=[pair(a, b) for n, a in enumerate(timed) for b in timed[n + 1 :]],
        doubts=list(doubts),
    )


def document(*screens, doubts=(), complete=True, **settings):
    return Document(
        schema_version=SCHEMA_VERSION,
        began="2025-01-02T03:04:05+00:00",
        complete=complete,
        settings=replace(SETTINGS, **settings),
        environment=ENVIRONMENT,
        screens=list(screens),
        doubts=list(doubts),
        self_check=None,
    )


def history():
    """The six arms of a screen with N+1, with known medians."""
    return screen(
        "order-history",
        arm("rest/textbook", 14.0, 21, over_fetch=0.62, statements=26),
        arm("rest/parallel", 11.0, 21, 5, over_fetch=0.62, statements=26),
        arm("rest/batched", 2.4, 2, over_fetch=0.68, statements=3),
        arm("rest/fields", 1.4, 1, statements=4),
        arm("graphql/dataloader", 2.6, 1, statements=4),
        arm("graphql/unbatched", 4.1, 1, statements=22),
        doubts=[
            Caveat("order-history/rest/parallel", "median", "spread is 14% of the median"),
            Caveat("order-history", "p95", "60 samples: 3 lie beyond the 95th percentile"),
            Caveat("order-history", "", "statements are nearly free here"),
        ],
        shows="customer 1's orders with the items' book titles",
    )


def whole():
    """A document with screens where REST is ahead, GraphQL is, and neither is."""
    return document(
        history(),
        screen(
            "book-list",
            arm("rest/textbook", 1.5, over_fetch=0.78, statements=1),
            arm("rest/fields", 1.2, statements=1),
            arm("graphql/dataloader", 1.21, statements=1),
            arm("graphql/unbatched", 1.22, statements=1),
            shows="20 books, title and price",
        ),
        screen(
            "storefront",
            arm("rest/textbook", 4.0, 4, over_fetch=0.6),
            arm("rest/fields", 3.0, 6, 1),
            arm("graphql/dataloader", 2.0, 1),
            shows="a home page of several roots",
        ),
        doubts=[Caveat("run", "", "Client and servers share one machine.")],
    )


def visit(arm_name, phase, median_ms, *statuses, beside=None, bytes_=1000):
    """A phase of visits; `beside` is the same without a cache."""
    taken = samples(median_ms, 30, seed=f"{arm_name}{phase}")
    times = [one.elapsed_ns for one in taken]
    ratio = None
    if beside is not None:
        others = [one.elapsed_ns for one in beside.samples]
        medians = median_resamples(times, "cached"), median_resamples(others, "uncached")
        summaries = summarize(times), beside.summary
        ratio = compare(*(one.median_ns for one in summaries), *medians, len(taken))
    return CachingPhase(
        arm=arm_name,
        description=f"How {arm_name} keeps it",
        phase=phase,
        uncached=None if beside is None else beside.arm,
        statuses=list(statuses),
        counts=replace(counts(len(statuses)), wire_bytes=bytes_),
        samples=taken,
        summary=summarize(times),
        ratio=ratio,
    )


def visits():
    """Second visits that save bytes: by REST they take longer, by GraphQL as long."""
    cold, warm = (visit("rest/fields", phase, 1.2, 200, bytes_=2103) for phase in ("cold", "warm"))
    graphql = visit("graphql/dataloader", "cold", 1.2, 200, bytes_=2000)
    again = visit("graphql/dataloader", "warm", 1.2, 200, bytes_=2000)
    get = "graphql/persisted-get"
    return [
        visit(get, "first ever", 2.4, 200, 200, beside=graphql, bytes_=3456),
        cold,
        visit("rest/etag", "cold", 1.5, 200, beside=cold, bytes_=2103),
        graphql,
        visit(get, "cold", 1.5, 200, beside=graphql, bytes_=1900),
        warm,
        visit("rest/etag", "warm", 1.5, 304, beside=warm, bytes_=603),
        again,
        visit(get, "warm", 1.2, 304, beside=again, bytes_=700),
    ]
