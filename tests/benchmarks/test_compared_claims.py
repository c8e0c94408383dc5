"""Claims that are judged by the comparison's results: made-up ones turn each verdict over."""

from benchmarks.claims.claim import DOES_NOT_HOLD, HOLDS
from benchmarks.claims.compared.requests import fewer_requests, verdicts
from client_examples.comparison.report.numbers import NONE
from tests.comparison.made_documents import arm, document, screen


def requests(name: str, textbook: int, fields: int, graphql: int = 1):
    return screen(
        name,
        arm("rest/textbook", requests=textbook),
        arm("rest/fields", requests=fields),
        arm("graphql/dataloader", requests=graphql),
    )


def test_fewer_requests_holds_where_even_the_best_of_rest_needs_more() -> None:
    best, usual = verdicts(document(requests("a", 3, 2), requests("b", 4, 3)))
    assert (best, usual.verdict) == (HOLDS, HOLDS)


def test_fewer_requests_holds_if_rest_is_used_as_in_textbooks() -> None:
    best, usual = verdicts(document(requests("a", 3, 1), requests("b", 4, 3)))
    assert best.kind == "holds if"
    assert "GraphQL needs fewer only on `b`" in best.condition
    assert usual.verdict == HOLDS
    best, usual = verdicts(document(requests("a", 3, 1), requests("b", 1, 1)))
    assert "GraphQL needs fewer on no screen" in best.condition
    assert "(`a`)" in usual.verdict.condition


def test_fewer_requests_does_not_hold_where_rest_needs_no_more() -> None:
    best, usual = verdicts(document(requests("a", 1, 1), requests("b", 1, 1, graphql=2)))
    assert (best, usual.verdict) == (DOES_NOT_HOLD, DOES_NOT_HOLD)


def test_requests_are_told_with_their_steps() -> None:
    parallel = arm("rest/parallel", requests=9, rounds=2)
    found = fewer_requests(document(screen("a", parallel, arm("graphql/dataloader"))))
    assert list(found.table.rows) == [["`a`", NONE, "9 in 2", NONE, NONE, "1"]]
    assert "REST takes up to 9" in found.why[1]
