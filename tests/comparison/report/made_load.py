"""Results under load made by hand, for the reports."""

from dataclasses import replace

from client_examples.comparison.results.load_test import LoadArm, LoadScreen, LoadSettings, LoadStep
from tests.comparison.made_documents import document, history

SETTINGS = LoadSettings(
    bound_ms=100.0, step_s=5.0, most_s=90.0, users=200, processes=1, all_arms=False
)


def step(rate, p50_ms, p99_ms, **members):
    made = LoadStep(
        rate=rate,
        seconds=5.0,
        planned=int(5 * rate),
        arrivals=int(5 * rate),
        failed=0,
        unanswered=0,
        p50_ms=p50_ms,
        p99_ms=p99_ms,
        late_p99_ms=0.8,
        generator_busy=0.4,
        most_waiting=12,
        is_kept=p99_ms is not None and p99_ms < 100,
        generator_was_late=False,
    )
    return replace(made, **members)


def arm(name, highest, *steps, limit="server"):
    return LoadArm(name, f"How {name} loads it", list(steps), highest, limit)


def history_under_load():
    """REST's best is ahead; its textbook fails; GraphQL's best was ended by the generator."""
    late = {"generator_was_late": True, "late_p99_ms": 41.5}
    return LoadScreen(
        "order-history",
        "customer 1's orders",
        [
            arm(
                "rest/textbook", None,
                step(40.0, 12.0, None, failed=5, failure="HTTP_500: 500"),
                step(40.0, 14.0, None, failed=6, failure="HTTP_500: 500"),
            ),
            arm(
                "rest/fields", 1300.0,
                step(650.0, 3.0, 12.0), step(1300.0, 5.5, 61.0),
                step(1420.0, 88.0, 310.0, unanswered=7), step(1420.0, 80.0, 290.0, unanswered=3),
            ),
            arm("graphql/unbatched", 80.0, step(80.0, 9.0, 70.0), step(88.0, 30.0, 160.0)),
            arm(
                "graphql/planned", 900.0,
                step(900.0, 4.0, 33.0), step(990.0, 50.0, 140.0, **late), limit="generator",
            ),
        ],
    )  # fmt: skip


def under_load(*screens):
    """A document with the screens, or with that one."""
    made = document(history(), load=SETTINGS)
    return replace(made, load=list(screens) or [history_under_load()])
